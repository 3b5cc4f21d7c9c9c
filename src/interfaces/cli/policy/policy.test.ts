import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACTING_LINE } from "../../../../test/samples/acting-policy.ts";
import { past } from "../../../../test/samples/facts.ts";
import { runCommand } from "../../../../test/support/command-line.ts";
import { createSqliteStore } from "../../../adapters/sqlite-store/sqlite-store.ts";
import { addPolicyCommands } from "./policy.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-policy-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (name: string) => join(folder, name);

function file(name: string, ...lines: string[]): string {
  writeFileSync(pathOf(name), lines.join("\n"));
  return pathOf(name);
}

/** With a store that is not there, unless the variables name another. */
const run = (argv: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  runCommand(addPolicyCommands, ["policy", ...argv], {
    OPSAGENT_STORE: `sqlite:${pathOf("none.db")}`,
    OPSAGENT_POLICY: "",
    OPSAGENT_MODE: "",
    ECS_CLUSTER: "",
    ...variables,
  });

const widest = (text: string) => Math.max(...text.split("\n").map((line) => line.length));

describe("policy check", () => {
  it("lists every problem with file, line, path and hint, in the order of the lines", async () => {
    const bad = file("bad.yaml", "limits:", "  maxTask: 3", "killSwitch: yes", "modes:", "  restart: atuo");

    const { exit, stdout } = await run(["check", bad]);

    expect(exit).toBe(1);
    expect(stdout.trimEnd().split("\n")).toEqual([
      `${bad}:2: limits.maxTask: Unknown key "maxTask" (did you mean "maxTasks"?)`,
      expect.stringMatching(/bad\.yaml:3: killSwitch: .*\(write true or false\)$/),
      expect.stringMatching(/bad\.yaml:5: modes\.restart: .*\(did you mean "auto"\?\)$/),
    ]);
  });

  it("says what a valid file permits, and that nothing is odd about it", async () => {
    const { exit, stdout } = await run([
      "check",
      file("good.yaml", "modes: { restart: auto, scale: approve }"),
    ]);

    expect(exit).toBe(0);
    expect(stdout).toMatch(/restart +acts by itself\n +scale +asks a person/);
    expect(stdout).toContain("No warnings.");
  });

  it("warns with the line, and takes the file as valid nevertheless", async () => {
    const odd = file("odd.yaml", "version: 1", "modes:", "  rollback: auto");

    const { exit, stdout } = await run(["check", odd], { OPSAGENT_MODE: "approve" });

    expect(exit).toBe(0);
    expect(stdout).toContain(`${odd}:3: modes.rollback: `);
    expect(stdout).toContain("OPSAGENT_MODE is approve");
  });

  it("is not kept from its work by the rest of the environment", async () => {
    const variables = { OPSAGENT_STORE: "nonsense", OPSAGENT_POLICY: pathOf("missing.yaml") };

    expect(await run(["check", file("good.yaml", "")], variables)).toMatchObject({ exit: 0, error: "" });
  });

  it("prints JSON", async () => {
    const invalid = await run(["check", file("bad.yaml", "limit: {}"), "--json"]);
    const valid = await run(["check", file("good.yaml", "killSwitch: true"), "--json"]);

    expect(JSON.parse(invalid.stdout)).toMatchObject({
      valid: false,
      problems: [{ line: 1, path: "limit", hint: 'did you mean "limits"?' }],
    });
    expect(JSON.parse(valid.stdout)).toMatchObject({
      valid: true,
      warnings: [{ line: 1, path: "killSwitch" }],
    });
  });

  it("calls a file that is not there a matter of usage", async () => {
    const { exit, error } = await run(["check", pathOf("missing.yaml")]);

    expect({ exit, error }).toEqual({
      exit: undefined,
      error: expect.stringMatching(/^config-invalid: .*missing\.yaml/),
    });
  });
});

describe("policy explain", () => {
  it("fits a terminal, names what decides and leaves no store behind", async () => {
    const policy = file("shop.yaml", "services:", "  shop:", "    modes:", "      restart: approve");

    const { exit, stdout } = await run(["explain", "--service", "shop", "--policy", policy]);

    expect(exit).toBe(0);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    expect(stdout).toContain("set by services.shop.modes.restart");
    expect(stdout).toMatch(/oom-kill +restart +asks \(1\) +mode/);
    expect(stdout).toContain("There is no store yet");
    expect(existsSync(pathOf("none.db"))).toBe(false);
  });

  it("knows the ceiling, the time and one cause", async () => {
    const policy = file(
      "freeze.yaml",
      ACTING_LINE,
      "freezes:",
      "  - {from: 2027-01-01T00:00:00Z, to: 2027-01-02T00:00:00Z}",
    );
    const at = (time: string) =>
      run(["explain", "--service", "shop", "--cause", "oom-kill", "--policy", policy, "--at", time], {
        OPSAGENT_MODE: "approve",
      });

    const frozen = await at("2027-01-01T01:00:00+01:00");
    const free = await at("2026-12-31T23:59:59Z");

    expect(frozen.stdout).toMatch(/restart +refuses +A freeze is in force until[^[]+\[freeze-window\]/);
    expect(free.stdout).toMatch(/restart +asks +restart needs a person's approval\. \[mode\]/);
    expect(free.stdout).toContain("OPSAGENT_MODE=approve, below modes.restart: auto");
    expect(free.stdout).toContain("The next freeze is from 2027-01-01T00:00:00Z");
  });

  describe("with a store", () => {
    const now = new Date().toISOString();
    let store: Readonly<Record<string, string>>;

    beforeAll(async () => {
      const path = pathOf("acted.db");
      const opened = createSqliteStore(path);
      await opened.recordAction(past({ at: now, cluster: "production", verified: true }));
      await opened.recordAction(
        past({ at: now, cluster: "production", service: "cart", incidentId: "inc-a" }),
      );
      await opened.recordAction(past({ at: now, cluster: "staging", service: "cart", incidentId: "inc-b" }));
      opened.close();
      store = { OPSAGENT_STORE: `sqlite:${path}`, OPSAGENT_POLICY: file("acting.yaml", ACTING_LINE) };
    });

    it("finds the cooldown and the cluster in what was done", async () => {
      const { stdout } = await run(["explain", "--service", "shop", "--json"], store);

      const explanation = JSON.parse(stdout);
      expect(explanation.target).toEqual({ cluster: "production", service: "shop" });
      expect(explanation.rules).toContainEqual(
        expect.objectContaining({ rule: "cooldown", outcome: "refuse" }),
      );
      expect(explanation.causes[0]).toMatchObject({ verdict: "refuses", rule: "cooldown" });
    });

    it("does not count what was done after the time asked for", async () => {
      const before = new Date(Date.parse(now) - 1000).toISOString();

      const { stdout } = await run(["explain", "--service", "shop", "--at", before, "--json"], store);

      expect(JSON.parse(stdout).causes[0]).toMatchObject({ verdict: "acts" });
    });

    it("asks which of two clusters is meant", async () => {
      const unclear = await run(["explain", "--service", "cart"], store);
      const told = await run(["explain", "--service", "cart", "--cluster", "staging"], store);

      expect(unclear).toMatchObject({ exit: undefined, error: expect.stringMatching(/production, staging/) });
      expect(told.stdout).toContain("cluster staging");
    });

    it("refuses where the store cannot be read", async () => {
      const broken = file("broken.db", "this is no database".repeat(100));

      const { exit, stdout } = await run(["explain", "--service", "shop", "--json"], {
        OPSAGENT_STORE: `sqlite:${broken}`,
      });

      expect(exit).toBe(0);
      expect(JSON.parse(stdout).causes[0]).toMatchObject({ verdict: "refuses", rule: "history" });
    });
  });

  it.each([
    ["no service", []],
    ["an unknown cause", ["--service", "shop", "--cause", "gremlins"]],
    ["a time that is none", ["--service", "shop", "--at", "tomorrow"]],
    ["a time without its offset", ["--service", "shop", "--at", "2026-12-24T00:00:00"]],
  ])("refuses %s", async (_, argv) => {
    const { exit, error } = await run(["explain", ...argv]);

    expect(exit).toBeUndefined();
    expect(error).toMatch(/^commander\./);
  });
});

describe("policy publish", () => {
  const store = () => ({ OPSAGENT_STORE: `sqlite:${pathOf("published.db")}` });
  const newest = async () => {
    const opened = createSqliteStore(pathOf("published.db"));
    const found = await opened.newestPolicy();
    opened.close();
    return found;
  };

  it("puts a valid file into the store, lists it, and withdraws it", async () => {
    const good = file("good.yaml", "killSwitch: true");

    const published = await run(["publish", good, "--by", "ann", "--why", "sale"], store());
    const kept = await newest();
    const [listed, shown] = [
      await run(["versions"], store()),
      await run(["versions", "--show", "1"], store()),
    ];
    const withdrawn = await run(["withdraw", "--by", "bob"], store());
    const again = await run(["withdraw", "--by", "bob"], store());

    expect([published.exit, withdrawn.exit, again.exit]).toEqual([0, 0, 0]);
    expect(published.stdout).toContain("Published as version 1");
    expect(kept).toMatchObject({ version: 1, by: "ann", why: "sale", policy: { killSwitch: true } });
    expect(listed.stdout).toMatch(/^1 .* by ann {2}\(in force; sale\)$/m);
    expect(JSON.parse(shown.stdout)).toMatchObject({ killSwitch: true });
    expect((await newest())?.policy).toBeUndefined();
    expect(again.stdout).toContain("nothing to withdraw");
  });

  it("is what is explained where no policy file is named, and so is a pause", async () => {
    const variables = { OPSAGENT_STORE: `sqlite:${pathOf("explained.db")}` };
    const explain = () => run(["explain", "--service", "shop", "--cause", "oom-kill"], variables);
    await run(["publish", file("kill.yaml", "killSwitch: true"), "--by", "ann"], variables);

    const published = await explain();
    const store = createSqliteStore(pathOf("explained.db"));
    await store.pause({ scope: { kind: "all" }, by: "ann", at: new Date().toISOString(), via: "cli" });
    store.close();
    const paused = await explain();

    expect(published.stdout).toContain("The kill switch is on. [kill-switch]");
    expect(paused.stdout).toMatch(/Paused by ann since [^[]*\[brake\]/);
  });

  it("never publishes an invalid file", async () => {
    const bad = file("bad-publish.yaml", "killSwitch: maybe");
    const before = await newest();

    const { exit, stdout } = await run(["publish", bad, "--by", "ann"], store());

    expect(exit).toBe(1);
    expect(stdout).toContain(`${bad}:1: killSwitch`);
    expect(stdout).toContain("Nothing was published.");
    expect(await newest()).toEqual(before);
  });
});
