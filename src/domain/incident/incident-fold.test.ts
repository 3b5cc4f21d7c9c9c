import { describe, expect, it } from "vitest";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import type { Decision } from "../decision.ts";
import type { AskedApproval, Failure, GiveBack, Incident } from "./incident.ts";
import { EVENT_KINDS, type EventBody, type EventKind, type IncidentEvent } from "./incident-event.ts";
import { foldEvent, foldEvents, incidentId, openIncident } from "./incident-fold.ts";
import { endedNow } from "./incident-outcome.ts";
import { eventFromStore, eventToStore } from "./stored-event.ts";

const sample = resolvedIncident();
const given = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("the sample lacks it");
  return value;
};
const { alert } = sample;
const [diagnosis, decision] = [given(sample.diagnosis), given(sample.decision)];
const [evidence, verification] = [given(sample.evidence), given(sample.verification)];
const result = given(sample.actions[0]);
const step = given(result.steps[0]);
const id = incidentId(alert);
const at = "2026-11-23T07:01:00.000Z";

const event = (body: EventBody, key = body.kind as string, when = at): IncidentEvent =>
  ({ ...body, incidentId: id, key, at: when }) as IncidentEvent;
const opened = event({ kind: "opened", alert, diagnoser: "rules" });
const recordOf = (...bodies: EventBody[]): Incident => {
  const events = bodies.map((body, index) => event(body, `${body.kind}:${index}`));
  const record = foldEvents(undefined, [opened, ...events]);
  if (record === undefined) throw new Error("no record");
  return record;
};

const first = { attempt: "first" } as const;
const collected: EventBody = { kind: "evidence-collected", ...first, evidence };
const diagnosed: EventBody = { kind: "diagnosed", ...first, diagnosis };
const decided: EventBody = { kind: "decided", ...first, decision };
const ask: Decision = { ...decision, kind: "ask", why: "It is a rollback." } as Decision;
const asking: EventBody = { kind: "decided", ...first, decision: ask };
const approval: AskedApproval = {
  id: "question-1-question-1",
  requestedAt: at,
  deadline: "2026-11-23T07:31:00.000Z",
  planHash: "hash",
  why: "It is a rollback.",
};
const requested: EventBody = { kind: "approval-requested", ...first, approval };
const answer = (verdict: "approved" | "denied" | "withdrawn" | "expired" | "voided"): EventBody => ({
  kind: "approval-answered",
  approvalId: approval.id,
  planHash: "hash",
  answer: { verdict, at, by: { channel: "cli", id: "anna" }, note: "as seen" },
});
const { action, target, before, undo } = result;
const claimed: EventBody = {
  kind: "action-claimed",
  ...first,
  effect: "restart-stop-0",
  what: "stop task a",
  purpose: "action",
  action: { action, target, before, undo },
};
const stepped: EventBody = { kind: "action-step-ended", ...first, purpose: "action", step };
const ended: EventBody = { kind: "action-ended", ...first, result };
const looked: EventBody = {
  kind: "verification-looked",
  ...first,
  looks: 3,
  held: 2,
  holdLooks: 3,
  checks: [{ condition: "alarm-ok", met: true, detail: "alarm is OK" }],
};
const verified = (outcome: "recovered" | "worse"): EventBody => ({
  kind: "verified",
  ...first,
  verification: { ...verification, outcome },
});
const failure: Failure = { stage: "observe", code: "aws-failed", message: "boom", remedy: "look" };
const temporary: GiveBack = {
  from: 4,
  to: 2,
  dueAt: at,
  outcome: "waiting",
  detail: "2 added tasks go back",
};
const joined = {
  key: "k-2",
  title: "errors",
  state: "ALARM",
  firedAt: at,
  joinedAt: "2026-11-23T07:02:00.000Z",
  kind: "joined",
} as const;
const acted = [collected, diagnosed, decided, claimed, stepped, ended];

const waits: EventBody = { kind: "delivery-delayed", channel: "slack", what: "the report", failure };

