/** Whether events can be accepted, stored and told now: what `GET /ready` answers. */
import { readdirSync, readFileSync } from "node:fs";
import { probeFile } from "../adapters/sqlite-store/probe-file.ts";
import { asOpsAgentError, OpsAgentError } from "../domain/errors.ts";
import type { MessageBook } from "../domain/ports.ts";
import type { StoreAddress } from "./config.ts";

/** Both are sentences for whoever operates OpsAgent, without paths. */
export interface NotReady {
  readonly reason: string;
  readonly remedy: string;
}

/** A lock that is held longer is no ordinary write of another process. Milliseconds. */
const LOCK_WAIT_MS = 250;
/** DynamoDB answers within milliseconds; a health check gives up after a few seconds. */
const TABLE_WAIT_MS = 4_000;
/** An incident has some ten connections to AWS, the model and people at a time. */
const LEAST_FREE_DESCRIPTORS = 32;

export interface ReadinessSubject {
  readonly store: Pick<MessageBook, "noteIncidentMessage">;
  readonly address: StoreAddress;
  /** Where the durable engine keeps what is under way. */
  readonly executionsPath: string;
  readonly now: () => Date;
}

/** Tries what an event needs: file descriptors, a write of the store, a write of the engine's file. Never throws. */
export async function readiness(subject: ReadinessSubject): Promise<NotReady | undefined> {
  const { address, executionsPath } = subject;
  try {
    checkDescriptors();
    if (address.kind === "sqlite") probe("the store", address.path);
    else await probeTable(subject);
    probe("the file of what is under way", executionsPath);
    return undefined;
  } catch (fault) {
    const { message, remedy } = asOpsAgentError(fault);
    return { reason: message, remedy };
  }
}

function probe(what: string, path: string): void {
  if (path === ":memory:") return;
  try {
    probeFile(path, LOCK_WAIT_MS);
  } catch (fault) {
    const { message, remedy } = asOpsAgentError(fault);
    throw notReady(`${what} cannot be written. ${message.replaceAll(path, "It")}`, remedy);
  }
}

/** Writes one item, always the same one. */
async function probeTable({ store, now }: ReadinessSubject): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      reject(
        notReady(
          `the store did not answer within ${TABLE_WAIT_MS / 1_000} seconds.`,
          "Check that this process reaches DynamoDB.",
        ),
      ),
    TABLE_WAIT_MS,
  );
  try {
    const written = store.noteIncidentMessage("readiness", "probe", now().toISOString());
    // It may still fail when its time is over: nobody waits for it then.
    written.catch(() => undefined);
    await Promise.race([written, late]);
  } catch (fault) {
    const { message, remedy } = asOpsAgentError(fault);
    throw notReady(`the store cannot be written. ${message}`, remedy);
  } finally {
    clearTimeout(timer);
  }
}

/** Only where the system tells (Linux). */
function checkDescriptors(): void {
  let limit: number;
  let used: number;
  try {
    used = readdirSync("/proc/self/fd").length;
    limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EMFILE") throw noDescriptors(0);
    return;
  }
  if (limit - used < LEAST_FREE_DESCRIPTORS) throw noDescriptors(Math.max(0, limit - used));
}

function noDescriptors(left: number): OpsAgentError {
  return notReady(
    `${left} file descriptors are left.`,
    "Raise the limit of open files (ulimit -n), or find out who keeps connections open.",
  );
}

function notReady(message: string, remedy: string): OpsAgentError {
  return new OpsAgentError({ code: "store-failed", message, remedy });
}
