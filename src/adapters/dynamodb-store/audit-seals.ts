import { fieldsFor } from "../../domain/exit.ts";
import { AuditSeal, unreadableSeal } from "../../domain/incident/audit-seal.ts";
import { recordToStore } from "../../domain/incident/stored-record.ts";
import { parseJson } from "../../domain/parse-json.ts";
import type { AuditTrail } from "../../domain/ports.ts";
import { textField } from "./decide.ts";
import type { Item, Table } from "./table.ts";

const LIST = "audit-seals";
const DEFAULT_LIMIT = 500;
const place = (seq: number) => ({ pk: LIST, sk: String(Math.max(0, seq)).padStart(12, "0") });

/** Seals of the trail: one item for each sealed entry, written where none is. */
export function createAuditSeals(table: Table): Pick<AuditTrail, "keepSeal" | "seals" | "newestSeal"> {
  return {
    keepSeal: async (seal) => {
      await table.create({
        ...place(seal.seq),
        record: recordToStore(AuditSeal, fieldsFor("store", seal, []), "seal"),
      });
    },

    seals: async ({ after, limit = DEFAULT_LIMIT } = {}) => {
      const wanted = Math.max(0, Math.trunc(limit));
      const seals: AuditSeal[] = [];
      if (wanted === 0) return seals;
      const range = after === undefined || after < 0 ? {} : { range: { after: place(after).sk } };
      for await (const item of table.query({
        pk: LIST,
        ...range,
        pageSize: Math.min(wanted, DEFAULT_LIMIT),
      })) {
        seals.push(sealOf(item));
        if (seals.length === wanted) break;
      }
      return seals;
    },

    newestSeal: async () => {
      for await (const item of table.query({ pk: LIST, newestFirst: true, pageSize: 1 })) return sealOf(item);
      return undefined;
    },
  };
}

/** It counts for the entry under whose number it is kept. */
function sealOf(item: Item): AuditSeal {
  const seal = AuditSeal.safeParse(parseJson(textField(item, "record")));
  const seq = Number(item.sk);
  return seal.success ? { ...seal.data, seq } : unreadableSeal(seq);
}