/** What each kind of event does to the record, after the events that come before it. */
const EFFECTS: Readonly<Record<EventKind, readonly [readonly EventBody[], EventBody, object]>> = {
  opened: [
    [],
    opened,
    {
      id,
      status: "open",
      alert,
      progress: { phase: "investigating" },
      timeline: [{ event: "alert-received" }],
    },
  ],
  imported: [[], { kind: "imported", record: sample }, { ...sample }],
  "alert-attached": [[], { kind: "alert-attached", joined }, { joined: [joined] }],
  "grace-period-began": [
    [],
    { kind: "grace-period-began", refireOf: "inc-0", until: at },
    { refireOf: "inc-0", status: "open", progress: { phase: "waiting" } },
  ],
  "grace-period-ended": [
    [],
    { kind: "grace-period-ended", alarmState: "OK", passed: true },
    { passed: true, progress: { phase: "closing" } },
  ],
  "look-postponed": [
    [],
    { kind: "look-postponed", ...first, seconds: 30 },
    { status: "open", progress: { phase: "waiting", detail: expect.stringContaining("30 s") } },
  ],
  "evidence-collected": [[], collected, { evidence, progress: { phase: "investigating" } }],
  "evidence-added": [
    [collected],
    {
      kind: "evidence-added",
      ...first,
      added: { facts: evidence.facts.slice(0, 1), gaps: [] },
      after: { facts: evidence.facts.length, gaps: evidence.gaps.length },
    },
    { evidence: { facts: [...evidence.facts, ...evidence.facts.slice(0, 1)] } },
  ],
  diagnosed: [[collected], diagnosed, { diagnosis, severity: diagnosis.severity, status: "open" }],
  "diagnosis-failed": [
    [collected],
    { kind: "diagnosis-failed", ...first, reason: "no key", secondOpinion: diagnosis },
    { secondOpinion: diagnosis, progress: { phase: "closing" } },
  ],
  explained: [
    [collected, diagnosed],
    {
      kind: "explained",
      explanation: {
        cause: "orders-db is gone",
        impact: "not known",
        nextSteps: [],
        quotes: [],
        droppedQuotes: 0,
        by: "a-model",
      },
      model: { model: "a-model", calls: 2, inputTokens: 9, outputTokens: 3, milliseconds: 4 },
    },
    {
      status: "open",
      explanation: { cause: "orders-db is gone" },
      model: { calls: 2 },
      timeline: expect.arrayContaining([
        expect.objectContaining({ event: "incident-explained", detail: "In words: orders-db is gone" }),
      ]),
    },
  ],
  decided: [
    [collected, diagnosed],
    decided,
    { decision, status: "open", summary: expect.stringContaining("is being carried out") },
  ],
  "approval-requested": [
    [collected, diagnosed, asking],
    requested,
    { approval, progress: { phase: "asking" }, summary: expect.stringContaining("waits for a person until") },
  ],
  "approval-answered": [
    [collected, diagnosed, asking, requested],
    answer("approved"),
    {
      status: "open",
      approval: { answer: { verdict: "approved" } },
      progress: { phase: "checking", detail: expect.stringContaining("approved by anna") },
      summary: expect.stringContaining("was approved by anna"),
    },
  ],
  "approval-refused": [
    [collected, diagnosed, asking, requested],
    {
      kind: "approval-refused",
      verdict: "approved",
      by: { channel: "slack", id: "U2" },
      outcome: "not-allowed",
    },
    { approval, progress: { phase: "asking" } },
  ],
  "action-reserved": [
    [collected, diagnosed, decided],
    { kind: "action-reserved", ...first, action: "restart", granted: true },
    { actions: [], progress: { phase: "acting", detail: "about to restart" } },
  ],
  "action-claimed": [
    [collected, diagnosed, decided],
    claimed,
    {
      status: "open",
      actions: [{ action: "restart", attempt: "first", outcome: "unknown", steps: [] }],
      progress: { phase: "acting", detail: "stop task a" },
      summary: expect.stringContaining("restart is under way: stop task a"),
    },
  ],
  "action-step-ended": [
    [collected, diagnosed, decided, claimed],
    stepped,
    { status: "open", actions: [{ steps: [step], outcome: "done" }], progress: { phase: "acting" } },
  ],
  "action-ended": [
    [collected, diagnosed, decided, claimed, stepped],
    ended,
    {
      status: "open",
      actions: [{ ...result, attempt: "first" }],
      progress: { phase: "proving" },
      summary: expect.stringContaining("whether it helped is being verified"),
    },
  ],
  "verification-looked": [
    acted,
    looked,
    { status: "open", progress: { phase: "proving", detail: expect.stringContaining("held 2 of 3 looks") } },
  ],
  verified: [
    acted,
    verified("recovered"),
    { status: "open", verification, actions: [{ verification }], progress: { phase: "closing" } },
  ],
  "verification-doubted": [
    [...acted, verified("recovered")],
    {
      kind: "verification-doubted",
      verification: { ...verification, outcome: "unknown", reason: "But cpu." },
    },
    { verification: { outcome: "unknown" } },
  ],
  undone: [
    [...acted, verified("worse")],
    { kind: "undone", ...first, steps: [step] },
    { actions: [{ undone: [step] }], progress: { phase: "closing" } },
  ],
  "capacity-added": [
    [...acted, verified("recovered")],
    { kind: "capacity-added", temporary },
    { giveBack: temporary },
  ],
  "capacity-returned": [
    [...acted, verified("recovered"), { kind: "capacity-added", temporary }, { kind: "closed" }],
    { kind: "capacity-returned", temporary: { ...temporary, outcome: "given-back" } },
    { status: "resolved", giveBack: { outcome: "given-back" } },
  ],
  "grouping-window-opened": [
    [{ kind: "closed" }],
    { kind: "grouping-window-opened", until: at },
    { closedAt: at, progress: { phase: "grouping" } },
  ],
  "grouping-window-closed": [
    [{ kind: "closed" }, { kind: "grouping-window-opened", until: at }],
    { kind: "grouping-window-closed" },
    { closedAt: at },
  ],
  "late-alert-fired": [
    [{ kind: "closed" }],
    { kind: "late-alert-fired", title: "latency", toldAs: "escalated" },
    { closedAt: at, timeline: [{}, { event: "alarm-joined" }] },
  ],
  "approval-extended": [
    [collected, diagnosed, asking, requested],
    { kind: "approval-extended", approvalId: approval.id, deadline: "2026-11-23T09:00:00.000Z" },
    {
      approval: { ...approval, deadline: "2026-11-23T09:00:00.000Z" },
      progress: { phase: "asking", detail: expect.stringContaining("until 2026-11-23T09:00:00.000Z") },
    },
  ],
  notified: [
    [waits],
    { kind: "notified", channel: "pagerduty", what: "the report", insteadOf: "slack" },
    { failures: [], undelivered: [{ channel: "slack", toldBy: "pagerduty" }] },
  ],
  "delivery-delayed": [
    [],
    waits,
    { failures: [], undelivered: [{ channel: "slack", what: "the report", reason: failure.message }] },
  ],
  "delivery-superseded": [
    [waits],
    { kind: "delivery-superseded", channel: "slack", what: "the report", why: "something newer is told" },
    { failures: [], status: "open" },
  ],
  "notification-failed": [
    [],
    { kind: "notification-failed", channel: "slack", failure },
    { failures: [failure], status: "open" },
  ],
  "step-failed": [[], { kind: "step-failed", failure, noted: true }, { failures: [failure], status: "open" }],
  failed: [
    acted,
    { kind: "failed", failure },
    { status: "failed", summary: expect.stringContaining("observe: boom"), actions: [{ action: "restart" }] },
  ],
  closed: [[...acted, verified("recovered")], { kind: "closed" }, { status: "resolved", closedAt: at }],
  judged: [
    [{ kind: "closed" }],
    { kind: "judged", verdict: "right", by: "anna", note: "" },
    { closedAt: at },
  ],
};

