/** Unreadable events: stored as they came, reported, never acted on. */

import { createHash } from "node:crypto";
import type { Alert } from "../domain/alert.ts";
import { OpsAgentError } from "../domain/errors.ts";
import { textFor } from "../domain/exit.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { IncidentEvent } from "../domain/incident/incident-event.ts";
import { incidentId } from "../domain/incident/incident-fold.ts";
import { tellAtOnce } from "../notification/notify.ts";
import type { IngestionDependencies } from "../workflow/dependencies.ts";
import type { Unreadable } from "./read-event.ts";

/**
 * Stores and reports an event that came by an unexpected path as an unreadable one. Throws `store-failed` when it is
 * not stored.
 */
export async function refuseEvent(
  event: unknown,
  why: string,
  deps: IngestionDependencies,
): Promise<Incident> {
  const problem = { path: "(event)", message: why };
  const { record, kept } = await rejectEvent(problem, rawOf(event), deps.now().toISOString(), deps);
  if (kept) return record;
  throw notKept();
}

const MAX_KEPT_CHARACTERS = 200_000;

interface Rejected {
  readonly record: Incident;
  readonly kept: boolean;
}

/** What is being rejected now in this process: the same event may be delivered several times at once. */
const underWay = new WeakMap<IngestionDependencies["store"], Map<string, Promise<Rejected>>>();

/**
 * Stores an unreadable event as it came and reports it. The same content on the same day (UTC) is one incident, told
 * once, however often it is delivered.
 */
export async function rejectEvent(
  problem: Unreadable,
  raw: string,
  receivedAt: string,
  deps: IngestionDependencies,
): Promise<Rejected> {
  const key = createHash("sha256").update(raw).update(problem.path).digest("hex").slice(0, 32);
  const id = incidentId({ key, firedAt: `${receivedAt.slice(0, 10)}T00:00:00.000Z` });
  const here = underWay.get(deps.store) ?? new Map<string, Promise<Rejected>>();
  underWay.set(deps.store, here);
  const running = here.get(id);
  if (running !== undefined) return running;
  const rejected = rejectOnce({ problem, raw, receivedAt, key, id }, deps).finally(() => here.delete(id));
  here.set(id, rejected);
  return rejected;
}

interface UnreadableDelivery {
  readonly problem: Unreadable;
  readonly raw: string;
  readonly receivedAt: string;
  readonly key: string;
  readonly id: string;
}

async function rejectOnce(
  { problem, raw, receivedAt, key, id }: UnreadableDelivery,
  deps: IngestionDependencies,
): Promise<Rejected> {
  const before = await deps.store.get(id).catch(() => undefined);
  if (before?.closedAt !== undefined && before.failures.every(({ stage }) => stage === "trigger")) {
    deps.logger.info("event-unreadable-again", { incident: id });
    return { record: before, kept: true };
  }

  const alert: Alert = {
    key,
    source: "unreadable",
    state: "ALARM",
    firedAt: receivedAt,
    receivedAt,
    title: "an event that could not be read",
  };
  const message = textFor("store", `${problem.path}: ${problem.message}`);
  const kept = await deps.store
    .keepUnreadable({ at: receivedAt, raw: textFor("store", raw, MAX_KEPT_CHARACTERS), problem: message })
    .then(
      () => true,
      (error: unknown) => {
        deps.logger.error("event-not-kept", { error: String(error) });
        return false;
      },
    );
  const remedy = `Look at the sender's message; docs/reference/events.md shows what is accepted. ${kept ? "The event was kept." : "The event could not be kept: see the sender's own log."}`;
  const failure = {
    stage: "trigger",
    code: "event-unreadable",
    message: `The event could not be read. ${message}`,
    remedy,
  };
  const summary = `An event could not be read: ${message}`;
  const at = receivedAt;
  const events: IncidentEvent[] = [
    { kind: "opened", incidentId: id, key: "open", at, alert, diagnoser: deps.diagnoser },
    { kind: "failed", incidentId: id, key: "fail", at, failure, summary },
  ];
  return { record: await tellAtOnce(events, undefined, deps), kept };
}

export function notKept(): OpsAgentError {
  return new OpsAgentError({
    code: "store-failed",
    message: "An event that could not be read could not be kept either.",
    remedy:
      "It comes again, or is in the dead-letter queue; check the store and the function's rights on it.",
    retryable: true,
  });
}

export function rawOf(event: unknown): string {
  return typeof event === "string" ? event : (JSON.stringify(event) ?? "");
}
