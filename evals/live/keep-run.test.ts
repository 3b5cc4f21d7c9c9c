import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { keepRun } from "./keep-run.ts";

const root = mkdtempSync(join(tmpdir(), "kept-"));

afterEach(() => rmSync(root, { recursive: true, force: true }));

it("keeps the agent's folder, its log and the records, and nothing of an earlier try", () => {
  const site = mkdtempSync(join(root, "site-"));
  const folder = join(root, "evals", "oom-1");
  writeFileSync(join(site, "opsagent.db"), "store");

  keepRun(folder, { site, output: "first", records: { ledger: [], truth: {} } });
  keepRun(folder, { site, output: "second", records: { messages: ["hello"] } });

  expect(readdirSync(folder).sort()).toEqual(["agent", "agent.log", "messages.json"]);
  expect(readFileSync(join(folder, "agent", "opsagent.db"), "utf8")).toBe("store");
  expect(readFileSync(join(folder, "agent.log"), "utf8")).toBe("second");
  expect(JSON.parse(readFileSync(join(folder, "messages.json"), "utf8"))).toEqual(["hello"]);
});