describe("autoscaling's own alarm", () => {
  const noFault: EventBody = { ...diagnosed, diagnosis: { ...diagnosis, cause: "no-fault", action: "none" } };
  const decline: Decision = { ...decision, kind: "decline", reasons: ["Nothing is wrong."] } as Decision;
  const alarmed = (data: object): EventBody => ({
    ...collected,
    evidence: {
      ...evidence,
      facts: [
        {
          id: "E1",
          kind: "alarm",
          provenance: "metric",
          statement: "the alarm",
          data: { name: "a", state: "ALARM", ...data },
        },
      ],
    },
  });
  const outcome = (data: object, verdict: EventBody = noFault) => {
    const { status, summary } = endedNow(
      recordOf(alarmed(data), verdict, { kind: "decided", ...first, decision: decline }),
    );
    return { status, summary };
  };

  it("on a service that is well is noted in one line, and pages nobody", () => {
    expect(outcome({ scaling: "in" })).toEqual({ status: "observed", summary: diagnosis.rootCause });
  });

  it("is told as any other where something is wrong, or where it is not the one that fired", () => {
    expect(outcome({ scaling: "in" }, diagnosed).status).toBe("escalated");
    expect(outcome({ scaling: "in", other: true }).status).toBe("escalated");
    expect(outcome({}).status).toBe("escalated");
  });
});

