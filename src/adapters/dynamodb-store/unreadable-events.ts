import { randomUUID } from "node:crypto";
import { textFor } from "../../domain/exit.ts";
import type { IncidentRecords } from "../../domain/ports.ts";
import { keyPart } from "./keys.ts";
import type { Table } from "./table.ts";

/** The attribute with the second (epoch) after which DynamoDB may delete an item; only junk has one. */
export const EXPIRY = "expiresAt";

/** Junk must not fill the table: the events nobody could read are kept for so long. */
const KEPT_DAYS = 30;

/** Characters kept of a text; SNS and Lambda bring at most 256 KB. Three bytes each, two texts: below an item's limit. */
const MAX_RAW = 100_000;
const MAX_PROBLEM = 10_000;

export function createUnreadableEvents(table: Table): Pick<IncidentRecords, "keepUnreadable"> {
  return {
    keepUnreadable: ({ at, raw, problem }) =>
      table.put({
        pk: "unreadable",
        sk: `${keyPart(at)}#${randomUUID()}`,
        at,
        raw: textFor("store", raw, MAX_RAW),
        problem: textFor("store", problem, MAX_PROBLEM),
        [EXPIRY]: Math.ceil(Date.now() / 1_000) + KEPT_DAYS * 24 * 60 * 60,
      }),
  };
}
