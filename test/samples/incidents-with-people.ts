import { type Approver, planHash } from "../../src/domain/approval.ts";
import type { Decision, Plan } from "../../src/domain/decision.ts";
import type { Diagnosis } from "../../src/domain/diagnosis.ts";
import type {
  ActionResult,
  AskedApproval,
  Incident,
  Verification,
} from "../../src/domain/incident/incident.ts";
import { at, target } from "./evidence.ts";
import { resolvedIncident } from "./incidents.ts";

/** Incidents in which a person was asked: a bad deployment, with every answer there is. */

export const rollbackPlan = {
  action: "rollback",
  from: "payment-service:42",
  to: "payment-service:41",
  how: "update-service",
} as const satisfies Plan;

const { id } = resolvedIncident();

const asked: AskedApproval = {
  id: "5b2c1f0a-6f0f-4a53-9d55-2f2a4be6a001",
  requestedAt: at(2),
  deadline: at(1802),
  planHash: planHash(id, target, rollbackPlan),
};

const person: Approver = { channel: "slack", id: "U0ONCALL7" };

const diagnosis: Diagnosis = {
  cause: "bad-deploy",
  rootCause: "Revision 42 answers a third of the requests with errors since it went out",
  action: "rollback",
  confidence: 0.89,
  severity: "P2",
  rca: "Errors began two minutes after revision 42 had replaced revision 41; only its image differs, and traffic is level.",
  evidence: ["E1", "E4"],
  against: ["E2"],
  ruledOut: [{ cause: "dependency-down", why: "no refused or timed out connection is logged" }],
  missing: [],
  nextSteps: ["Compare the images of revisions 41 and 42", "Add the failing request to the release tests"],
  by: "rules",
};

const decision: Extract<Decision, { kind: "ask" }> = {
  kind: "ask",
  cause: "bad-deploy",
  confidence: { stated: 0.89, earned: 0.89, lowered: [] },
  trail: [
    { rule: "confidence-threshold", outcome: "pass", reason: "0.89 is above 0.75" },
    { rule: "cause-action-matrix", outcome: "ask", reason: "rollback for bad-deploy is for a person" },
    { rule: "mode", outcome: "ask", reason: "rollback needs a person's approval" },
  ],
  action: "rollback",
  target,
  plan: rollbackPlan,
  why: "rollback needs a person's approval",
};

/** What the second look at the service decides, after a yes. */
const acted: Decision = {
  ...decision,
  kind: "act",
  plan: rollbackPlan,
  trail: [
    { rule: "confidence-threshold", outcome: "pass", reason: "0.89 is above 0.75" },
    { rule: "approved-plan", outcome: "pass", reason: "the plan is the one that was approved" },
  ],
};

const rollback: ActionResult = {
  action: "rollback",
  target,
  outcome: "done",
  before: { taskDefinition: "payment-service:42" },
  after: { taskDefinition: "payment-service:41" },
  steps: [
    {
      what: "UpdateService to payment-service:41",
      outcome: "done",
      detail: "the deployment completed after 74 s",
      startedAt: at(190),
      endedAt: at(264),
    },
  ],
  undo: "deploy payment-service:42 again",
};

const proof: Verification = {
  outcome: "recovered",
  reason: "steady at 2 tasks, errors inside the threshold and the alarms OK for 3 looks",
  checks: [
    { condition: "service-steady", met: true, detail: "2 of 2 tasks running" },
    { condition: "no-bad-stops", met: true, detail: "no task stopped since the action" },
    { condition: "metric-inside-threshold", met: true, detail: "0.2 is below 5" },
    { condition: "alarm-ok", met: true, detail: "OK since 07:06:40" },
    { condition: "joined-alarms-ok", met: true, detail: "payment-latency is OK" },
  ],
  looks: 6,
  heldLooks: 3,
  metricBefore: 31.4,
  metricAfter: 0.2,
  startedAt: at(264),
  endedAt: at(444),
};

const requested = { at: at(2), sinceMs: 2000, event: "approval-asked", detail: "rollback, until 07:30 UTC" };

/** As it stands while nobody has answered. */
export function waitingApproval(): Incident {
  const { verification: _v, closedAt: _c, ...incident } = resolvedIncident();
  return structuredClone({
    ...incident,
    status: "open",
    summary: `${diagnosis.rootCause}. A rollback waits for a person's approval.`,
    diagnosis,
    decision,
    approval: asked,
    actions: [],
    timeline: [...incident.timeline.slice(0, 4), requested],
  } satisfies Incident);
}

/** Approved, rolled back, proven. */
export function approvedRollback(): Incident {
  const incident = answered({ verdict: "approved", at: at(188), by: person, note: "go ahead, 41 was fine" });
  return {
    ...incident,
    status: "resolved",
    decision: acted,
    closedAt: at(446),
    summary: "Revision 42 answered requests with errors. Fixed by rollback, and proven.",
    actions: [structuredClone(rollback)],
    verification: structuredClone(proof),
    joined: [
      {
        key: "k-1",
        title: "payment-latency",
        alarm: "payment-latency",
        state: "ALARM",
        firedAt: at(20),
        joinedAt: at(21),
        kind: "joined",
      },
    ],
  };
}

/** A person said no, so nothing was done. */
export function deniedRollback(): Incident {
  return answered({
    verdict: "denied",
    at: at(95),
    by: { channel: "cli", id: "alice" },
    note: "the migration cannot be rolled back",
  });
}

/** Nobody answered in time. */
export function expiredApproval(): Incident {
  return { ...answered({ verdict: "expired", at: at(1802) }), closedAt: at(1803) };
}

/** Approved, but somebody had deployed meanwhile. */
export function voidedApproval(): Incident {
  const reason = "the service runs payment-service:43 by now, deployed at 07:02";
  const incident = answered({ verdict: "voided", at: at(190), by: person, note: reason });
  const { plan: _p, why: _w, ...asking } = decision;
  return {
    ...incident,
    decision: {
      ...asking,
      kind: "decline",
      trail: [...asking.trail, { rule: "approved-plan", outcome: "refuse", reason }],
      reasons: [reason],
    },
  };
}

function answered(answer: NonNullable<AskedApproval["answer"]>): Incident {
  const incident = waitingApproval();
  const seconds = (Date.parse(answer.at) - Date.parse(at(0))) / 1000;
  return {
    ...incident,
    status: "escalated",
    closedAt: at(seconds + 1),
    summary: `${diagnosis.rootCause}. The rollback was ${answer.verdict}.`,
    approval: { ...asked, answer },
    timeline: [
      ...incident.timeline,
      {
        at: answer.at,
        sinceMs: seconds * 1000,
        event: `approval-${answer.verdict}`,
        detail: answer.note ?? "",
      },
    ],
  };
}
