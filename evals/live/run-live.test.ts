import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { aRun } from "../report/sample-runs.ts";
import type { AgentUnderTest } from "./agent.ts";
import { createLoadWatch, loadOf } from "./machine-load.ts";
import { type LiveJob, type LiveOptions, type LiveResult, runLive } from "./run-live.ts";
import { SetUpError } from "./set-up-error.ts";

const agent: AgentUnderTest = { name: "none", start: () => Promise.reject(new Error("not started here")) };
const calm = loadOf([{ at: 0, maxMs: 5, meanMs: 1 }], 0.1);
const starved = loadOf([{ at: 0, maxMs: 9000, meanMs: 900 }], 0.1);

/** Runs with `outcome` in place of sandbox and agent; keeps the order of what was run. */
async function running(
  outcome: (job: LiveJob) => Partial<Parameters<typeof aRun>[0]> | Error,
  change: Partial<LiveOptions> = {},
) {
  const order: string[] = [];
  const told: LiveResult["kind"][] = [];
  let now = 0;
  let most = 0;
  const results = await runLive({
    faults: ["a", "b", "c"],
    repeat: 1,
    jobs: 2,
    agent,
    signal: new AbortController().signal,
    staggerMs: 0,
    onRun: (result) => told.push(result.kind),
    run: async (job) => {
      order.push(`${job.fault}${job.run}.${job.attempt}`);
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      const what = outcome(job);
      if (what instanceof Error) throw what;
      return { run: aRun({ case: job.fault, run: job.run, load: calm, ...what }), output: "" };
    },
    ...change,
  });
  return { results, order, told, most };
}

describe("the live library", () => {
  it("runs every fault as often as asked, so many at a time and no more", async () => {
    const { results, order, most } = await running(() => ({}), { repeat: 3 });

    expect(order).toHaveLength(9);
    expect(most).toBe(2);
    expect(results.runs).toHaveLength(9);
    expect(results.complete).toBe(true);
  });

  it("repeats a starved run once at the end, whether it was right or wrong, and lets the second count", async () => {
    const { results, order } = await running(({ fault, attempt }) =>
      fault === "c"
        ? {}
        : { load: attempt === 1 ? starved : calm, right: attempt === 2 ? fault === "a" : true },
    );

    expect(order.slice(-2).sort()).toEqual(["a1.2", "b1.2"]);
    expect(results.runs.map((run) => [run.case, run.attempts, run.right]).sort()).toEqual([
      ["a", 2, true],
      ["b", 2, false],
      ["c", 1, true],
    ]);
  });

  it("keeps what is starved twice, marked", async () => {
    const { results, order } = await running(() => ({ load: starved }), { faults: ["a"] });

    expect(order).toEqual(["a1.1", "a1.2"]);
    expect(results.runs[0]?.load?.starved).toBe(true);
  });

  it("tells a set-up that fails twice apart from wrong answers, with its kind", async () => {
    const { results, told } = await running(({ fault }) =>
      fault === "b" ? new SetUpError("alarm-never-fired", "No alarm came.") : {},
    );

    expect(told.filter((kind) => kind !== "judged")).toEqual(["again", "set-up-failed"]);
    expect(results.runs.map((run) => run.case).sort()).toEqual(["a", "c"]);
    expect(results.setUpFailures).toEqual([
      { case: "b", group: "live", run: 1, kind: "alarm-never-fired", message: "No alarm came.", attempts: 2 },
    ]);
    expect(results.complete).toBe(true);
  });

  it("stops when interrupted, and says that not all was run", async () => {
    const interrupt = new AbortController();

    const { results } = await running(
      () => {
        interrupt.abort();
        return {};
      },
      { jobs: 1, signal: interrupt.signal },
    );

    expect(results.runs).toHaveLength(1);
    expect(results.complete).toBe(false);
  });
});

describe("the machine", () => {
  const quiet = Array.from({ length: 20 }, (_, at) => ({ at, maxMs: 40, meanMs: 4 }));

  it.each([
    ["calm", quiet, 0.1, false],
    ["calm, on a system that does not tell of waiting", quiet, undefined, false],
    ["that stood still once for a metric's half", [...quiet, { at: 20, maxMs: 2600, meanMs: 9 }], 0.1, true],
    ["often slow", quiet.map((second, index) => (index % 5 ? second : { ...second, maxMs: 700 })), 0.1, true],
    ["slow once", [...quiet, { at: 20, maxMs: 700, meanMs: 9 }], 0.1, false],
    ["whose processors others have", quiet, 0.6, true],
    ["of which nothing was measured", [], undefined, false],
  ])("%s", (_name, seconds, waitShare, isStarved) => {
    expect(loadOf(seconds, waitShare).starved).toBe(isStarved);
  });

  it("is measured where a real process stands still", async () => {
    const block = "setTimeout(() => { const end = Date.now() + 900; while (Date.now() < end); }, 100);";
    const watch = createLoadWatch();
    const child = spawn(
      process.execPath,
      [
        "--import",
        join(import.meta.dirname, "loop-monitor.ts"),
        "-e",
        `${block} setTimeout(() => {}, 2600);`,
      ],
      { stdio: ["ignore", "ignore", "inherit", "pipe"] },
    );
    watch.begin([child.pid]);
    createInterface({ input: child.stdio[3] as Readable }).on("line", watch.onLine);

    await once(child, "close");
    const load = watch.end();

    expect(load.loopDelayMaxMs).toBeGreaterThan(500);
    expect(load.slowSeconds).toBeGreaterThan(0);
    expect(load.starved).toBe(true);
  });

  it.skipIf(process.platform !== "linux")("says how long a process waited for a processor", () => {
    const watch = createLoadWatch();
    watch.begin([process.pid]);

    const { waitShare } = watch.end();

    expect(waitShare).toBeGreaterThanOrEqual(0);
  });
});
