/** Incidents as the scorecard sees them. Times are minutes after {@link START}. */
import type { Cause } from "../../src/domain/cause.ts";
import type { Diagnosis } from "../../src/domain/diagnosis.ts";
import type { ActionResult, Incident, Verification } from "../../src/domain/incident/incident.ts";
import type { ScoredIncident } from "../../src/reporting/scorecard/scorecard-case.ts";
import { diagnosisOf, TARGET } from "./facts.ts";

export const START = "2026-11-23T07:00:00.000Z";

export const minutesIn = (minutes: number) => new Date(Date.parse(START) + minutes * 60_000).toISOString();

interface Given {
  id?: string;
  at?: number;
  alarm?: string;
  state?: "ALARM" | "OK";
  cause?: Cause;
  by?: Diagnosis["by"];
}

/** A record in which nothing was decided. */
export function alarmRecord(given: Given = {}): ScoredIncident & Incident {
  const { at = 0, alarm = "shop-memory", state = "ALARM" } = given;
  return {
    schemaVersion: "1",
    id: given.id ?? `inc-${alarm}-${state}-${at}`,
    status: state === "OK" ? "observed" : "escalated",
    summary: "",
    severity: "P2",
    target: TARGET,
    openedAt: minutesIn(at),
    diagnoser: "rules",
    alert: {
      key: `${alarm} ${state} ${at}`,
      source: "cloudwatch-sns",
      state,
      firedAt: minutesIn(at),
      receivedAt: minutesIn(at),
      title: alarm,
      target: TARGET,
      alarm: { name: alarm },
    },
    ...(given.cause === undefined
      ? {}
      : { diagnosis: diagnosisOf({ cause: given.cause, by: given.by ?? "rules" }) }),
    actions: [],
    failures: [],
    timeline: [],
  };
}

/** Mode observe: a restart for `cause` would have been made. */
export function wouldHaveRestarted(given: Given = {}): ScoredIncident & Incident {
  const cause = given.cause ?? "oom-kill";
  return {
    ...alarmRecord({ ...given, cause }),
    decision: {
      kind: "decline",
      cause,
      action: "restart",
      confidence: { stated: 0.9, earned: 0.9, lowered: [] },
      trail: [],
      reasons: ["Mode observe."],
      wouldHave: {
        kind: "act",
        target: TARGET,
        plan: { action: "restart", tasks: [{ taskArn: "arn", taskId: "a", why: "sick" }] },
      },
    },
  };
}

export function verified(outcome: Verification["outcome"]): Verification {
  return {
    outcome,
    reason: `it ${outcome}`,
    checks: [],
    looks: 3,
    heldLooks: 3,
    startedAt: START,
    endedAt: START,
  };
}

export function restart(given: Partial<ActionResult> = {}, at = 0): ActionResult {
  return {
    action: "restart",
    target: TARGET,
    outcome: "done",
    before: {},
    after: {},
    steps: [
      { what: "stop a", outcome: "done", detail: "", startedAt: minutesIn(at), endedAt: minutesIn(at) },
    ],
    undo: "",
    ...given,
  };
}

/** A restart for `cause` that ended so. */
export function restarted(
  outcome: Verification["outcome"] | undefined,
  given: Given & { action?: Partial<ActionResult> } = {},
): ScoredIncident & Incident {
  const cause = given.cause ?? "oom-kill";
  return {
    ...alarmRecord({ ...given, cause }),
    decision: {
      kind: "act",
      cause,
      action: "restart",
      target: TARGET,
      confidence: { stated: 0.9, earned: 0.9, lowered: [] },
      trail: [],
      plan: { action: "restart", tasks: [{ taskArn: "arn", taskId: "a", why: "sick" }] },
    },
    actions: [restart(given.action, given.at)],
    ...(outcome === undefined ? {} : { verification: verified(outcome) }),
  };
}
