import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PERMISSION_GUARDRAILS } from "./guardrails/permission-guardrails.ts";
import { SAFETY_GUARDRAILS } from "./guardrails/safety-guardrails.ts";

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
