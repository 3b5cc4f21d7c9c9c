import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACTING_LINE } from "../../../../test/samples/acting-policy.ts";
import { failedIncident } from "../../../../test/samples/incidents.ts";
import { approvedIncident, judgedIncident } from "../../../../test/samples/judged-incident.ts";
import { runCommand } from "../../../../test/support/command-line.ts";
import { keepRecord } from "../../../../test/support/keep-record.ts";
import {
  completion,
  goodAnswer,
  httpError,
  startModelServer,
} from "../../../../test/support/model-server.ts";
import { createSqliteStore } from "../../../adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { addExportCommand } from "../export/export.ts";
import { addReplayCommand } from "./replay.ts";

const recent = new Date(Date.now() - 3_600_000).toISOString();
const { id } = judgedIncident();
let folder: string;
let aws: Server;
let awsCalls = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-replay-"));
  aws = createServer((_, response) => {
    awsCalls += 1;
    response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
  await storeWith("one.db", [judgedIncident({ openedAt: recent })]);
  file("acting.yaml", ACTING_LINE);
});
afterAll(() => {
  aws.close();
  rmSync(folder, { recursive: true, force: true });
});

const pathOf = (name: string) => join(folder, name);

async function storeWith(name: string, incidents: readonly Incident[]): Promise<string> {
  const store = createSqliteStore(pathOf(name));
  for (const incident of incidents) await keepRecord(store, incident);
  store.close();
  return name;
}

function file(name: string, ...lines: string[]): string {
  writeFileSync(pathOf(name), lines.join("\n"));
  return pathOf(name);
}

const variables = (store: string): Record<string, string> => ({
  OPSAGENT_STORE: `sqlite:${pathOf(store)}`,
  OPSAGENT_POLICY: pathOf("acting.yaml"),
  OPSAGENT_MODE: "",
  OPSAGENT_DIAGNOSER: "",
  OPENROUTER_API_KEY: "",
  LLM_MODEL: "",
  AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
});

const run = (argv: readonly string[], store = "one.db", more: Readonly<Record<string, string>> = {}) =>
  runCommand(addReplayCommand, ["replay", ...argv], { ...variables(store), ...more });

/** Every row of every table. */
function rowsOf(store: string): unknown {
  const database = new DatabaseSync(pathOf(store), { readOnly: true });
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
  const rows = tables.map(({ name }) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]);
  database.close();
  return rows;
}

describe("replay of one incident", () => {
  it("ends with 0 and says so when the decision is the same", async () => {
    const { exit, stdout } = await run([id]);

    expect(exit).toBe(0);
    expect(stdout).toContain("The decision is the same.");
    expect(stdout).toMatch(/decision +ask +the same/);
  });

  it("ends with 3 and names the rules when another policy decides otherwise", async () => {
    const policy = file("auto.yaml", "modes:", "  rollback: auto");

    const { exit, stdout } = await run([id, "--policy", policy]);

    expect(exit).toBe(3);
    expect(stdout).toMatch(/decision +ask +act/);
    expect(stdout).toContain("mode: ask -> pass: rollback is on auto.");
    expect(stdout).toContain("The decision would be another one.");
  });

  it("prints JSON", async () => {
    const { stdout } = await run([id, "--json"]);

    expect(JSON.parse(stdout)).toMatchObject({
      id,
      outcome: "same",
      rounds: [{ before: { cause: "bad-deploy", decision: "ask" }, now: { cause: "bad-deploy" }, rules: [] }],
    });
  });

  it("calls nothing of AWS and writes nothing into the store", async () => {
    const before = rowsOf("one.db");

    await run([id, "--policy", file("auto.yaml", "modes:", "  rollback: auto")]);
    await run(["--all"]);

    expect(rowsOf("one.db")).toEqual(before);
    expect(awsCalls).toBe(0);
  });

  it("gives the usual error for a policy that is wrong", async () => {
    const { exit, error } = await run([id, "--policy", file("bad.yaml", "modes:", "  rollback: atuo")]);

    expect(exit).toBeUndefined();
    expect(error).toMatch(/^config-invalid: .*\n.*bad\.yaml:2: modes\.rollback: /);
  });

  it("asks the model that is named, and tells tokens and cost", async () => {
    const server = await startModelServer(
      completion(goodAnswer({ cause: "bad-deploy", action: "rollback", evidence: ["E2"] })),
    );
    const key = { OPENROUTER_API_KEY: "sk-test-0123456789", OPENROUTER_BASE_URL: server.url };

    const { exit, stdout } = await run([id, "--model", "test/model-1"], "one.db", key);
    await server.close();

    expect(exit).toBe(0);
    expect(server.requests[0]?.body.model).toBe("test/model-1");
    expect(stdout).toMatch(/model +- +test\/model-1\ntokens +- +1000 in, \d+ out\ncost +- +\$0\.0042/);
  });

  it("ends with 1 when the model fails, or has no key", async () => {
    const server = await startModelServer(httpError(402, "no credit"));
    const key = { OPENROUTER_API_KEY: "sk-test-0123456789", OPENROUTER_BASE_URL: server.url };

    const broke = await run([id, "--diagnoser", "model"], "one.db", key);
    await server.close();
    const keyless = await run([id, "--diagnoser", "model"]);

    expect(broke.exit).toBe(1);
    expect(broke.stdout).toContain("It could not be diagnosed again");
    expect(keyless.exit).toBe(1);
    expect(keyless.stdout).toContain("OPENROUTER_API_KEY is not set");
  });

  it("keeps a model's word unless a model is asked for", async () => {
    const { diagnosis } = judgedIncident();
    if (diagnosis === undefined) throw new Error("no diagnosis");
    const said = judgedIncident({ diagnosis: { ...diagnosis, confidence: 0.77, by: "model" } });
    await storeWith("model.db", [said]);

    const kept = await run([id, "--json"], "model.db");
    const byRules = await run([id, "--json", "--diagnoser", "rules"], "model.db");

    expect(JSON.parse(kept.stdout).rounds[0].now.stated).toBe(0.77);
    expect(JSON.parse(byRules.stdout).rounds[0].now.stated).toBe(diagnosis.confidence);
  });

  it("makes no store where there is none", async () => {
    expect((await run([id], "none.db")).error).toMatch(/^config-invalid: There is no store yet/);
    expect((await run(["--all"], "none.db")).error).toMatch(/^config-invalid: There is no store yet/);
    expect(existsSync(pathOf("none.db"))).toBe(false);
  });

  it.each([
    ["no incident", []],
    ["an incident and --all", [id, "--all"]],
    ["--days without --all", [id, "--days", "3"]],
    ["a model for the rules", [id, "--diagnoser", "rules", "--model", "x/y"]],
    ["an unknown incident", ["inc-9"]],
    ["a file that is not there", ["none.json"]],
  ])("calls %s a matter of usage", async (_, argv) => {
    expect(await run(argv)).toMatchObject({
      exit: undefined,
      error: expect.stringMatching(/^config-invalid: /),
    });
  });

  it.each([["0"], ["many"]])("refuses %s days", async (days) => {
    expect((await run(["--all", "--days", days])).error).toMatch(/^commander\./);
  });
});

