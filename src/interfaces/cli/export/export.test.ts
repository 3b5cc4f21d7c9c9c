import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { past } from "../../../../test/samples/facts.ts";
import { failedIncident } from "../../../../test/samples/incidents.ts";
import { judgedIncident } from "../../../../test/samples/judged-incident.ts";
import { ACME } from "../../../../test/samples/named-incident.ts";
import { runCommand } from "../../../../test/support/command-line.ts";
import { keepRecord } from "../../../../test/support/keep-record.ts";
import { createSqliteStore } from "../../../adapters/sqlite-store/sqlite-store.ts";
import { CaseFile } from "../../../domain/incident/case-file.ts";
import { addExportCommand } from "./export.ts";

const { id } = judgedIncident();
let folder: string;
let store: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-export-"));
  store = join(folder, "opsagent.db");
  const opened = createSqliteStore(store);
  await keepRecord(opened, judgedIncident());
  await keepRecord(opened, { ...failedIncident(), id: "inc-blind" });
  const { cluster, service } = ACME;
  await opened.recordAction(
    past({ cluster, service, incidentId: "inc-before", at: "2026-11-23T05:00:00.000Z" }),
  );
  opened.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (argv: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  runCommand(addExportCommand, ["export", ...argv], {
    OPSAGENT_STORE: `sqlite:${store}`,
    OPSAGENT_POLICY: "",
    OPSAGENT_MODE: "",
    ...variables,
  });

describe("export", () => {
  it("prints a case file without a name of the company", async () => {
    const { exit, stdout } = await run([id]);

    expect(exit).toBe(0);
    const file = CaseFile.parse(JSON.parse(stdout));
    expect(file).toMatchObject({ schemaVersion: "1", target: { service: "service-1" }, ceiling: "auto" });
    expect(file.truth).toBeUndefined();
    expect(file.history).toMatchObject([{ service: "service-1", at: "2026-11-23T05:00:00.000Z" }]);
    expect(stdout).not.toMatch(/acme|ledger|jane|481516234242/i);
  });

  it("writes it to a file with what it really was, and says where", async () => {
    const out = join(folder, "case.json");

    const { exit, stdout } = await run([id, "--out", out, "--truth", "bad-deploy"]);
    const asJson = await run([id, "--out", out, "--truth", "bad-deploy", "--json", "--force"]);

    expect({ exit, stdout }).toEqual({ exit: 0, stdout: `Written to ${out}\n` });
    expect(JSON.parse(asJson.stdout)).toEqual({ id, file: out, sameVerdict: true });
    expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ truth: { causes: ["bad-deploy"] } });
  });

  it("has the policy in force", async () => {
    const { stdout } = await run([id], { OPSAGENT_MODE: "observe" });

    expect(JSON.parse(stdout)).toMatchObject({
      ceiling: "observe",
      policy: { modes: { rollback: "observe" } },
    });
  });

  it("keeps the last log lines only when told to", async () => {
    const lines = ({ stdout }: { stdout: string }) =>
      CaseFile.parse(JSON.parse(stdout)).rounds[0]?.evidence.lastLines;

    expect(lines(await run([id]))).toEqual([]);
    expect(lines(await run([id, "--keep-logs"]))).toHaveLength(1);
  });

  it.each([
    ["an unknown incident", ["inc-9"], /^config-invalid: There is no incident "inc-9"/],
    ["one without evidence", ["inc-blind"], /^config-invalid: There is no evidence in the incident/],
    ["a file that cannot be written", [id, "--out", "/nowhere/case.json"], /^config-invalid: .*nowhere/],
    ["a cause that is none", [id, "--truth", "gremlins"], /^commander\./],
  ])("refuses %s", async (_, argv, error) => {
    expect(await run(argv)).toMatchObject({ exit: undefined, error: expect.stringMatching(error) });
  });

  it("makes no store where there is none", async () => {
    const none = join(folder, "none.db");

    const { error } = await run([id], { OPSAGENT_STORE: `sqlite:${none}` });

    expect(error).toMatch(/^config-invalid: There is no store yet/);
    expect(existsSync(none)).toBe(false);
  });
});
