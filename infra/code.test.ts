import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AssetCode } from "aws-cdk-lib/aws-lambda";
import { afterEach, beforeEach, expect, it } from "vitest";
import { HANDLERS, packCode } from "./code.ts";

let dist: string;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), "opsagent-dist-"));
  mkdirSync(join(dist, "chunks"));
  for (const file of [...HANDLERS, "single.mjs", "chunks/shared.mjs"]) writeFileSync(join(dist, file), "");
});
afterEach(() => rmSync(dist, { recursive: true, force: true }));

it("packs what is deployed, with the policy, and not the handler that runs without durable executions", () => {
  const code = packCode(dist, "version: 1\n");

  if (!(code instanceof AssetCode)) throw new Error("no asset");
  expect(readdirSync(code.path, { recursive: true }).toSorted()).toEqual(
    [...HANDLERS, "chunks", "chunks/shared.mjs", "policy.json"].toSorted(),
  );
});

it("says what to do where nothing was built", () => {
  rmSync(join(dist, "lambda.mjs"));

  expect(() => packCode(dist, "version: 1\n")).toThrow("lambda.mjs: npm run build writes them");
});
