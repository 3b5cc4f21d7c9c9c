import type { AttachedAlert } from "../../src/domain/alert-grouping.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { ActionResult, Incident, Verification } from "../../src/domain/incident/incident.ts";
import { at, evidence, target, taskId } from "./evidence.ts";
import { observedIncident, resolvedIncident, unprovenIncident } from "./incidents.ts";

/** Incidents that take more than one action or more than one alarm: undone, tried again, joined, recurring. */

const worse: Verification = {
  outcome: "worse",
  reason: "the alarm metric rose from 97.8 to 99.6 and a new task was OOM-killed",
  checks: [
    { condition: "service-steady", met: false, detail: "3 of 4 tasks running" },
    { condition: "no-bad-stops", met: false, detail: "1 task stopped: OutOfMemoryError" },
    { condition: "metric-inside-threshold", met: false, detail: "99.6 is above 90" },
    { condition: "alarm-ok", met: false, detail: "ALARM" },
  ],
  looks: 3,
  heldLooks: 0,
  metricBefore: 97.8,
  metricAfter: 99.6,
  metricPoints: [
    [Date.parse(at(60)), 98.4],
    [Date.parse(at(120)), 99.6],
  ],
  startedAt: at(34),
  endedAt: at(124),
};

const scaled: ActionResult = {
  action: "scale",
  target,
  outcome: "done",
  before: { desired: 2 },
  after: { desired: 4 },
  steps: [
    {
      what: "set desired to 4",
      outcome: "done",
      detail: "4 tasks wanted",
      startedAt: at(2.1),
      endedAt: at(33),
    },
  ],
  undo: "set desired to 2",
  verification: worse,
  undone: [
    {
      what: "set desired to 2",
      outcome: "done",
      detail: "2 tasks wanted again",
      startedAt: at(125),
      endedAt: at(127),
    },
  ],
};

/** Two tasks were added, that made things worse, and they were taken away again. */
export function undoneScale(): Incident {
  return structuredClone({
    ...unprovenIncident(),
    summary: "Two tasks were added; that made things worse, so they were taken away again.",
    actions: [scaled],
    verification: worse,
  } satisfies Incident);
}

const trail: Decision["trail"] = [
  { rule: "confidence-threshold", outcome: "pass", reason: "0.84 is above 0.75" },
  { rule: "cause-action-matrix", outcome: "pass", reason: "restart cures memory-leak" },
  { rule: "no-repeat", outcome: "pass", reason: "restart was not tried in this incident" },
];

/** The same, and then a second look, another diagnosis, and a restart that helped. */
export function furtherAttempt(): Incident {
  const { verification, decision, diagnosis } = resolvedIncident();
  const second = resolvedIncident().actions.map((action) => ({
    ...action,
    steps: action.steps.map((step) => ({ ...step, startedAt: at(140), endedAt: at(171) })),
    ...(verification && { verification: { ...verification, startedAt: at(172), endedAt: at(352) } }),
  }));
  const [last] = second;
  return {
    ...undoneScale(),
    status: "resolved",
    closedAt: at(353),
    summary: "Adding tasks did not help; restarting the leaking task did, and that is proven.",
    ...(diagnosis && {
      diagnosis: {
        ...diagnosis,
        cause: "traffic-spike",
        action: "scale",
        rootCause: "More requests than two tasks can serve",
        confidence: 0.88,
      },
    }),
    further: structuredClone({
      evidence: { ...evidence, observedAt: at(130) },
      ...(diagnosis && { diagnosis: { ...diagnosis, confidence: 0.84 } }),
      ...(decision && {
        decision: { ...decision, confidence: { stated: 0.84, earned: 0.84, lowered: [] }, trail },
      }),
    }),
    actions: [structuredClone(scaled), ...second],
    ...(last?.verification && { verification: last.verification }),
  };
}

/** After the undone scale the second look wants an action that only a person may allow, and waits. */
export function furtherWaiting(): Incident {
  const { further, closedAt: _, ...incident } = furtherAttempt();
  const [first] = incident.actions;
  const decision = further?.decision;
  return {
    ...incident,
    status: "open",
    summary: "Adding tasks made things worse and was taken back; a restart waits for a person.",
    actions: first ? [first] : [],
    ...(first?.verification && { verification: first.verification }),
    ...(further && {
      further: {
        ...further,
        ...(decision?.kind === "act" && {
          decision: {
            ...decision,
            kind: "ask",
            trail: [
              ...trail,
              { rule: "action-budget", outcome: "ask", reason: "3 actions in the last hour" },
            ],
            why: "3 actions in the last hour",
          },
        }),
        approval: {
          id: "5b2c1f0a-6f0f-4a53-9d55-2f2a4be6a002",
          requestedAt: at(132),
          deadline: at(1932),
          planHash: "c0ffee11aa22bb33cc44dd55ee66ff7788990011223344556677889900aabbcc",
        },
      },
    }),
  };
}

