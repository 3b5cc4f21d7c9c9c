/** The commands on what the version before incidents became events left behind. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { judgeFolderCase, readCaseFolder } from "../../evals/recorded/case-folder.ts";
import { OLD_HEAD } from "../contract/old-store.contract.ts";
import { runCliProcess } from "../support/cli-process.ts";
import { oldCaseFile, writeOldSqlite } from "../support/store-before-events.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-old-"));
  writeOldSqlite(join(folder, "store.db"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const opsagent = (...argv: string[]) =>
  runCliProcess(argv, { cwd: folder, variables: { OPSAGENT_STORE: `sqlite:${join(folder, "store.db")}` } });

describe("an old store", () => {
  it.each([
    [["incidents"], ["inc-open", "inc-waiting", "inc-lending", "inc-escalated  escalated", "inc-resolved"]],
    [["show", "inc-open"], ["Incident: open-service"]],
    [
      ["show", "inc-waiting"],
      ["waits for a person's approval until 07:34 UTC", "opsagent approve inc-waiting"],
    ],
    [["show", "inc-lending"], ["2 borrowed tasks go back at about 08:00 UTC"]],
    [["approvals"], ["inc-waiting"]],
    [
      ["rca", "inc-resolved"],
      ["# RCA: resolved-service", "A memory leak was cleared by restarting one task"],
    ],
    [["scorecard"], ["restart for memory-leak", "acted       1      1"]],
    [
      ["audit", "show", "inc-escalated"],
      ["incident-opened", "incident-closed"],
    ],
    [["export", "inc-escalated"], ['"kind": "opsagent-case"']],
  ])("answers `opsagent %s`", async (argv, parts) => {
    const { exit, stdout, stderr } = await opsagent(...argv);

    expect([exit, stderr]).toEqual([0, ""]);
    for (const part of parts) expect(stdout).toContain(part);
  });

  it("is told as sealed by no key: its chain is unbroken, and that is all that can be said", async () => {
    const { exit, stdout } = await opsagent("audit", "verify", "--head", OLD_HEAD);

    expect(exit).toBe(1);
    expect(stdout).toContain("The chain of entries is unbroken: 13 entries");
    expect(stdout).toContain("It contains the head");
    expect(stdout).toMatch(/opsagent audit seal/);
  });

  it("goes on: a word on an old incident is kept, and the chain is unbroken over old and new entries", async () => {
    const judged = await opsagent(
      "judge",
      "inc-escalated",
      "right",
      "--by",
      "bo",
      "--note",
      "ledger was down",
    );

    const [shown, verified, listed] = await Promise.all([
      opsagent("show", "inc-escalated", "--json"),
      opsagent("audit", "verify", "--head", OLD_HEAD),
      opsagent("incidents"),
    ]);

    expect([judged.exit, judged.stderr]).toEqual([0, ""]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ id: "inc-escalated", status: "escalated" });
    expect(verified.stdout).toContain("unbroken: 15 entries");
    expect(listed.stdout.split("\n").filter((line) => line.startsWith("inc-"))).toHaveLength(5);
  });
});

describe("an old case file", () => {
  it("is replayed to the decision that was made", async () => {
    const { exit, stdout } = await opsagent("replay", oldCaseFile);

    expect(exit).toBe(0);
    expect(stdout).toContain("The decision is the same.");
  });

  it("is judged by the evaluation", async () => {
    cpSync(oldCaseFile, join(folder, "cases", "old.json"));

    const cases = readCaseFolder(join(folder, "cases"));
    const verdicts = await Promise.all(cases.map((one) => judgeFolderCase(one)));

    expect(verdicts).toMatchObject([{ rightCause: true, rightAction: true, decision: { kind: "ask" } }]);
  });
});
