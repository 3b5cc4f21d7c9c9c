import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSqliteStore } from "../adapters/sqlite-store/sqlite-store.ts";
import { Policy } from "../domain/policy.ts";
import { readPolicy } from "./policy-file.ts";
import { createPolicySource } from "./policy-source.ts";

const now = () => new Date("2026-11-23T07:00:00.000Z");
const ON = "killSwitch: true\n";
const OFF = "killSwitch: false\n";

function recorded() {
  const logged: string[] = [];
  const log = (event: string, fields?: Record<string, unknown>) => {
    logged.push(`${event} ${JSON.stringify(fields ?? {})}`);
  };
  return { logged, logger: { info: log, warn: log, error: log } };
}

/** A policy file, and the source that follows it. */
function followFile(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-policy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "policy.yaml");
  writeFileSync(path, text);
  const { logged, logger } = recorded();
  let parsed = 0;
  const start = readPolicy(text);
  if (!start.ok) throw new Error("The test's policy is not valid.");
  const from = {
    path,
    read: () => readFile(path, "utf8"),
    parse: (content: string) => {
      parsed += 1;
      return readPolicy(content);
    },
  };
  const source = createPolicySource({ start: start.policy, from, now, logger });
  return { path, source, logged, parsed: () => parsed };
}

describe("a policy file", () => {
  it("is read again when its content changes, and parsed only then", async () => {
    const { path, source, parsed } = followFile(OFF);
    const before = await source.current();
    await source.current();

    writeFileSync(path, ON);
    const after = await source.current();
    await source.current();

    expect([before.policy.killSwitch, after.policy.killSwitch]).toEqual([false, true]);
    expect(after).toMatchObject({ origin: { kind: "file", path } });
    expect(parsed()).toBe(2);
  });

  it("is read again after another file was renamed over it", async () => {
    const { path, source } = followFile(OFF);
    await source.current();

    writeFileSync(`${path}.new`, ON);
    renameSync(`${path}.new`, path);

    expect((await source.current()).policy.killSwitch).toBe(true);
  });

  it("is read again where neither its time nor its size changed", async () => {
    const { path, source } = followFile("killSwitch: false");
    await source.current();
    const { atime, mtime, size } = statSync(path);

    writeFileSync(path, "killSwitch: true ");
    utimesSync(path, atime, mtime);

    expect(statSync(path).size).toBe(size);
    expect((await source.current()).policy.killSwitch).toBe(true);
  });

  it.each([
    ["turns invalid", (path: string) => writeFileSync(path, "killSwitch: maybe"), "write true or false"],
    ["is no YAML any more", (path: string) => writeFileSync(path, "killSwitch: ["), ":1"],
    ["is emptied", (path: string) => writeFileSync(path, "\n"), "it is empty"],
    ["vanishes", (path: string) => rmSync(path), "ENOENT"],
  ])(
    "that %s holds the last good one to observe, loudly and once, until it is valid again",
    async (_, damage, why) => {
      const text =
        "services: { shop: { modes: { restart: auto }, protected: true } }\nlimits: { maxTasks: 7 }\nmodes: { restart: auto }\n";
      const { path, source, logged } = followFile(text);
      await source.current();

      damage(path);
      const [damaged, still] = [await source.current(), await source.current()];
      writeFileSync(path, text);
      const mended = await source.current();

      const observe = { restart: "observe", scale: "observe", rollback: "observe" };
      expect(damaged.policy).toMatchObject({
        modes: observe,
        services: { shop: { modes: observe, protected: true } },
        limits: { maxTasks: 7 },
      });
      expect(damaged.problem).toContain(why);
      expect(damaged.problem).toMatch(/^The policy file .* cannot be used since 2026-11-23T07:00:00.000Z /);
      expect(still.problem).toBe(damaged.problem);
      expect(mended.problem).toBeUndefined();
      expect(mended.policy.modes.restart).toBe("auto");
      expect(logged.map((line) => line.split(" ")[0])).toEqual(["policy-unusable", "policy-usable-again"]);
    },
  );

  it("keeps what the last good one forbids while it is invalid", async () => {
    const { path, source } = followFile(OFF);
    writeFileSync(path, ON);
    await source.current();

    writeFileSync(path, "killSwitch: maybe");

    expect((await source.current()).policy.killSwitch).toBe(true);
  });

  it("that is being written is not taken for what its first half says", async () => {
    const { path, source } = followFile(ON);
    await source.current();

    writeFileSync(path, "version: 1\n");
    const reading = source.current();
    setTimeout(() => writeFileSync(path, `version: 1\n${ON}`), 10);

    expect((await reading).policy.killSwitch).toBe(true);
  });
});

describe("published policies", () => {
  const follow = () => {
    const store = createSqliteStore(":memory:");
    onTestFinished(() => store.close());
    const { logged, logger } = recorded();
    const start = Policy.parse({ limits: { maxTasks: 7 } });
    return { store, logged, source: createPolicySource({ start, from: store, now, logger }) };
  };
  const at = now().toISOString();

  it("count over the one of the start as soon as there is one, until it is withdrawn", async () => {
    const { store, source } = follow();
    const before = await source.current();

    await store.publishPolicy({ by: "ann", at, policy: { killSwitch: true } });
    const published = await source.current();
    await store.publishPolicy({ by: "ann", at });
    const withdrawn = await source.current();

    expect(before).toMatchObject({ policy: { limits: { maxTasks: 7 } }, origin: { kind: "start" } });
    expect(published).toMatchObject({
      policy: { killSwitch: true },
      origin: { kind: "published", version: 1, by: "ann" },
    });
    expect(withdrawn).toEqual(before);
  });

  it("of another version of OpsAgent that cannot be read hold the last good one to observe", async () => {
    const { store, source, logged } = follow();
    await source.current();

    await store.publishPolicy({ by: "ann", at, policy: { surprise: true } });
    const state = await source.current();

    expect(state.policy).toMatchObject({ modes: { restart: "observe" }, limits: { maxTasks: 7 } });
    expect(state.problem).toContain("surprise");
    expect(logged[0]).toContain("policy-unusable");
  });

  it("hold the last good one to observe while the store cannot be read", async () => {
    const { store, source } = follow();
    store.newestPolicy = async () => {
      throw new Error("the disk is gone");
    };

    const state = await source.current();

    expect(state.policy.modes.restart).toBe("observe");
    expect(state.problem).toContain("cannot be used since");
  });
});
