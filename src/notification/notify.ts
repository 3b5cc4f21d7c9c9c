/** The last stage: the incident is closed, people are told. What fails here is said, and the incident still ends. */

import { asOpsAgentError } from "../domain/errors.ts";
import { valueFor } from "../domain/exit.ts";
import type { Failure, Incident } from "../domain/incident/incident.ts";
import type { IncidentEvent } from "../domain/incident/incident-event.ts";
import { foldEvents } from "../domain/incident/incident-fold.ts";
import { endedNow } from "../domain/incident/incident-outcome.ts";
import type { IngestionDependencies, WorkflowDependencies } from "../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../workflow/durable-steps.ts";
import { type Delivery, deliveryEvents, isWaiting, type Letter, post, tryAll } from "./delivery.ts";
import { happenedIn } from "./event-listeners.ts";
import { keepTrying } from "./keep-trying.ts";
import { createLanes, type Lanes } from "./lanes.ts";
import { pageLetters } from "./paging.ts";
import type { StatusUpdate } from "./ports.ts";
import { REPORT, updateLetters } from "./status-updates.ts";

/** What the report needs to know of those who followed the incident. */
export interface ReportOptions {
  readonly followed: { told(): Promise<boolean> };
  readonly lanes: Lanes;
  /** The process ends soon: what is not taken at once is lost. */
  readonly last: boolean;
}

/**
 * Ends the incident, durably. The closing is on record before people are told of it. With `report-again` people learn
 * that it came to something else than they were told. Returns after the first try; what a channel did not take is tried
 * again beside what comes after.
 */
export async function report(
  name: "report" | "report-again",
  { followed, lanes, last }: ReportOptions,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const again = name === "report-again" ? { again: true } : {};
  const before = run.incident;
  const { status, summary } = endedNow(before);
  const closing = { kind: "closed", key: name, ...again, came: { status, summary } } as const;
  const closedAt = (at: string): Incident => {
    const event: IncidentEvent = { ...closing, at, incidentId: before.id };
    return foldEvents(before, [event]) ?? before;
  };
  let ended = closedAt(before.openedAt);
  const posted = post(
    closedLetters(() => ended, name === "report-again", followed, deps),
    lanes,
  );
  const first = await run.step(
    name,
    async () => {
      const at = deps.now().toISOString();
      ended = closedAt(at);
      const unkept = await attempt("store", () =>
        deps.store.append([{ ...closing, at, incidentId: before.id }]),
      );
      if (unkept !== undefined) ended = { ...ended, failures: [...ended.failures, unkept] };
      const deliveries = await tryAll(posted, undefined, last, deps);
      logFailed(deliveries, ended.id, deps);
      deps.reported?.(asTold(ended, name, deliveries));
      return { at, unkept: unkept ?? null, deliveries };
    },
    ({ at, unkept, deliveries }) => [
      { ...closing, at },
      ...unkeptEvents(name, unkept ?? undefined),
      ...deliveryEvents(name, deliveries),
    ],
  );
  ended = closedAt(first.value.at);
  keepTrying(`${name}-deliver`, name, posted, first.value.deliveries, run, deps);
}

function unkeptEvents(name: string, failure: Failure | undefined): StepEvent[] {
  return failure === undefined
    ? []
    : [{ kind: "step-failed", key: `${name}:failed-store`, failure, noted: true }];
}

/** The record as people were told of it, with what failed on the way. */
function asTold(ended: Incident, name: string, deliveries: readonly Delivery[]): Incident {
  const events = eventsOf(ended.id, ended.closedAt ?? ended.openedAt, deliveryEvents(name, deliveries));
  return valueFor("person", foldEvents(ended, events) ?? ended);
}

function logFailed(
  deliveries: readonly Delivery[],
  incident: string,
  { logger }: Pick<IngestionDependencies, "logger">,
): void {
  for (const { state, channel, what, failure } of deliveries) {
    if (failure !== undefined) logger.error("report-failed", { incident, channel, what, state, ...failure });
  }
}