describe("replay of a case file", () => {
  it("judges it by its own policy, or by another one, without any store", async () => {
    const path = pathOf("case.json");
    const stopped = {
      ...variables("one.db"),
      OPSAGENT_POLICY: file("stop.yaml", ACTING_LINE, "killSwitch: true"),
    };
    await runCommand(addExportCommand, ["export", id, "--out", path], stopped);

    const own = await run([path], "none.db");
    const other = await run([path, "--policy", pathOf("acting.yaml")], "none.db");

    expect(own).toMatchObject({ exit: 3, stdout: expect.stringContaining("kill-switch: pass -> refuse") });
    expect(other).toMatchObject({ exit: 0, stdout: expect.stringContaining("service-1 in cluster-1") });
    expect(existsSync(pathOf("none.db"))).toBe(false);
  });

  it("says what is wrong with a file that is none", async () => {
    const { error } = await run([file("odd.json", '{"kind": "opsagent-case", "schemaVersion": "7"}')]);

    expect(error).toMatch(/^config-invalid: The case file .*odd\.json" cannot be used: schemaVersion: /);
  });
});

describe("replay of all", () => {
  beforeAll(async () => {
    await storeWith("many.db", [
      judgedIncident({ id: "inc-a", openedAt: recent }),
      { ...approvedIncident(), id: "inc-b", openedAt: recent },
      judgedIncident({ id: "inc-old", openedAt: "2025-01-01T00:00:00.000Z" }),
      { ...failedIncident(), id: "inc-blind", openedAt: recent },
    ]);
  });

  it("says how many decisions would change, and which", async () => {
    const policy = file("auto.yaml", "modes:", "  rollback: auto");

    const same = await run(["--all"], "many.db");
    const other = await run(["--all", "--policy", policy], "many.db");

    expect(same).toMatchObject({ exit: 0, stdout: expect.stringContaining("0 of 2 decisions since ") });
    expect(same.stdout).toContain("Left out: 1 incidents in which nothing was looked into.");
    expect(other.exit).toBe(3);
    expect(other.stdout).toContain("2 of 2 decisions since ");
    expect(other.stdout).toMatch(/inc-a +acme-ledger: ask rollback for bad-deploy -> act\s+rollback/);
  });

  it("looks further back when told to, and prints JSON", async () => {
    const { stdout } = await run(["--all", "--days", "36500", "--json"], "many.db");

    expect(JSON.parse(stdout)).toMatchObject({ same: 3, different: 0, failed: 0, withoutEvidence: 1 });
  });
});
