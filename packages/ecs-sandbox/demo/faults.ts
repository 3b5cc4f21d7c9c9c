/**
 * The fault switches of a demo process. They are state of this one process, reached over its IPC channel,
 * and they log what an application would log: never the name of the fault.
 */
import { type ConditionChange, changeConditions } from "./conditions.ts";
import { type MetricToWrite, writeMetric } from "./embedded-metric.ts";
import { log } from "./log.ts";
import { climb } from "./memory.ts";
import { endJob } from "./periodic-job.ts";
import { losePools } from "./pool.ts";
import { appendToDisk } from "./scratch.ts";
import { dropCache } from "./warm-cache.ts";
import { burnCpu } from "./work.ts";

/** A message from the sandbox. */
export type FaultMessage =
  | {
      readonly leak: number;
      readonly startsAt?: number;
      readonly upTo?: number;
      readonly fallsAfter?: number;
      readonly again?: boolean;
    }
  | { readonly hang: true; readonly seconds?: number }
  | { readonly spin: number; readonly seconds?: number }
  | { readonly fill: number }
  | LinesToPrint
  | {
      readonly crash: {
        readonly afterSeconds: number;
        readonly code: number;
        readonly lines: readonly string[];
      };
    }
  | { readonly metric: MetricToWrite }
  | { readonly dropCache: true }
  | { readonly endJob: true }
  | { readonly losePool: true }
  | { readonly conditions: ConditionChange };

interface LinesToPrint {
  readonly lines: readonly string[];
  readonly raw?: boolean;
  readonly everySeconds?: number;
}

const parent = process.ppid;

/** Obeys fault messages, and ends this process when the sandbox is gone. */
export function listenForFaults(): void {
  process.on("message", (message) => obey(message as FaultMessage));
  process.on("disconnect", () => process.exit(1));
}

function obey(message: FaultMessage): void {
  if ("leak" in message) climb({ ...message, mebibytesPerSecond: message.leak });
  if ("hang" in message) hang(message.seconds);
  if ("spin" in message) spin(message.spin, message.seconds);
  if ("fill" in message) fillDisk(message.fill);
  if ("lines" in message) print(message);
  if ("crash" in message) crash(message.crash);
  if ("metric" in message) writeMetric(message.metric);
  if ("dropCache" in message) dropCache();
  if ("endJob" in message) endJob();
  if ("losePool" in message) losePools();
  if ("conditions" in message) changeConditions(message.conditions);
}

function print({ lines, raw, everySeconds }: LinesToPrint): void {
  const printAll = () => {
    for (const line of lines) {
      if (raw) console.log(line);
      else log("INFO", "access", line);
    }
  };
  printAll();
  if (everySeconds !== undefined) setInterval(printAll, everySeconds * 1000);
}

function crash({
  afterSeconds,
  code,
  lines,
}: {
  afterSeconds: number;
  code: number;
  lines: readonly string[];
}): void {
  setTimeout(() => {
    for (const line of lines) console.error(line);
    process.exit(code);
  }, afterSeconds * 1000);
}

/** Blocks the event loop at next to no CPU, for good or for so many seconds. Wakes to see whether the sandbox is there. */
function hang(seconds = Number.POSITIVE_INFINITY): void {
  log("WARN", "pricing", "waiting for the price table lock, held by worker 3");
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const started = performance.now();
  const waited = () => (performance.now() - started) / 1000;
  while (process.ppid === parent && waited() < seconds) Atomics.wait(cell, 0, 0, 500);
  if (process.ppid !== parent) process.exit(1);
  log("WARN", "pricing", `price table lock taken after ${waited().toFixed(1)} s`);
}

/** Burns a share of one core in short pieces, so that requests are still served, only slower. */
function spin(cores: number, seconds: number | undefined): void {
  const periodMs = 40;
  const started = Date.now();
  log("INFO", "search-index", "rebuilding the product index, 48210 documents");
  const timer = setInterval(() => {
    if (seconds !== undefined && Date.now() - started >= seconds * 1000) {
      clearInterval(timer);
      log("INFO", "search-index", `product index rebuilt in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      return;
    }
    burnCpu(periodMs * Math.min(cores, 0.95));
  }, periodMs);
}

/** Writes so many MiB a second to the disk of the task until it is full. What is written stays. */
export function fillDisk(mebibytesPerSecond: number): void {
  const stepMs = 200;
  const step = Buffer.alloc(Math.round(mebibytesPerSecond * 1_048_576 * (stepMs / 1000)), 0x2e);
  let bytes = 0;
  let failed = false;
  setInterval(() => {
    try {
      appendToDisk("trace.log", step);
      bytes += step.length;
      failed = false;
    } catch (error) {
      if (!failed) log("ERROR", "trace", `cannot write trace.log: ${(error as Error).message}`);
      failed = true;
    }
  }, stepMs);
  setInterval(() => log("INFO", "trace", `trace.log ${Math.round(bytes / 1_048_576)} MiB`), 5000);
}
