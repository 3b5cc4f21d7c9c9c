/**
 * Loaded into the sandbox's process by `--import`: writes each second the delay of its event loop in milliseconds, as
 * a JSON line to file descriptor 3. It changes nothing else.
 */
import { createWriteStream } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 20;
const NANOSECONDS = 1e6;

const out = createWriteStream("", { fd: 3 });
out.on("error", () => clearInterval(timer));
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
const timer = setInterval(() => {
  // The histogram counts whole intervals; what is above the interval is the delay.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS);
  const line = {
    at: Date.now(),
    maxMs: late(delay.max),
    meanMs: Number.isNaN(delay.mean) ? 0 : late(delay.mean),
  };
  delay.reset();
  out.write(`${JSON.stringify(line)}\n`);
}, 1000);
timer.unref();
