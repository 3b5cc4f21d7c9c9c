import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCliHere } from "../../../../test/support/command-line.ts";
import { createSqliteStore } from "../../../adapters/sqlite-store/sqlite-store.ts";
import { resumeCommand } from "./brake-commands.ts";

let folder: string;
const pathOf = (name: string) => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-brake-"));
  createSqliteStore(pathOf("opsagent.db")).close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (argv: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  runCliHere(argv, {
    OPSAGENT_STORE: `sqlite:${pathOf("opsagent.db")}`,
    OPSAGENT_POLICY: "",
    OPSAGENT_DIAGNOSER: "rules",
    ...variables,
  });

/** What every other process would read. */
async function inForce() {
  const store = createSqliteStore(pathOf("opsagent.db"));
  const pauses = await store.pauses(new Date().toISOString());
  store.close();
  return pauses;
}

describe("pause", () => {
  it("pauses everything under the name of this machine's user, and says for whom it counts", async () => {
    const { exit, stdout } = await run(["pause"]);

    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /^Paused by \S+ since \d\d:\d\d UTC, until somebody resumes\. Nothing is changed\. /,
    );
    expect(stdout).toContain(`every process that uses sqlite:${pathOf("opsagent.db")}`);
    expect(await inForce()).toMatchObject([{ scope: { kind: "all" }, via: "cli" }]);
  });

  it("takes a service, a time, a reason and a name, and seals them in the audit trail", async () => {
    const began = Date.now();

    const { exit, stdout } = await run([
      ...["pause", "--service", "shop", "--cluster", "prod", "--for", "90m"],
      ...["--why", "database move", "--by", "ann", "--json"],
    ]);
    const trail = await run(["audit", "show", "brake"]);

    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "paused", state: { pauses: [{ by: "ann" }] } });
    const [pause] = await inForce();
    expect(pause).toMatchObject({ scope: { service: "shop", cluster: "prod" }, why: "database move" });
    expect(Date.parse(pause?.until ?? "") - began).toBeGreaterThanOrEqual(90 * 60_000);
    expect(Date.parse(pause?.until ?? "") - began).toBeLessThan(91 * 60_000);
    expect(trail.stdout).toContain("ann paused shop of the cluster prod through the command line");
  });

  it("works while the policy file cannot be used", async () => {
    writeFileSync(pathOf("broken.yaml"), "modus: auto\n");

    const { exit } = await run(["pause"], { OPSAGENT_POLICY: pathOf("broken.yaml") });

    expect(exit).toBe(0);
    expect(await inForce()).toHaveLength(1);
  });

  it("is for everybody who can use the store, also where nobody may answer", async () => {
    writeFileSync(pathOf("nobody.yaml"), "approvals: { cliUsers: [] }\n");

    expect((await run(["pause"], { OPSAGENT_POLICY: pathOf("nobody.yaml") })).exit).toBe(0);
  });

  it.each([
    ["no unit", ["--for", "2"]],
    ["another unit", ["--for", "2w"]],
    ["nothing", ["--for", "0h"]],
    ["less than nothing", ["--for", "-2h"]],
    ["more than a year", ["--for", "400d"]],
    ["an empty reason", ["--why", " "]],
    ["a reason beyond all bounds", ["--why", "x".repeat(501)]],
    ["a cluster alone", ["--cluster", "prod"]],
    ["an empty service", ["--service", " "]],
  ])("refuses %s with 2, and pauses nothing", async (_, flags) => {
    const { exit, stdout, stderr } = await run(["pause", ...flags]);

    expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
    expect(stderr).not.toBe("");
    expect(await inForce()).toEqual([]);
  });

  it("shows nothing of a name or a reason that could move the cursor", async () => {
    const { stdout } = await run(["pause", "--by", "ann\u001b[2A", "--why", "a\nb\u001b[31m"]);

    expect(stdout).not.toContain("\u001b");
    expect(stdout.trimEnd()).not.toContain("\n");
  });
});

