import type { ActionLedger } from "../../domain/ports.ts";
import { keyPart } from "./keys.ts";
import type { Table } from "./table.ts";

/** One item for each claim, written where none is; it is never changed or removed. */
export function createClaims(table: Table): Pick<ActionLedger, "claim"> {
  return {
    claim: (key, at) => table.create({ pk: `claim#${keyPart(key)}`, sk: "claim", at }),
  };
}
