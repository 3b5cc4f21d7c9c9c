/**
 * The fault switches of a demo process. They are state of this one process, reached over its IPC channel,
 * and they log what an application would log: never the name of the fault.
 */
import { type ConditionChange, changeConditions } from "./conditions.ts";
import { type MetricToWrite, writeMetric } from "./embedded-metric.ts";
import { log } from "./log.ts";
import { endJob } from "./periodic-job.ts";
import { appendToDisk } from "./scratch.ts";
import { dropCache } from "./warm-cache.ts";
import { burnCpu } from "./work.ts";

/** A message from the sandbox. */
export type FaultMessage =
  | { readonly leak: number; readonly upTo?: number }
  | { readonly hang: true }
  | { readonly spin: number; readonly seconds?: number }
  | { readonly fill: number }
  | { readonly lines: readonly string[] }
  | { readonly metric: MetricToWrite }
  | { readonly dropCache: true }
  | { readonly endJob: true }
  | { readonly conditions: ConditionChange };

const parent = process.ppid;

/** Obeys fault messages, and ends this process when the sandbox is gone. */
export function listenForFaults(): void {
  process.on("message", (message) => obey(message as FaultMessage));
  process.on("disconnect", () => process.exit(1));
}

function obey(message: FaultMessage): void {
  if ("leak" in message) leak(message.leak, message.upTo);
  if ("hang" in message) hang();
  if ("spin" in message) spin(message.spin, message.seconds);
  if ("fill" in message) fillDisk(message.fill);
  if ("lines" in message) for (const line of message.lines) log("INFO", "access", line);
  if ("metric" in message) writeMetric(message.metric);
  if ("dropCache" in message) dropCache();
  if ("endJob" in message) endJob();
  if ("conditions" in message) changeConditions(message.conditions);
}

/** Allocates so many MiB a second and keeps them; over `upToMebibytes` it overwrites the oldest. */
export function leak(mebibytesPerSecond: number, upToMebibytes = Number.POSITIVE_INFINITY): void {
  const cache: Buffer[] = [];
  const stepMs = 100;
  let bytes = 0;
  let due = 0;
  let oldest = 0;
  setInterval(() => {
    if (bytes >= upToMebibytes * 1_048_576) {
      cache[oldest % cache.length]?.fill(0x2b);
      oldest += 1;
      return;
    }
    due += mebibytesPerSecond * 1024 * 1024 * (stepMs / 1000);
    const step = Buffer.alloc(Math.floor(due), 0x2a);
    due -= step.length;
    bytes += step.length;
    cache.push(step);
  }, stepMs);
  const report = () => {
    const entries = Math.round(bytes / 1640);
    const replaced = oldest === 0 ? "" : `, full, ${oldest} of the oldest batches replaced`;
    log(
      "WARN",
      "cart-cache",
      `cart cache size ${entries} entries, ${Math.round(bytes / 1_048_576)} MiB, 0 expired${replaced}`,
    );
  };
  setInterval(report, 2500);
}

/** Blocks the event loop for good at next to no CPU. Wakes only to see whether the sandbox is still there. */
function hang(): void {
  log("WARN", "pricing", "waiting for the price table lock, held by worker 3");
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (process.ppid === parent) Atomics.wait(cell, 0, 0, 500);
  process.exit(1);
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