describe("resume", () => {
  it("ends the pause, says by whom, and lists what still holds", async () => {
    await run(["pause"]);
    await run(["pause", "--service", "shop", "--by", "bob"]);

    const { exit, stdout } = await run(["resume", "--yes", "--by", "ann"]);

    expect(exit).toBe(0);
    expect(stdout).toContain("The pause of everything was ended by ann.");
    expect(stdout).toContain("shop is paused by bob");
    expect(await inForce()).toMatchObject([{ scope: { service: "shop" } }]);
  });

  it("ends the pauses of a service in every cluster where none is named", async () => {
    await run(["pause", "--service", "shop", "--cluster", "one"]);
    await run(["pause", "--service", "shop", "--cluster", "two"]);
    await run(["pause", "--service", "cart"]);

    const { exit } = await run(["resume", "--service", "shop", "--yes"]);

    expect(exit).toBe(0);
    expect(await inForce()).toMatchObject([{ scope: { service: "cart" } }]);
  });

  it("says with 1 that there is no such pause, and what there is", async () => {
    await run(["pause", "--service", "shop", "--by", "bob"]);

    const { exit, stdout, stderr } = await run(["resume", "--yes"]);

    expect({ exit, stdout }).toEqual({ exit: 1, stdout: "" });
    expect(stderr).toContain("There is no pause of everything. shop is paused by bob");
  });

  it("needs --yes without a terminal, and names the command that it used to be", async () => {
    await run(["pause"]);

    const { exit, stderr } = await run(["resume"]);

    expect(exit).toBe(2);
    expect(stderr).toContain("`opsagent continue`");
    expect(await inForce()).toHaveLength(1);
  });

  it("asks on a terminal, after it has shown what is paused", async () => {
    await run(["pause", "--why", "database move"]);
    vi.stubEnv("OPSAGENT_STORE", `sqlite:${pathOf("opsagent.db")}`);
    let shown = "";
    const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      shown += String(text);
      return true;
    });

    const exit = await resumeCommand({}, async () => false);

    spy.mockRestore();
    vi.unstubAllEnvs();
    expect(exit).toBe(1);
    expect(shown).toContain("database move");
    expect(await inForce()).toHaveLength(1);
  });

  it("refuses who is not on the policy's list", async () => {
    await run(["pause"]);
    writeFileSync(pathOf("people.yaml"), "approvals: { cliUsers: [ann] }\n");
    const policy = { OPSAGENT_POLICY: pathOf("people.yaml") };

    const bob = await run(["resume", "--yes", "--by", "bob"], policy);
    const ann = await run(["resume", "--yes", "--by", "ann"], policy);

    expect(bob).toMatchObject({ exit: 1, stderr: expect.stringContaining("bob may not resume OpsAgent") });
    expect(ann.exit).toBe(0);
  });
});

describe("pauses", () => {
  it("says that nothing is paused, and where it looked", async () => {
    expect(await run(["pauses"])).toMatchObject({
      exit: 0,
      stdout: `Nothing is paused in sqlite:${pathOf("opsagent.db")}.\n`,
    });
  });

  it("lists what is in force, as text and as JSON", async () => {
    await run(["pause", "--by", "ann", "--why", "database move"]);

    const text = await run(["pauses"]);
    const json = await run(["pauses", "--json"]);

    expect(text.stdout).toMatch(/^Paused by ann since .*: database move\. Nothing is changed\.\n$/);
    expect(JSON.parse(json.stdout)).toMatchObject({
      pauses: [{ by: "ann", scope: { kind: "all" } }],
      says: [expect.stringContaining("Paused by ann")],
    });
  });
});

it.each([["pause"], ["pauses"], ["resume", "--yes"]])(
  "where there is no store `%s` makes none, since no OpsAgent would read it",
  async (...argv) => {
    const { exit, stderr } = await run(argv, { OPSAGENT_STORE: `sqlite:${pathOf("other.db")}` });

    expect(exit).toBe(2);
    expect(stderr).toContain(`There is no store sqlite:${pathOf("other.db")} yet`);
    expect(existsSync(pathOf("other.db"))).toBe(false);
  },
);
