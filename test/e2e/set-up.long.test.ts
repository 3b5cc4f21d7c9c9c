import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Checkout, makeCheckout } from "../support/checkout.ts";

/** The set-up that `npm start`, `npm test` and `./opsagent` do by themselves; npm itself is a stand-in. */

let base: string;
let checkout: Checkout;
const lock = () => join(checkout.folder, ".opsagent-setup.lock");

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "opsagent set-up "));
  checkout = makeCheckout(join(base, "my clone"));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe.skipIf(process.platform === "win32")("the set-up", () => {
  it("installs once, and runs the command where it was called, through a link too", async () => {
    const link = join(base, "opsagent");
    symlinkSync("my clone/opsagent", link);

    const first = await checkout.start(["show", "a b"], { command: link, cwd: tmpdir() }).result;
    const second = await checkout.start(["show", "a b"]).result;

    expect(first.exit).toBe(0);
    expect(JSON.parse(first.stdout)).toEqual({ argv: ["show", "a b"], cwd: tmpdir() });
    expect(second).toMatchObject({ exit: 0, stderr: "" });
    expect(checkout.npmRuns()).toEqual([
      expect.stringMatching(/^ci --ignore-scripts --omit=dev --omit=optional /),
    ]);
    expect(existsSync(lock())).toBe(false);
  });

  it("is done once when two are started at the same time", async () => {
    const runs = [checkout.start(["a"], { npmSeconds: 5 }), checkout.start(["b"], { npmSeconds: 5 })];
    const results = await Promise.all(runs.map(({ result }) => result));

    expect(results.map(({ exit }) => exit)).toEqual([0, 0]);
    expect(results.filter(({ stderr }) => stderr.includes("Waiting for another set-up"))).toHaveLength(1);
    expect(checkout.npmRuns()).toHaveLength(1);
  });

  it("does not wait for one that died", async () => {
    writeFileSync(lock(), "999999999");

    const { exit, stderr } = await checkout.start([]).result;

    expect(exit).toBe(0);
    expect(stderr).not.toContain("Waiting");
  });

  it("fetches Node 24 where the machine's is older", async () => {
    const first = await checkout.start(["x"], { oldNode: true }).result;
    const second = await checkout.start(["x"], { oldNode: true }).result;

    expect(first).toMatchObject({ exit: 0, stderr: expect.stringContaining("this machine has 20.1.0") });
    expect(second).toMatchObject({ exit: 0, stderr: "" });
    expect(checkout.npmRuns()).toEqual([
      expect.stringMatching(/^ci --ignore-scripts --prefix \.toolchain /),
      expect.stringMatching(/^ci --ignore-scripts --omit=dev /),
    ]);
    const node = Object.entries(checkout.nodeLock().packages).filter(([path]) => path !== "");
    expect(node).toEqual([
      [
        expect.stringMatching(/^node_modules\/node-/),
        { version: "24.21.0", integrity: expect.stringMatching(/^sha512-\S{88}$/) },
      ],
    ]);
  });

  it("says where it takes the registry's word, since no hash is kept for the platform", async () => {
    const { stderr } = await checkout.start(["x"], { oldNode: true, arch: "mips" }).result;

    expect(stderr).toContain("No hash of it is kept here for");
    expect(Object.values(checkout.nodeLock().packages)).toContainEqual({ version: "24.21.0" });
  });

  it("shows what npm said when it fails, and tries again the next time", async () => {
    const failed = await checkout.start([], { npmFails: true }).result;
    const again = await checkout.start([]).result;

    expect(failed).toMatchObject({ exit: 1, stdout: "" });
    expect(failed.stderr).toContain("npm says why");
    expect(failed.stderr).toContain("Check the connection to the npm registry");
    expect(again.exit).toBe(0);
  });

  it("survives Ctrl-C in the middle of the installation", async () => {
    const first = checkout.start([], { npmSeconds: 20 });
    while (checkout.npmRuns().length === 0) await sleep(10);
    if (first.process.pid !== undefined) process.kill(-first.process.pid, "SIGINT");
    const interrupted = await first.result;
    const lockLeft = existsSync(lock());
    const again = await checkout.start([]).result;

    expect(interrupted).toMatchObject({ exit: 130, stdout: "" });
    expect(lockLeft).toBe(false);
    expect(again.exit).toBe(0);
    expect(checkout.npmRuns()).toHaveLength(2);
  });
});
