/** Memory that a demo process takes, keeps and gives back. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { log } from "./log.ts";

/** How memory climbs, and how it falls again. */
export interface Climb {
  readonly mebibytesPerSecond: number;
  /** MiB that are taken at once. */
  readonly startsAt?: number | undefined;
  /** A bound; without it memory climbs for good. */
  readonly upTo?: number | undefined;
  /** Seconds at the bound after which everything is given back; without it the oldest is overwritten for good. */
  readonly fallsAfter?: number | undefined;
  /** Whether it climbs anew after a fall. */
  readonly again?: boolean | undefined;
}

const mebibyte = 1_048_576;
const stepMs = 100;
const reportMs = 2500;

/** Allocates as told. A bounded climb that falls reads as a job with a working set, others as a cache. */
export function climb(how: Climb): void {
  const { mebibytesPerSecond, startsAt = 0, upTo = Number.POSITIVE_INFINITY, fallsAfter, again } = how;
  let held = Array.from({ length: startsAt }, () => Buffer.alloc(mebibyte, 0x2a));
  let bytes = startsAt * mebibyte;
  let due = 0;
  let replaced = 0;
  let fullFor = 0;

  const fall = () => {
    const gone = Math.round(bytes / mebibyte);
    [held, bytes, due, fullFor] = [[], 0, 0, 0];
    collectGarbage();
    log("INFO", "catalog-import", `import batch committed, working set ${gone} MiB released`);
    if (again !== true) stop();
  };
  const step = () => {
    if (bytes < upTo * mebibyte) {
      due += mebibytesPerSecond * mebibyte * (stepMs / 1000);
      const taken = Buffer.alloc(Math.floor(due), 0x2a);
      due -= taken.length;
      bytes += taken.length;
      held.push(taken);
      return;
    }
    fullFor += stepMs;
    if (fallsAfter !== undefined) {
      if (fullFor >= fallsAfter * 1000) fall();
      return;
    }
    held[replaced % held.length]?.fill(0x2b);
    replaced += 1;
  };
  const report = () => {
    const size = Math.round(bytes / mebibyte);
    if (fallsAfter !== undefined) {
      log("INFO", "catalog-import", `import batch open, working set ${size} MiB`);
      return;
    }
    const full = replaced === 0 ? "" : `, full, ${replaced} of the oldest batches replaced`;
    const entries = Math.round(bytes / 1640);
    log("WARN", "cart-cache", `cart cache size ${entries} entries, ${size} MiB, 0 expired${full}`);
  };
  const timers = [setInterval(step, stepMs), setInterval(report, reportMs)];
  const stop = () => timers.forEach(clearInterval);
}

/** Has unused memory collected, so that the process really holds less. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
