import { createHash } from "node:crypto";
import { fieldsFor } from "../../domain/exit.ts";
import { Judgement } from "../../domain/incident/judgement.ts";
import { recordToStore } from "../../domain/incident/stored-record.ts";
import type { Judgements } from "../../domain/ports.ts";
import { collected } from "./concurrently.ts";
import { jsonField } from "./decide.ts";
import { timePart } from "./keys.ts";
import type { Table } from "./table.ts";

const LIST = "judgements";

/** One item for each judgement, named by its time and content: said twice, it is there once. */
export function createJudgementList(table: Table): Judgements {
  return {
    judge: async (judgement) => {
      const kept = recordToStore(Judgement, fieldsFor("store", judgement, ["note"]), "judgement");
      const digest = createHash("sha256").update(kept).digest("hex");
      await table.put({ pk: LIST, sk: `${timePart(judgement.at)}#${digest}`, judgement: kept });
    },

    judgements: async () => {
      const items = await collected(table.query({ pk: LIST, newestFirst: true }));
      return items.map((item) =>
        jsonField(Judgement, item, "judgement", `The stored judgement ${item.sk} cannot be read`),
      );
    },
  };
}
