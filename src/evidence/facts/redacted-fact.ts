import type { Fact } from "../../domain/evidence.ts";
import { textFor, valueFor } from "../../domain/exit.ts";

/** Identifiers by which a later stage finds what it acts on. AWS makes them, and no secret fits into them. */
const IDENTITIES: ReadonlySet<string> = new Set([
  "taskArn",
  "taskId",
  "taskIds",
  "taskDefinition",
  "id",
  "arn",
  "from",
  "to",
  "replaced",
  "rolledBackTo",
  "hookId",
  "externalId",
  "host",
]);

/** Redacts the fact's statement and every text of its data: reasons, images, commands. */
export function withRedactedTexts(fact: Fact): Fact {
  const data = Object.fromEntries(
    Object.entries(fact.data).map(([key, value]) => [
      key,
      IDENTITIES.has(key) ? value : Object.values(valueFor("store", { [key]: value }))[0],
    ]),
  );
  const statement: string = textFor("store", fact.statement);
  return { ...fact, statement, data } as Fact;
}
