/** The incident record as it opens, fails and closes. Pure: no clock, no I/O. */
import { createHash } from "node:crypto";
import { joinedName } from "../domain/admission.ts";
import type { Alert } from "../domain/alert.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { Incident, IncidentStatus, TimelineEntry } from "../domain/incident.ts";
import { StageFailure } from "./stage-failure.ts";

/** The incident's id: readable, and the same however often the alert is delivered. */
export function incidentId(alert: Alert): string {
  const stamp = alert.firedAt.replace(/[-:]/g, "").slice(0, 15);
  return `inc-${stamp}-${createHash("sha256").update(alert.key).digest("hex").slice(0, 8)}`.toLowerCase();
}

/** The durable execution's name is the alert's idempotency key. */
export function executionName(alert: Alert): string {
  return `incident-${alert.key}`;
}

/** A new record for an alert. */
export function openIncident(alert: Alert, diagnoser: Incident["diagnoser"]): Incident {
  return {
    schemaVersion: "1",
    id: incidentId(alert),
    status: "open",
    summary: `${alert.title}: under investigation.`,
    severity: "P2",
    ...(alert.target ? { target: alert.target } : {}),
    alert,
    openedAt: alert.receivedAt,
    diagnoser,
    actions: [],
    failures: [],
    timeline: [],
  };
}

/** The incident as its stages leave it: each adds what it found, and status and summary follow from it. */
export interface Story {
  readonly incident: Incident;
  add(found: Partial<Incident>): void;
  fail(fault: unknown): void;
}

/** Starts the story of an incident. */
export function createStory(opened: Incident): Story {
  let incident = concluded(opened);
  return {
    get incident() {
      return incident;
    },
    add: (found) => {
      incident = concluded({
        ...incident,
        ...found,
        severity: found.diagnosis?.severity ?? incident.severity,
      });
    },
    fail: (fault) => {
      incident = withFailure(incident, fault);
    },
  };
}

/** A fault has the last word: what is added to a failed record does not make it look better. */
function concluded(incident: Incident): Incident {
  if (incident.status === "failed") return incident;
  const [status, summary] = outcomeOf(incident);
  return { ...incident, status, summary };
}

function outcomeOf(incident: Incident): [IncidentStatus, string] {
  const { alert, decision } = incident;
  const cause = incident.diagnosis?.rootCause ?? "";
  if (alert.state !== "ALARM") return ["observed", `The alarm went to ${alert.state}; noted, nothing to do.`];
  if (incident.passed) {
    const why = `The alarm fired again in the decay window of incident ${incident.refireOf ?? "unknown"}`;
    return ["observed", `${why} and went back to OK by itself.`];
  }
  if (alert.targetProblem !== undefined) return ["escalated", alert.targetProblem];
  const done = afterAction(incident);
  if (done !== undefined) return done;
  if (decision === undefined) return [incident.status, incident.summary];
  if (incident.rememberedFrom !== undefined && decision.kind === "decline") {
    return ["observed", `${cause} Incident ${incident.rememberedFrom} told of it already.`];
  }
  const again = firedSinceWithdrawn(incident);
  const [status, why] = withoutAction(decision, incident.approval);
  return again === undefined ? [status, `${cause} ${why}`] : ["escalated", `${cause} ${why} ${again}`];
}

/** An alarm that joined after the question was withdrawn was not part of what was seen then. */
function firedSinceWithdrawn({ approval, joined = [] }: Incident): string | undefined {
  const answer = approval?.answer;
  if (answer?.verdict !== "withdrawn") return undefined;
  const late = joined.find((one) => one.state === "ALARM" && one.joinedAt > answer.at);
  return late && `But ${joinedName(late)} fired at ${late.firedAt}, before the incident had ended.`;
}

/** What came of the last action; undefined when none was begun. */
function afterAction(incident: Incident): [IncidentStatus, string] | undefined {
  const { verification, further } = incident;
  const cause = incident.diagnosis?.rootCause ?? "";
  const action = incident.actions.at(-1);
  if (action === undefined) return undefined;
  const names = incident.actions.map((one) => one.action).join(", then ");
  if (verification?.outcome === "recovered" && action.outcome === "unknown") {
    const doubt = `The service recovered, but whether ${action.action} took place is not known.`;
    return ["escalated", `${cause} ${doubt}`];
  }
  if (verification?.outcome === "recovered") {
    return ["resolved", `${cause} Fixed by ${names}, and proven: ${lower(verification.reason)}`];
  }
  const done = {
    done: "was done, but not proven",
    "partly-done": "was partly done, and is not proven",
    unknown: "may or may not have been done, and is not proven",
    "nothing-changed": "changed nothing",
  }[action.outcome];
  const why =
    action.outcome === "nothing-changed"
      ? (action.steps.at(-1)?.detail ?? "")
      : (verification?.reason ?? "not yet verified.");
  const undone = action.undone?.some((step) => step.outcome === "done") ? " It was taken back." : "";
  const next =
    further?.decision === undefined || further.decision.kind === "act"
      ? ""
      : ` A further action: ${lower(withoutAction(further.decision, further.approval)[1])}`;
  return ["escalated", `${cause} ${action.action} ${done}: ${why}${undone}${next}`];
}

/** What a decision came to that led to no action. */
function withoutAction(
  decision: NonNullable<Incident["decision"]>,
  approval: Incident["approval"],
): [IncidentStatus, string] {
  const answer = approval?.answer;
  if (answer?.verdict === "withdrawn") {
    return [
      "observed",
      `${decision.action} was not needed any more. ${answer.note ?? "The trouble passed."}`,
    ];
  }
  if (answer !== undefined && answer.verdict !== "approved") {
    const by = answer.by === undefined ? "" : ` by ${answer.by.id}`;
    const why = {
      denied: `was denied${by}${answer.note ? `: ${answer.note}` : "."}`,
      expired: "was not answered in time, and expiry means no.",
      voided: `was approved${by}, but not done: ${answer.note ?? "the service had changed."}`,
    }[answer.verdict];
    return ["escalated", `${decision.action} ${why}`];
  }
  switch (decision.kind) {
    case "decline": {
      const status = decision.wouldHave === undefined ? "escalated" : "observed";
      return [status, `Nothing was done: ${decision.reasons.join(" ")}`];
    }
    case "ask":
      return approval === undefined
        ? ["escalated", `${decision.action} is for a person to decide: ${decision.why}`]
        : ["open", `${decision.action} waits for a person until ${approval.deadline}: ${decision.why}`];
    case "act":
      return ["open", `${decision.action} is being carried out.`];
  }
}

/** The record after a fault: failed, and the fault named. */
function withFailure(incident: Incident, fault: unknown): Incident {
  const failure =
    fault instanceof StageFailure ? fault.failure : { ...plain(asOpsAgentError(fault)), stage: "workflow" };
  return {
    ...incident,
    status: "failed",
    summary: `OpsAgent failed at ${failure.stage}: ${failure.message}`,
    failures: [...incident.failures, failure],
  };
}

function plain(error: { code: string; message: string; remedy: string }) {
  return { code: error.code, message: error.message, remedy: error.remedy };
}

/** Gives the record its timeline and its end. */
export function close(incident: Incident, timeline: readonly TimelineEntry[]): Incident {
  const received: TimelineEntry = {
    at: incident.alert.receivedAt,
    sinceMs: 0,
    event: "alert-received",
    detail: incident.alert.alarm?.reason ?? incident.alert.title,
  };
  return { ...incident, timeline: [received, ...timeline] };
}

function lower(sentence: string): string {
  return sentence.replace(/^./, (first) => first.toLowerCase());
}
