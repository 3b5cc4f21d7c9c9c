/**
 * Measures whether the machine gave a run enough processor time; otherwise its alarms, health checks and waits are
 * distorted.
 */
import { readFileSync } from "node:fs";
import type { MachineLoad } from "../report/eval-report.ts";

/** A second of the sandbox's event loop, from `loop-monitor.ts`. `at` is epoch milliseconds. */
export interface LoopSecond {
  readonly at: number;
  readonly maxMs: number;
  readonly meanMs: number;
}

/** Milliseconds from which a standstill counts: a tenth of the five seconds of the faults' metric periods. */
const SLOW_MS = 500;
/** A standstill in which a whole health check or metric period can be lost. Milliseconds. */
const STOPPED_MS = 2500;
/** Above this share of slow seconds, or of waiting for a processor, times and perhaps verdicts are wrong. */
const SLOW_SHARE = 0.15;
const WAIT_SHARE = 0.4;

export interface LoadWatch {
  readonly onLine: (line: string) => void;
  /** Begins to measure the waiting of these processes. */
  begin(pids: readonly (number | undefined)[]): void;
  end(): MachineLoad;
}

/** Measures one run. */
export function createLoadWatch(now: () => number = Date.now): LoadWatch {
  const seconds: LoopSecond[] = [];
  let since = now();
  let before = new Map<number, number>();
  return {
    onLine: (line) => {
      seconds.push(JSON.parse(line) as LoopSecond);
    },
    begin(pids) {
      since = now();
      before = new Map(
        pids.flatMap((pid) => {
          const waited = pid === undefined ? undefined : waitedMs(pid);
          return pid === undefined || waited === undefined ? [] : [[pid, waited]];
        }),
      );
    },
    end() {
      const elapsed = Math.max(1, now() - since);
      const shares = [...before].flatMap(([pid, waited]) => {
        const after = waitedMs(pid);
        return after === undefined ? [] : (after - waited) / elapsed;
      });
      return loadOf(
        seconds.filter(({ at }) => at >= since),
        shares.length === 0 ? undefined : Math.max(...shares),
      );
    },
  };
}

/** Summarises a run's seconds and says whether it was starved. Pure. */
export function loadOf(seconds: readonly LoopSecond[], waitShare: number | undefined): MachineLoad {
  const loopDelayMaxMs = Math.max(0, ...seconds.map(({ maxMs }) => maxMs));
  const loopDelayMeanMs = Math.max(0, ...seconds.map(({ meanMs }) => meanMs));
  const slow = seconds.filter(({ maxMs }) => maxMs > SLOW_MS).length;
  const slowSeconds = seconds.length === 0 ? 0 : slow / seconds.length;
  return {
    loopDelayMaxMs: Math.round(loopDelayMaxMs),
    loopDelayMeanMs: Math.round(loopDelayMeanMs),
    slowSeconds,
    ...(waitShare === undefined ? {} : { waitShare }),
    starved: loopDelayMaxMs > STOPPED_MS || slowSeconds > SLOW_SHARE || (waitShare ?? 0) > WAIT_SHARE,
  };
}

/**
 * Milliseconds that a process's main thread was ready to run without a processor (second field of
 * https://docs.kernel.org/scheduler/sched-stats.html, /proc/PID/schedstat); undefined where the system does not
 * report it.
 */
function waitedMs(pid: number): number | undefined {
  try {
    const [, waited] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ");
    return waited === undefined ? undefined : Number(waited) / 1e6;
  } catch {
    return undefined;
  }
}
