import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Cause } from "../domain/cause.ts";
import { PERMISSION_GUARDRAILS } from "./guardrails/permission-guardrails.ts";
import { SAFETY_GUARDRAILS } from "./guardrails/safety-guardrails.ts";
import { REMEDIES, remediesOf, remedyFor } from "./remedies.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

/** Names of rules as the code writes them: guardrails by `name`, everything else that reaches a trail by `rule`. */
function namesInCode(): Set<string> {
  const sources = [".", "guardrails"]
    .flatMap((folder) => readdirSync(new URL(folder, import.meta.url)).map((file) => `${folder}/${file}`))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => read(file));
  const written = sources.flatMap((source) =>
    [...source.matchAll(/\b(?:name|rule)(?::| =) "([a-z0-9-]+)"/g)].map(([, name = ""]) => name),
  );
  const booked = /type ReservationRule =([^;]+);/.exec(read("../domain/reservation.ts"))?.[1] ?? "";
  return new Set([...written, ...[...booked.matchAll(/"([a-z-]+)"/g)].map(([, name = ""]) => name)]);
}

/** The first column of every table. */
function namesInDocs(): Set<string> {
  const text = read("../../docs/guardrails.md");
  return new Set([...text.matchAll(/^\| `([a-z0-9-]+)`/gm)].map(([, name = ""]) => name));
}

it("finds the guardrails' names in the code, or it would compare nothing", () => {
  const guardrails = [...PERMISSION_GUARDRAILS, ...SAFETY_GUARDRAILS].map(({ name }) => name);

  expect([...namesInCode()]).toEqual(expect.arrayContaining([...guardrails, "superseded", "important-gaps"]));
});

it("has every rule in docs/guardrails.md, and none there that is not in the code", () => {
  expect([...namesInDocs()].toSorted()).toEqual([...namesInCode()].toSorted());
});

/** The rows of the table of remedies, as docs/guardrails.md has them; alike ones share a row. */
function remediesInCode(): string[] {
  const rows = new Map<string, string[]>();
  for (const cause of Object.keys(REMEDIES) as Cause[]) {
    for (const action of remediesOf(cause)) {
      const { at, only, unless } = remedyFor(cause, action) ?? { at: "most", only: [], unless: [] };
      const asked = at === "ask" ? ", always asked" : "";
      const names = (conditions: typeof only) => conditions.map(({ name }) => name).join(", ");
      const key = `${action}${asked} | ${names(only)} | ${names(unless)}`;
      rows.set(key, [...(rows.get(key) ?? []), cause]);
    }
  }
  return [...rows].map(([key, causes]) => `${causes.join(", ")} | ${key}`);
}

function conditionsInCode(): string[] {
  const all = (Object.keys(REMEDIES) as Cause[]).flatMap((cause) =>
    remediesOf(cause).flatMap((action) => {
      const remedy = remedyFor(cause, action);
      return remedy === undefined ? [] : [...remedy.only, ...remedy.unless];
    }),
  );
  return [...new Map(all.map(({ name, asks }) => [name, `${name} | ${asks}`])).values()];
}

/** The rows of the table under this head, without the padding. */
function rowsInDocs(head: string): string[] {
  const lines = read("../../docs/guardrails.md").split("\n");
  const start = lines.findIndex((line) => line.startsWith(head));
  const rows = lines.slice(
    start + 2,
    lines.findIndex((line, index) => index > start && !line.startsWith("|")),
  );
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim())
      .join(" | "),
  );
}

it("has the table of remedies in docs/guardrails.md, with what each condition asks", () => {
  expect(rowsInDocs("| cause ")).toEqual(remediesInCode());
  expect(rowsInDocs("| condition ")).toEqual(conditionsInCode());
});
