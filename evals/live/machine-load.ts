/** Did the machine give a run the time it needed? Otherwise its alarms, health checks and waits are not the fault's. */
import { readFileSync } from "node:fs";
import type { MachineLoad } from "../report/eval-report.ts";

/** A second of the sandbox's event loop, from `loop-monitor.ts`. `at` is epoch milliseconds. */
export interface LoopSecond {
  readonly at: number;
  readonly maxMs: number;
  readonly meanMs: number;
}

/** From when a standstill counts: a tenth of the five seconds that the faults' metrics and alarms are measured in. */
const SLOW_MS = 500;
/** A standstill in which a whole health check or metric period can be lost. */
const STOPPED_MS = 2500;
/** More slow seconds, or more waiting for a processor, than this falsify times and may falsify verdicts. */
const SLOW_SHARE = 0.15;
const WAIT_SHARE = 0.4;

export interface LoadWatch {
  readonly onLine: (line: string) => void;
  /** Processes whose waiting counts; from now on. */
  begin(pids: readonly (number | undefined)[]): void;
  end(): MachineLoad;
}

/** Watches one run. */
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

/** Sums a run's seconds up and says whether it was starved. Pure. */
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
 * Milliseconds that a process's main thread was ready to run and had no processor (second field of
 * https://docs.kernel.org/scheduler/sched-stats.html, /proc/PID/schedstat); undefined where the system does not say.
 */
function waitedMs(pid: number): number | undefined {
  try {
    const [, waited] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ");
    return waited === undefined ? undefined : Number(waited) / 1e6;
  } catch {
    return undefined;
  }
}