/**
 * What people and other systems are told of a closed incident. Who followed it is told of its end also where it is not
 * worth a message.
 */
export function closedLetters(
  ended: () => Incident,
  again: boolean,
  followed: { told(): Promise<boolean> },
  deps: IngestionDependencies,
): Letter[] {
  const worth = isWorthTelling(ended());
  const closed = () => valueFor("person", ended());
  const instead = (deps.fallbacks ?? []).map((other) => ({
    channel: other.name,
    send: (why: string) => other.report(closed(), why),
  }));
  const messages = (worth ? deps.notifiers : []).map(
    (notifier): Letter => ({
      channel: notifier.name,
      what: REPORT,
      stage: "report",
      send: () => notifier.notify(closed()),
      instead,
    }),
  );
  const updates = updateLetters(() => closedMoment(ended(), again), deps).map(
    (letter): Letter => ({
      ...letter,
      ...(worth && letter.what === REPORT ? { instead } : {}),
      needless: async () => (worth || (await followed.told()) ? undefined : "nobody follows it"),
    }),
  );
  return [...messages, ...updates, ...pageLetters(ended(), closed, deps, again)];
}

/**
 * Records an incident that ends as it begins, such as an event that nobody could read, and tells people of it. Never
 * throws. Returns the record as it was told. No workflow stands behind it: `tellLater` goes on with what was not taken.
 */
export async function tellAtOnce(
  events: readonly IncidentEvent[],
  base: Incident | undefined,
  deps: IngestionDependencies,
): Promise<Incident> {
  const [first] = events;
  const incidentId = base?.id ?? first?.incidentId ?? "";
  const open = foldEvents(base, events);
  if (open === undefined) throw new Error("an incident begins with its opening");
  const { status, summary } = endedNow(open);
  const at = deps.now().toISOString();
  const closed: IncidentEvent = { kind: "closed", incidentId, key: "report", at, came: { status, summary } };
  const unkept = await attempt("store", () => deps.store.append([...events, closed]));
  const ended = foldEvents(open, [closed]) ?? open;
  const nobody = { told: async () => false };
  const posted = post(
    closedLetters(() => ended, false, nobody, deps),
    createLanes(),
  );
  const deliveries = await tryAll(posted, undefined, deps.tellLater === undefined, deps);
  logFailed(deliveries, incidentId, deps);
  const told = eventsOf(incidentId, closed.at, [
    ...unkeptEvents("report", unkept),
    ...deliveryEvents("report", deliveries).filter(({ kind }) => kind !== "notified"),
  ]);
  if (told.length > 0) await attempt("store", () => deps.store.append(told));
  if (deliveries.some(isWaiting)) {
    const { alert } = ended;
    const unbegun = await attempt("report", async () => deps.tellLater?.({ id: incidentId, alert }));
    if (unbegun !== undefined) deps.logger.error("report-failed", { incident: incidentId, ...unbegun });
  }
  const happened = [...events, closed, ...told];
  const incident = valueFor("person", foldEvents(ended, told) ?? ended);
  await happenedIn(deps)(happened, incident, happened);
  return incident;
}

/** Events of a step as those of the incident. */
function eventsOf(incidentId: string, at: string, events: readonly StepEvent[]): IncidentEvent[] {
  return events.map((event) => ({ at, key: "report", ...event, incidentId }) as IncidentEvent);
}

function closedMoment(incident: Incident, again: boolean): StatusUpdate {
  const needsPerson = incident.status === "escalated" || incident.status === "failed";
  const at = incident.closedAt ?? incident.openedAt;
  return { name: again ? "closed-again" : "closed", kind: "incident-closed", at, incident, needsPerson };
}

/** A change to OK or INSUFFICIENT_DATA is noted without a message, and so is noise that people know of. */
function isWorthTelling({ status, decision, rememberedFrom }: Incident): boolean {
  return status !== "observed" || (decision !== undefined && rememberedFrom === undefined);
}

async function attempt(stage: string, work: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    const { code, message, remedy } = asOpsAgentError(thrown);
    return { stage, code, message, remedy };
  }
}