describe("the record after", () => {
  it.each(EVENT_KINDS)("%s", (kind) => {
    const [events, last, expected] = EFFECTS[kind];

    const record = kind === "opened" ? recordOf() : recordOf(...events, last);

    expect(record).toMatchObject(expected);
  });
});

describe("an event", () => {
  it.each(EVENT_KINDS)("%s is read from a store as it was kept", (kind) => {
    const kept = event(EFFECTS[kind][1]);

    const read = eventFromStore(eventToStore(kept).stored);

    expect(read).toEqual(kept);
  });

  it("of an unknown kind changes nothing but the timeline, and says what to do", () => {
    const stored = { incidentId: id, key: "k", kind: "teleported", at, text: '{"kind":"teleported"}' };

    const record = foldEvent(recordOf(collected), eventFromStore(stored));

    expect(record).toMatchObject({ evidence, status: "open" });
    expect(record?.timeline.at(-1)).toMatchObject({
      event: "unknown-event",
      detail: expect.stringMatching(/teleported.*update this one/),
    });
  });

  it("whose fields a newer version has changed is kept as unknown", () => {
    const text = JSON.stringify({ ...opened, alert: "elsewhere" });

    expect(eventFromStore({ incidentId: id, key: "k", kind: "opened", at, text })).toMatchObject({
      kind: "unknown",
      was: "opened",
    });
  });

  it("that came before the opening is not lost", () => {
    const early = event({ kind: "alert-attached", joined });

    expect(foldEvents(undefined, [early, opened])).toMatchObject({ status: "open", joined: [joined] });
  });

  it("before the opening makes no record", () => {
    expect(foldEvents(undefined, [event(collected)])).toBeUndefined();
  });
});

describe("an incident's id", () => {
  it("is readable, safe as a name, and the same for the same alert", () => {
    expect(id).toMatch(/^inc-20261123t065959-[0-9a-f]{8}$/);
    expect(incidentId({ ...alert, receivedAt: "2026-11-24T00:00:00.000Z" })).toBe(id);
    expect(incidentId({ ...alert, key: "another" })).not.toBe(id);
  });
});

describe("an incident's end", () => {
  const closed: EventBody = { kind: "closed" };
  const outcome = (...bodies: EventBody[]) => recordOf(...bodies, closed);

  it("is resolved only once recovery is proven", () => {
    expect(recordOf(collected, diagnosed, decided).status).toBe("open");
    expect(outcome(...acted).status).toBe("escalated");
    expect(outcome(...acted, verified("worse")).status).toBe("escalated");
    expect(outcome(...acted, verified("recovered")).status).toBe("resolved");
  });

  it("leaves nothing going on", () => {
    expect(outcome(...acted, verified("recovered"))).not.toHaveProperty("progress");
  });

  it("is escalated when nothing was changed, with the reason of the last step", () => {
    const nothing = { ...step, outcome: "refused" as const, detail: "AWS said no." };

    const record = outcome(collected, diagnosed, decided, claimed, {
      kind: "action-ended",
      ...first,
      result: { ...result, outcome: "nothing-changed", steps: [nothing] },
    });

    expect(record).toMatchObject({ status: "escalated", summary: expect.stringContaining("AWS said no.") });
    expect(record.timeline.map(({ event }) => event)).toContain("action-refused");
  });

  it("is observed when its question was withdrawn, and left to people when an alarm fired after that", () => {
    const asked = [collected, diagnosed, asking, requested, answer("withdrawn")];
    const early = { ...joined, joinedAt: "2026-11-23T07:00:59.000Z" };

    expect(outcome(...asked).status).toBe("observed");
    expect(outcome(...asked, { kind: "alert-attached", joined: early }).status).toBe("observed");
    const late = outcome(...asked, { kind: "alert-attached", joined });
    expect(late.status).toBe("escalated");
    expect(late.summary).toMatch(/as seen But errors fired at/);
  });

  it.each(["denied", "expired", "voided"] as const)(
    "is left to people when the question was %s",
    (verdict) => {
      const record = outcome(collected, diagnosed, asking, requested, answer(verdict));

      expect(record).toMatchObject({ status: "escalated", approval: { answer: { verdict } } });
    },
  );

  it("is observed where only the mode stood in the way, else escalated", () => {
    const held: Extract<Decision, { kind: "decline" }> = {
      kind: "decline",
      cause: "oom-kill",
      confidence: { stated: 1, earned: 1, lowered: [] },
      trail: [{ rule: "mode", outcome: "refuse", reason: "Mode observe." }],
      action: "scale",
      reasons: ["Mode observe."],
    };
    const plan = { action: "scale", from: 2, to: 4 } as const;
    const wouldHave = { kind: "act", target, plan } as const;

    expect(outcome({ kind: "decided", ...first, decision: { ...held, wouldHave } }).status).toBe("observed");
    expect(outcome({ kind: "decided", ...first, decision: held }).status).toBe("escalated");
  });

  it("stays failed, whatever comes afterwards", () => {
    const record = outcome({ kind: "failed", failure }, ...acted, verified("recovered"));

    expect(record).toMatchObject({ status: "failed", summary: expect.stringContaining("boom") });
  });

  it.each(["OK", "INSUFFICIENT_DATA"] as const)("is observed for a change to %s", (state) => {
    const note = event({ kind: "opened", alert: { ...alert, state }, diagnoser: "rules" });

    expect(foldEvents(undefined, [note, event(closed)])?.status).toBe("observed");
  });

  it("is escalated where the alert has no usable target", () => {
    const { target: _, ...targetless } = alert;
    const targetProblem = "Which one?";
    const lost = event({ kind: "opened", alert: { ...targetless, targetProblem }, diagnoser: "rules" });

    const record = foldEvents(undefined, [lost, event(closed)]);

    expect(record).toMatchObject({ status: "escalated", summary: targetProblem });
  });
});

