/** The last stage: the incident is closed, people are told. What fails here is said, and the incident still ends. */
import { redactRecord } from "../../packages/redaction/index.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { Failure, Incident } from "../domain/incident/incident.ts";
import type { IncidentEvent } from "../domain/incident/incident-event.ts";
import { foldEvents } from "../domain/incident/incident-fold.ts";
import { endedNow } from "../domain/incident/incident-outcome.ts";
import type { IngestionDependencies, WorkflowDependencies } from "../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../workflow/durable-steps.ts";
import { happenedIn } from "./event-listeners.ts";
import { updatePaging } from "./paging.ts";
import type { StatusUpdate } from "./ports.ts";
import { sendStatusUpdate } from "./status-updates.ts";

/**
 * Ends the incident, durably. The closing is on record before people are told of it. With `report-again` people learn
 * that it came to something else than they were told.
 */
export async function report(
  name: "report" | "report-again",
  followed: { readonly told: boolean },
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const again = name === "report-again" ? { again: true } : {};
  const before = run.incident;
  const { status, summary } = endedNow(before);
  const closing = { kind: "closed", key: name, ...again, came: { status, summary } } as const;
  await run.step(
    name,
    async () => {
      const at = deps.now().toISOString();
      const { incident, failures, channels } = await close(before, { ...closing, at }, followed, deps);
      deps.reported?.(incident);
      return { at, failures, channels };
    },
    ({ at, failures, channels }) => {
      const events: StepEvent[] = [{ ...closing, at }];
      channels.forEach((channel, index) => {
        events.push({ kind: "notified", key: `${name}:told-${index}`, channel, what: "the report" });
      });
      return [...events, ...failures.map((failure, index) => lost(failure, `${name}:failed-${index}`))];
    },
  );
}

function lost(failure: Failure, key: string): StepEvent {
  return failure.stage === "store"
    ? { kind: "step-failed", key, failure, noted: true }
    : { kind: "notification-failed", key, channel: failure.stage, failure };
}

interface Closed {
  /** As people were told of it, with what failed on the way. */
  readonly incident: Incident;
  readonly failures: readonly Failure[];
  readonly channels: readonly string[];
}

type ClosedEvent = Omit<Extract<IncidentEvent, { kind: "closed" }>, "incidentId">;

/**
 * Keeps the closing event and tells people. Never throws: what fails is returned and logged. Who followed the incident
 * is told of its end also where it is not worth a message.
 */
async function close(
  before: Incident,
  closing: ClosedEvent,
  followed: { readonly told: boolean },
  deps: IngestionDependencies,
): Promise<Closed> {
  const event: IncidentEvent = { ...closing, incidentId: before.id };
  const unkept = await attempt("store", () => deps.store.append([event]));
  return tell(foldEvents(before, [event]) ?? before, followed, closing.again === true, unkept, deps);
}

/** Tells people of a closed incident. */
async function tell(
  ended: Incident,
  followed: { readonly told: boolean },
  again: boolean,
  unkept: Failure | undefined,
  deps: IngestionDependencies,
): Promise<Closed> {
  const known = unkept === undefined ? ended : { ...ended, failures: [...ended.failures, unkept] };
  const closed = redactRecord<Incident>(known, "person");
  const worth = isWorthTelling(closed);
  const notifiers = worth ? deps.notifiers : [];
  const follows = worth || followed.told;
  const [messages, updates, pages] = await Promise.all([
    Promise.all(notifiers.map((notifier) => attempt("report", () => notifier.notify(closed)))),
    follows ? sendStatusUpdate(closedMoment(closed, again), deps) : [],
    updatePaging(closed, deps, again),
  ]);
  const failures = [...messages.flatMap((failure) => failure ?? []), ...updates, ...pages];
  for (const failure of failures) deps.logger.error("report-failed", { incident: closed.id, ...failure });
  const channels = [
    ...(messages.some((failure) => failure === undefined) ? ["message"] : []),
    ...(follows && updates.length === 0 ? (deps.subscribers ?? []).map(({ name }) => name) : []),
  ];
  return {
    incident: { ...closed, failures: [...closed.failures, ...failures] },
    failures: unkept === undefined ? failures : [unkept, ...failures],
    channels,
  };
}

/**
 * Records an incident that ends as it begins, such as an event that nobody could read, and tells people of it. Never
 * throws. Returns the record as it was told.
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
  const { incident, failures } = await tell(ended, { told: false }, false, unkept, deps);
  const untold = failures.map(
    (failure, index) =>
      ({ ...lost(failure, `report:failed-${index}`), incidentId, at: closed.at }) as IncidentEvent,
  );
  if (untold.length > 0) await attempt("store", () => deps.store.append(untold));
  const happened = [...events, closed, ...untold];
  await happenedIn(deps)(happened, incident, happened);
  return incident;
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
