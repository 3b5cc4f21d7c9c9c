/** Runs the whole library, several faults at a time. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CaseRun, SetUpFailure } from "../report/eval-report.ts";
import type { AgentUnderTest } from "./agent.ts";
import { type LiveRun, runCase } from "./run-case.ts";
import { SetUpError } from "./set-up-error.ts";

export interface LiveOptions {
  readonly faults: readonly string[];
  readonly repeat: number;
  readonly jobs: number;
  readonly agent: AgentUnderTest;
  readonly signal: AbortSignal;
  /** Gets a folder for each wrong run. */
  readonly keepIn?: string;
  readonly onRun: (result: LiveResult, job: LiveJob, done: number, all: number) => void;
  /** For tests. */
  readonly run?: (job: LiveJob) => Promise<LiveRun>;
  readonly staggerMs?: number;
}

export interface LiveJob {
  readonly fault: string;
  readonly run: number;
  readonly attempt: number;
}

export type LiveResult =
  | { readonly kind: "judged"; readonly run: CaseRun; readonly output: string; readonly kept?: string }
  | { readonly kind: "set-up-failed"; readonly failure: SetUpFailure }
  /** Starved or not set up: it is not counted and runs once more at the end, alone. */
  | { readonly kind: "again"; readonly why: string };

export interface LiveResults {
  readonly runs: readonly CaseRun[];
  readonly setUpFailures: readonly SetUpFailure[];
  readonly complete: boolean;
}

/** Milliseconds between starts: sandboxes that start together would starve one another when it matters most. */
const STAGGER_MS = 6_000;

/**
 * Runs each fault `repeat` times, `jobs` at a time. A starved run, or one whose set-up failed, is repeated once,
 * alone, whether right or wrong, so that repeating is unbiased; the second result counts.
 */
export async function runLive(options: LiveOptions): Promise<LiveResults> {
  const { faults, repeat, jobs, signal } = options;
  const first = Array.from({ length: repeat }, (_, round) =>
    faults.map((fault): LiveJob => ({ fault, run: round + 1, attempt: 1 })),
  ).flat();
  const runs: CaseRun[] = [];
  const setUpFailures: SetUpFailure[] = [];
  const again: LiveJob[] = [];
  let done = 0;

  async function work(job: LiveJob): Promise<void> {
    const result = await attempt(job, options);
    if (signal.aborted && result.kind !== "judged") return;
    if (result.kind === "again") again.push({ ...job, attempt: job.attempt + 1 });
    else done += 1;
    if (result.kind === "judged") runs.push(result.run);
    if (result.kind === "set-up-failed") setUpFailures.push(result.failure);
    options.onRun(result, job, done, first.length);
  }

  await inLanes(first, jobs, work, options.staggerMs ?? STAGGER_MS, signal);
  await inLanes(again, 1, work, 0, signal);
  return { runs, setUpFailures, complete: runs.length + setUpFailures.length === first.length };
}

async function attempt(job: LiveJob, options: LiveOptions): Promise<LiveResult> {
  const { fault, run, attempt: attempts } = job;
  const { agent, signal, keepIn } = options;
  const keep = keepIn === undefined ? undefined : join(keepIn, `${fault}-${run}`);
  const execute = options.run ?? ((one) => runCase({ ...one, agent, signal, keepIn: keep }));
  try {
    const { run: judged, output, kept } = await execute(job);
    if (judged.load?.starved === true && attempts === 1)
      return { kind: "again", why: "the machine starved it" };
    return { kind: "judged", run: { ...judged, attempts }, output, ...(kept === undefined ? {} : { kept }) };
  } catch (thrown) {
    const kind = thrown instanceof SetUpError ? thrown.kind : "other";
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    if (attempts === 1) return { kind: "again", why: `${kind}: ${message}` };
    return {
      kind: "set-up-failed",
      failure: { case: fault, group: "live", run, kind, message, attempts },
    };
  }
}

async function inLanes(
  jobs: readonly LiveJob[],
  lanes: number,
  work: (job: LiveJob) => Promise<void>,
  staggerMs: number,
  signal: AbortSignal,
): Promise<void> {
  const queue = jobs[Symbol.iterator]();
  const lane = async (_: unknown, index: number) => {
    await sleep(index * staggerMs, undefined, { signal }).catch(() => undefined);
    for (const job of queue) {
      if (signal.aborted) return;
      await work(job);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, jobs.length) }, lane));
}