describe("after people were told", () => {
  const told = [
    collected,
    diagnosed,
    { kind: "decided", ...first, decision: ask },
    { kind: "closed" },
  ] as const;

  it("a late look that changes nothing leaves what they were told", () => {
    const record = recordOf(
      ...told,
      { kind: "evidence-collected", attempt: "late", evidence: { ...evidence, facts: [] } },
      { kind: "diagnosed", attempt: "late", diagnosis: { ...diagnosis, cause: "unknown" } },
      { kind: "decided", attempt: "late", decision },
    );

    expect(record).toMatchObject({ status: "escalated", evidence, diagnosis, decision: ask, closedAt: at });
  });

  it("a late action opens the incident again until it is closed anew", () => {
    const basis = { evidence, diagnosis: { ...diagnosis, cause: "oom-kill" as const } };
    const late = { ...claimed, attempt: "late" } as EventBody;

    const acting = recordOf(...told, { kind: "decided", attempt: "late", decision, basis }, late);

    expect(acting).toMatchObject({
      status: "open",
      diagnosis: { cause: "oom-kill" },
      progress: { phase: "acting" },
    });
    expect(acting).not.toHaveProperty("closedAt");
  });

  it("giving back capacity says what is being done, and leaves the end as it was", () => {
    const scaling = {
      ...claimed,
      purpose: "scale-in",
      what: "set the desired count from 4 to 2",
    } as EventBody;

    const record = recordOf(...acted, verified("recovered"), { kind: "closed" }, scaling);

    expect(record).toMatchObject({ status: "resolved", closedAt: at, progress: { phase: "scaling-in" } });
    expect(record.actions).toHaveLength(1);
  });

  it("a channel that is away is told once, however many updates it missed", () => {
    const lost = (what: string): EventBody => ({
      kind: "notification-failed",
      channel: "webhook",
      what,
      failure,
    });
    const older: EventBody = { kind: "notification-failed", channel: "status updates", failure };

    expect(recordOf(lost("status update opened"), lost("status update decided")).failures).toEqual([failure]);
    expect(recordOf(older, older, older).failures).toEqual([failure]);
  });
});

it("waits for a channel until that channel has taken it, or it is given up", () => {
  const taken: EventBody = { kind: "notified", channel: "slack", what: "the report" };
  const lost: EventBody = { kind: "notification-failed", channel: "slack", what: "the report", failure };
  const other: EventBody = { ...taken, what: "the question" };

  expect(recordOf(waits, waits).undelivered).toHaveLength(1);
  expect(recordOf(waits, other).undelivered).toHaveLength(1);
  expect(recordOf(waits, taken).undelivered).toBeUndefined();
  expect(recordOf(waits, lost)).not.toHaveProperty("undelivered");
  expect(recordOf(waits, lost).failures).toEqual([failure]);
});

it("is worked on from the moment its alert came", () => {
  expect(openIncident(alert, "rules")).toMatchObject({ progress: { phase: "investigating" } });
});
