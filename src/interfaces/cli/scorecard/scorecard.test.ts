import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alarmRecord, restarted, wouldHaveRestarted } from "../../../../test/samples/scored.ts";
import { runCommand } from "../../../../test/support/command-line.ts";
import { keepRecord } from "../../../../test/support/keep-record.ts";
import { createSqliteStore } from "../../../adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { incidentsSince } from "../../../reporting/overview/scored-incidents.ts";
import { addScorecardCommands } from "./scorecard.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-scorecard-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (name: string, ...argv: string[]) =>
  runCommand(addScorecardCommands, argv, {
    OPSAGENT_STORE: `sqlite:${join(folder, name)}`,
    OPSAGENT_POLICY: "",
  });

async function storeWith(name: string, incidents: readonly Incident[]): Promise<string> {
  const store = createSqliteStore(join(folder, name));
  for (const incident of incidents) await keepRecord(store, incident);
  store.close();
  return name;
}

/** Long enough for any date of the samples. */
const EVER = ["--days", "36500"];

describe("scorecard", () => {
  const would = wouldHaveRestarted({ id: "inc-would" });
  const done = restarted("recovered", { id: "inc-done", cause: "hung-task", at: -300 });

  it("counts what is in the store and says what the count is worth", async () => {
    const store = await storeWith("some.db", [would, done, alarmRecord({ state: "OK", at: 5 })]);

    const { exit, stdout } = await run(store, "scorecard", ...EVER);

    expect(exit).toBe(0);
    expect(stdout).toContain("production/shop: restart for oom-kill: keep watching (1 of 20 cases known)");
    expect(stdout).toMatch(/would have +1 +0 +0 +1 +0 +0 to 79 %/);
    expect(stdout).toMatch(/acted +1 +1 +0 +0 +0 +21 to 100 %/);
    expect(stdout).toContain("evidence for an action, not proof");
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("says so when there is nothing to count", async () => {
    const store = await storeWith("old.db", [{ ...would, openedAt: "2020-01-01T00:00:00.000Z" }]);

    const { exit, stdout } = await run(store, "scorecard");

    expect(exit).toBe(0);
    expect(stdout).toContain("In 30 days nothing was done");
  });

  it("gives the reason of each case of one service", async () => {
    const store = await storeWith("reasons.db", [would, done, alarmRecord({ state: "OK", at: 5 })]);

    const { stdout } = await run(store, "scorecard", ...EVER, "--service", "shop");

    expect(stdout).toMatch(/- inc-would, would have acted: unneeded: OK again 5 min after/);
    expect(stdout).toMatch(/- inc-done, acted: right: it recovered/);
  });

  it("has each case with its reason in JSON, of one service where that is asked for", async () => {
    const store = await storeWith("json.db", [would]);

    const shop = await run(store, "scorecard", ...EVER, "--service", "shop", "--json");
    const cart = await run(store, "scorecard", ...EVER, "--service", "cart", "--json");

    expect(JSON.parse(shop.stdout)).toMatchObject({
      rows: [
        {
          service: "shop",
          cases: [{ incidentId: "inc-would", truth: "unknown", reason: expect.any(String) }],
        },
      ],
      caveat: expect.stringContaining("not proof"),
    });
    expect(JSON.parse(cart.stdout).rows).toEqual([]);
  });

  it.each(["0", "-1", "many", "1e9"])("refuses %s days", async (days) => {
    expect(await run("none.db", "scorecard", "--days", days)).toMatchObject({
      exit: undefined,
      error: expect.stringMatching(/^commander\./),
    });
  });
});

describe("judge", () => {
  it("keeps a person's word, which then counts", async () => {
    const store = await storeWith("judged.db", [wouldHaveRestarted({ id: "inc-1" })]);

    const first = await run(store, "judge", "inc-1", "right", "--by", "ana");
    const second = await run(
      store,
      "judge",
      "inc-1",
      "wrong",
      "--by",
      "ben",
      "--note",
      "it was the cache",
      "--json",
    );
    const { stdout } = await run(store, "scorecard", ...EVER, "--json");

    expect(first).toMatchObject({ exit: 0, stdout: "Noted: ana says right of inc-1.\n" });
    expect(JSON.parse(second.stdout)).toMatchObject({ incidentId: "inc-1", verdict: "wrong", by: "ben" });
    expect(JSON.parse(stdout).rows[0].cases[0]).toMatchObject({
      truth: "wrong",
      source: "person",
      reason: "ben said wrong: it was the cache",
    });
  });

  it("does not know incidents that are not there", async () => {
    const store = await storeWith("empty.db", []);

    const { exit, error } = await run(store, "judge", "inc-9", "right", "--by", "ana");

    expect(exit).toBeUndefined();
    expect(error).toMatch(/^config-invalid: .*inc-9/);
  });

  it("takes no other word", async () => {
    expect((await run("none.db", "judge", "inc-1", "maybe")).error).toMatch(/^commander\.invalidArgument/);
  });
});

describe("reading the store page by page", () => {
  it("loses none of many incidents, also where more than a page share a millisecond", async () => {
    const storm = Array.from({ length: 450 }, (_, index) =>
      alarmRecord({ id: `inc-storm-${index}`, at: 10 }),
    );
    const others = Array.from({ length: 450 }, (_, index) => alarmRecord({ id: `inc-${index}`, at: index }));
    const store = createSqliteStore(":memory:");
    for (const incident of [...storm, ...others]) await keepRecord(store, incident);

    const all = await incidentsSince(store, "2020-01-01T00:00:00.000Z");
    const late = await incidentsSince(store, others[400]?.openedAt ?? "");
    store.close();

    expect(new Set(all.map(({ id }) => id)).size).toBe(900);
    expect(all).toHaveLength(900);
    expect(late.map(({ id }) => id).sort()).toEqual(
      others
        .slice(400)
        .map(({ id }) => id)
        .sort(),
    );
  });
});
