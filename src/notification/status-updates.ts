/** Status updates: tells those who follow an incident of its events. Nothing that is done for the service waits for it. */
import { redactRecord } from "../../packages/redaction/index.ts";
import { readSuppression } from "../alert-grouping/suppression.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { Attempt, Failure, Incident } from "../domain/incident/incident.ts";
import type { IncidentEvent } from "../domain/incident/incident-event.ts";
import { STATUS_UPDATES } from "../domain/incident/incident-fold.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../workflow/durable-steps.ts";
import type { StatusUpdate, StatusUpdateKind } from "./ports.ts";

/** What became of the moments that were told. */
export interface StatusUpdateResult {
  /** Whether anybody knows of the incident, so that its end must be told, too. */
  readonly told: boolean;
  /** Moments that were lost, one failure for each follower to whom that matters. */
  readonly failures: readonly Failure[];
}

export interface StatusUpdates {
  /** Tells that the incident is worked on. */
  opened(run: DurableSteps): void;
  /** Tells the record after an event, where the event is one that subscribers hear of. */
  happened(event: IncidentEvent, incident: Incident, run: DurableSteps): void;
  /** Waits until everything is told, or given up. Returns whether anybody was told. */
  settled(): Promise<{ readonly told: boolean }>;
}

/** Starts the telling of one incident, as durable steps of their own that are not waited for. */
export function createStatusUpdates(deps: WorkflowDependencies): StatusUpdates {
  const telling: Promise<StatusUpdateResult>[] = [];
  const tell = (name: string, kind: StatusUpdateKind, at: string, incident: Incident, run: DurableSteps) => {
    const moment = { name, kind, at, incident, needsPerson: kind === "approval-requested" };
    const step = run.step(
      `tell-${name}`,
      () => sendToSubscribers(moment, deps),
      ({ failures }) => lostEvents(failures),
    );
    telling.push(step.then(({ value }) => value));
    // It is read when the incident ends; until then nobody else does.
    telling.at(-1)?.catch(() => undefined);
  };
  return {
    opened: (run) => tell("opened", "incident-opened", run.incident.openedAt, run.incident, run),
    happened(event, incident, run) {
      const moment = momentOf(event, incident);
      if (moment !== undefined) tell(moment.name, moment.kind, event.at, incident, run);
    },
    async settled() {
      const ended = await Promise.all(telling);
      return { told: ended.some(({ told }) => told) };
    },
  };
}

/** What could not be told, as events. */
export function lostEvents(failures: readonly Failure[]): StepEvent[] {
  return failures.map((failure) => ({ kind: "notification-failed", channel: STATUS_UPDATES, failure }));
}

/** The moment that subscribers hear of, named as it is published; undefined for events that they do not hear of. */
function momentOf(
  event: IncidentEvent,
  incident: Incident,
): { readonly name: string; readonly kind: StatusUpdateKind } | undefined {
  const updated = (name: string) => ({ name, kind: "incident-updated" as const });
  switch (event.kind) {
    case "decided":
      // A late decision that changes nothing is no news, and one after a yes is told as the action.
      return event.afterApproval || event.attempt === "late"
        ? undefined
        : updated(ofAttempt("decided", event.attempt));
    case "approval-requested":
      return { name: ofAttempt("asked", event.attempt), kind: "approval-requested" };
    case "approval-answered":
      return updated(
        ofAttempt(
          `approval-${event.answer.verdict}`,
          incident.further?.approval?.id === event.approvalId ? "second" : "first",
        ),
      );
    case "action-claimed":
      return event.purpose === "scale-in" ? undefined : updated(`acting-${event.effect}`);
    case "action-ended":
      return updated(ofAttempt("acted", event.attempt));
    case "verified":
      return updated(ofAttempt("verified", event.attempt));
    case "undone":
      return updated(ofAttempt("undone", event.attempt));
    default:
      return undefined;
  }
}

const SUFFIX: Readonly<Record<Attempt, string>> = { first: "", second: "-2", late: "-late" };

function ofAttempt(name: string, attempt: Attempt): string {
  return `${name}${SUFFIX[attempt]}`;
}

async function sendToSubscribers(
  moment: StatusUpdate,
  deps: WorkflowDependencies,
): Promise<StatusUpdateResult> {
  const nobody = (deps.subscribers ?? []).length === 0;
  if (nobody || (await isSuppressed(moment.incident, deps))) return { told: false, failures: [] };
  return { told: true, failures: await sendStatusUpdate(moment, deps) };
}

/** Tells every subscriber. Never throws: what fails is logged; returned is what must not be lost silently. */
export async function sendStatusUpdate(
  moment: StatusUpdate,
  deps: Pick<WorkflowDependencies, "subscribers" | "logger">,
): Promise<Failure[]> {
  const redacted = { ...moment, incident: redactRecord<Incident>(moment.incident, "person") };
  const failures = await Promise.all(
    (deps.subscribers ?? []).map(async (subscriber): Promise<Failure[]> => {
      try {
        await subscriber.update(redacted);
        return [];
      } catch (thrown) {
        const { code, message, remedy } = asOpsAgentError(thrown);
        const { name } = moment;
        deps.logger.error("follower-failed", {
          subscriber: subscriber.name,
          incident: moment.incident.id,
          moment: name,
          error: message,
        });
        const isLost = subscriber.needsEvery || moment.kind === "incident-closed";
        return isLost ? [{ stage: "report", code, message: `${message} (${name})`, remedy }] : [];
      }
    }),
  );
  return failures.flat();
}

/** The same noise does not open a message each time; where the judgement is another one, the next moment tells it. */
async function isSuppressed(incident: Incident, deps: WorkflowDependencies): Promise<boolean> {
  if (incident.diagnosis !== undefined) return incident.rememberedFrom !== undefined;
  return (await readSuppression(incident.alert, undefined, deps)).suppressedBy !== undefined;
}
