/** How the requests of this process go, changed while it runs. */
import type { ServerResponse } from "node:http";
import { log, logError } from "./log.ts";

/** What is different from a well one. Absent members leave things as they are; `null` makes them well again. */
export interface ConditionChange {
  /** Milliseconds that every request takes longer. */
  readonly slow?: number | null;
  /** Share of the requests that fail, 0 to 1. */
  readonly errors?: number | null;
  /** The process ends after so many more requests, with this exit code. */
  readonly exitAfter?: { readonly requests: number; readonly code: number } | null;
  /** Share of the database connections that are never released, 0 to 1. */
  readonly leakConnections?: number | null;
  /** Whether nothing that it sends to others arrives. */
  readonly cutOff?: boolean | null;
}

let slowMs = 0;
let errorShare = 0;
let leakShare = 0;
let isCutOff = false;
let ending: { requests: number; readonly code: number } | undefined;

/** Changes how requests go from now on. */
export function changeConditions(change: ConditionChange): void {
  if (change.slow !== undefined) slowMs = change.slow ?? 0;
  if (change.errors !== undefined) errorShare = change.errors ?? 0;
  if (change.leakConnections !== undefined) leakShare = change.leakConnections ?? 0;
  if (change.cutOff !== undefined) isCutOff = change.cutOff ?? false;
  if (change.exitAfter !== undefined) ending = change.exitAfter ? { ...change.exitAfter } : undefined;
}

/** Whether this connection is one that is never released. */
export function keepsConnection(): boolean {
  return leakShare > 0 && Math.random() < leakShare;
}

/** Whether packets of this process to others are lost. */
export function losesPackets(): boolean {
  return isCutOff;
}

/** Lets a request go its way now, later, or not at all. */
export function passRequest(path: string, response: ServerResponse, handle: () => void): void {
  countDown();
  if (errorShare > 0 && Math.random() < errorShare) {
    const error = new TypeError("Cannot read properties of undefined (reading 'amount')");
    logError("basket", `GET ${path} failed`, error);
    response.writeHead(500, { "content-type": "application/json" }).end('{"error":"internal error"}');
    return;
  }
  if (slowMs === 0) {
    handle();
    return;
  }
  setTimeout(() => {
    log("WARN", "server", `slow request GET ${path}, ${slowMs}ms in the session lookup`);
    handle();
  }, slowMs);
}

function countDown(): void {
  if (!ending) return;
  ending.requests -= 1;
  if (ending.requests > 0) return;
  if (ending.code === 0) {
    log("INFO", "server", "batch finished, nothing left to do");
  } else {
    logError("server", "uncaught exception", new RangeError("Invalid array length"));
  }
  process.exit(ending.code);
}
