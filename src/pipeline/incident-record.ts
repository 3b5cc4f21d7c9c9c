/** The incident record as it opens, fails and closes. Pure: no clock, no I/O. */
import { createHash } from "node:crypto";
import type { Alert } from "../domain/alert.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { Incident, IncidentStatus, TimelineEntry } from "../domain/incident.ts";
import { StageFailure } from "./run.ts";

/** The incident's id: readable, and the same however often the alert is delivered. */
export function incidentId(alert: Alert): string {
  const stamp = alert.firedAt.replace(/[-:]/g, "").slice(0, 15);
  return `inc-${stamp}-${createHash("sha256").update(alert.key).digest("hex").slice(0, 8)}`.toLowerCase();
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

function concluded(incident: Incident): Incident {
  const [status, summary] = outcomeOf(incident);
  return { ...incident, status, summary };
}

function outcomeOf(incident: Incident): [IncidentStatus, string] {
  const { alert, decision, verification } = incident;
  const cause = incident.diagnosis?.rootCause ?? "";
  if (alert.state !== "ALARM") return ["observed", `The alarm went to ${alert.state}; noted, nothing to do.`];
  if (alert.targetProblem !== undefined) return ["escalated", alert.targetProblem];
  const action = incident.actions.at(-1);
  if (action !== undefined) {
    if (verification?.outcome === "recovered" && action.outcome === "unknown") {
      return [
        "escalated",
        `${cause} The service recovered, but whether ${action.action} took place is not known.`,
      ];
    }
    if (verification?.outcome === "recovered")
      return ["resolved", `${cause} Fixed by ${action.action}, and proven: ${lower(verification.reason)}`];
    if (action.outcome === "nothing-changed") {
      return ["escalated", `${cause} ${action.action} changed nothing: ${action.steps.at(-1)?.detail ?? ""}`];
    }
    const done = {
      done: "was done, but not proven",
      "partly-done": "was partly done, and is not proven",
      unknown: "may or may not have been done, and is not proven",
    }[action.outcome];
    return ["escalated", `${cause} ${action.action} ${done}: ${verification?.reason ?? "not yet verified."}`];
  }
  if (decision?.kind === "decline") {
    const refused = decision.trail.filter((result) => result.outcome === "refuse");
    const onlyMode = refused.length > 0 && refused.every((result) => result.rule === "mode");
    return [onlyMode ? "observed" : "escalated", `${cause} Nothing was done: ${decision.reasons.join(" ")}`];
  }
  if (decision?.kind === "ask")
    return ["escalated", `${cause} ${decision.action} waits for a person: ${decision.why}`];
  return [incident.status, incident.summary];
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