const joinedAlert = (name: string, seconds: number, given: Partial<AttachedAlert> = {}): AttachedAlert => ({
  key: `${name}#${at(seconds)}`,
  title: name,
  alarm: name,
  state: "ALARM",
  firedAt: at(seconds),
  joinedAt: at(seconds + 1),
  kind: "joined",
  ...given,
});

/** Three alarms of the same service beside its own, one of them twice, and one that fired again after the end. */
export function joinedIncident(): Incident {
  return {
    ...resolvedIncident(),
    joined: [
      joinedAlert("payment-5xx", 12),
      joinedAlert("payment-latency", 20),
      joinedAlert("payment-latency", 160, { state: "OK" }),
      joinedAlert("payment-unhealthy-hosts", 31),
      joinedAlert("payment-memory", 240, { kind: "refired" }),
    ],
  };
}

/** The record of an alert that belongs to another incident. */
export function joinedNote(): Incident {
  const { evidence: _e, diagnosis: _d, decision: _c, verification: _v, ...incident } = resolvedIncident();
  return {
    ...incident,
    id: "inc-20261123-070020-payment-latency",
    status: "observed",
    summary: `It belongs to incident ${incident.id}, which is open.`,
    actions: [],
    joinedTo: incident.id,
  };
}

/** The same alarm for the fourth time in an hour, and nothing is wrong: noise that was judged before. */
export function flappingNoFault(): Incident {
  const { verification: _, ...incident } = observedIncident();
  const { diagnosis } = incident;
  const earlier = "inc-20261123-064000-payment-service";
  const reason = "Nothing is wrong, so nothing is done.";
  return structuredClone({
    ...incident,
    status: "observed",
    severity: "P3",
    summary: "Nothing is wrong; the alarm goes back and forth around its threshold.",
    refireOf: earlier,
    rememberedFrom: earlier,
    recurrence: { count: 3, lastIncidentId: earlier, flapping: true },
    evidence: {
      ...evidence,
      facts: [
        ...evidence.facts,
        {
          id: "E7",
          provenance: "memory",
          at: at(-1200),
          statement: "Earlier incident, 20 min ago, same alarm: no-fault, nothing done, escalated.",
          kind: "past-incident",
          data: {
            incidentId: earlier,
            cause: "no-fault",
            action: "none",
            outcome: "escalated",
            closedAt: at(-1190),
            agoSeconds: 1190,
            sameAlarm: true,
          },
        },
      ],
    },
    ...(diagnosis && {
      diagnosis: {
        ...diagnosis,
        cause: "no-fault",
        action: "none",
        severity: "P3",
        rootCause: "Memory touches the threshold for one period and falls back by itself",
        evidence: ["E1", "E7"],
        nextSteps: ["Ask for three periods above the threshold instead of one"],
      },
    }),
    decision: {
      kind: "decline",
      cause: "no-fault",
      confidence: { stated: 0.91, earned: 0.91, lowered: [] },
      action: "none",
      trail: [{ rule: "action-proposed", outcome: "refuse", reason }],
      reasons: [reason],
    },
  } satisfies Incident);
}

/** Mode observe: what would have been done, had the mode allowed it. */
export function observedWouldHave(): Incident {
  const reason = "The mode of restart is observe.";
  const task = {
    taskArn: `arn:aws:ecs:us-east-1:123456789012:task/production/${taskId}`,
    taskId,
    why: "oldest",
  };
  return {
    ...observedIncident(),
    decision: {
      kind: "decline",
      cause: "memory-leak",
      confidence: { stated: 0.91, earned: 0.91, lowered: [] },
      action: "restart",
      trail: [{ rule: "mode", outcome: "refuse", reason }],
      reasons: [reason],
      wouldHave: { kind: "act", target, plan: { action: "restart", tasks: [task] } },
    },
  };
}

/** A traffic spike, two tasks added, proven, and given back half an hour later. */
export function gaveBack(): Incident {
  const { verification } = resolvedIncident();
  const { verification: _v, undone: _u, ...scale } = scaled;
  return {
    ...unprovenIncident(),
    status: "resolved",
    summary: "More requests than two tasks can serve. Fixed by scale, and proven.",
    actions: [structuredClone(scale)],
    ...(verification && { verification }),
    giveBack: {
      from: 4,
      to: 2,
      dueAt: at(2014),
      outcome: "given-back",
      detail: "recovery had held for 30 min",
      at: at(2016),
    },
  };
}
