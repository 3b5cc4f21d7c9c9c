/** One call of each method that writes, as a test can repeat it: first in calm, then in a crash, then again. */
import type { GroupingRequest } from "../../src/domain/alert-grouping.ts";
import type { Approval, ApprovalAnswer } from "../../src/domain/approval.ts";
import type { AuditInput } from "../../src/domain/incident/audit.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import type { Reservation } from "../../src/domain/reservation.ts";
import { keepWord } from "../support/keep-record.ts";

export const AT = "2026-11-23T07:00:00.000Z";
export const LATER = "2026-11-23T07:10:00.000Z";
export const target = { cluster: "production", service: "payment-service" };
const PLACE = "service production/payment-service";

export function admission(name: string, changes: Partial<GroupingRequest> = {}): GroupingRequest {
  return {
    alert: {
      key: `key-${name}`,
      source: "cloudwatch-sns",
      state: "ALARM",
      firedAt: AT,
      receivedAt: AT,
      title: `alarm ${name}`,
      target,
      alarm: { name: `alarm-${name}` },
    },
    place: PLACE,
    incidentId: `inc-${name}`,
    engine: "engine-1",
    at: AT,
    aliveUntil: LATER,
    ...changes,
  };
}

export function reservation(incidentId: string, changes: Partial<Reservation["record"]> = {}): Reservation {
  return {
    record: { incidentId, ...target, action: "restart", cause: "memory-leak", at: AT, ...changes },
    limits: { cooldownMinutes: 10, actionsPerHour: 3, blastRadiusServices: 5 },
    approved: false,
    atWorkMinutes: 30,
  };
}

export function question(name: string, changes: Partial<Approval> = {}): Approval {
  return {
    id: `question-${name}-0123456789`,
    incidentId: "inc-1",
    target,
    cause: "bad-deploy",
    severity: "P2",
    confidence: 0.9,
    rootCause: "the newest revision does not start",
    why: "rollback is by approval",
    plan: { action: "rollback", from: "app:8", to: "app:7", how: "update-service" },
    planHash: "hash-of-plan",
    requestedAt: AT,
    deadline: LATER,
    callbackId: "callback-1",
    messages: {},
    ...changes,
  };
}

export function answer(verdict: ApprovalAnswer["verdict"], changes: Partial<ApprovalAnswer> = {}) {
  return { verdict, at: "2026-11-23T07:05:00.000Z", ...changes } satisfies ApprovalAnswer;
}

export function auditInput(key: string, incidentId = "inc-1"): AuditInput {
  return { incidentId, key, event: "incident-opened", detail: `because of ${key}`, at: AT };
}

/** Something that is done once, whoever does it again. */
export interface Scenario {
  readonly name: string;
  /** What has to be there before. */
  arrange?(store: IncidentStore): Promise<unknown>;
  act(store: IncidentStore): Promise<unknown>;
  /** What the store says afterwards. */
  look(store: IncidentStore): Promise<unknown>;
}

const open = async (store: IncidentStore) => ({
  open: await store.open(),
  joined: [await store.joined("inc-a"), await store.joined("inc-b")],
});

/** Everything that writes, but for claims, which a crash may spend: at most once is then what counts. */
export const SCENARIOS: readonly Scenario[] = [
  { name: "attachOrOpen: opens", act: (store) => store.attachOrOpen(admission("a")), look: open },
  {
    name: "attachOrOpen: joins",
    arrange: (store) => store.attachOrOpen(admission("a")),
    act: (store) => store.attachOrOpen(admission("b")),
    look: open,
  },
  {
    name: "attachOrOpen: supersedes",
    arrange: (store) => store.attachOrOpen(admission("a", { engine: "engine-2", aliveUntil: AT })),
    act: (store) => store.attachOrOpen(admission("b")),
    look: open,
  },
  {
    name: "attachOrOpen: takes over",
    arrange: (store) => store.attachOrOpen(admission("a", { engine: "engine-2", aliveUntil: AT })),
    act: (store) => store.attachOrOpen(admission("a")),
    look: open,
  },
  {
    name: "attachOrOpen: re-fires",
    arrange: async (store) => {
      await store.attachOrOpen(admission("a"));
      await store.releaseLock("inc-a", { at: AT, decayUntil: LATER });
    },
    act: (store) => {
      const again = admission("b");
      return store.attachOrOpen({ ...again, alert: { ...again.alert, alarm: { name: "alarm-a" } } });
    },
    look: open,
  },
  {
    name: "extendLock",
    arrange: (store) => store.attachOrOpen(admission("a")),
    act: (store) => store.extendLock("inc-a", "2026-11-23T08:00:00.000Z"),
    look: open,
  },
  {
    name: "releaseLock",
    arrange: async (store) => {
      await store.attachOrOpen(admission("a"));
      await store.attachOrOpen(admission("b"));
    },
    act: (store) => store.releaseLock("inc-a", { at: AT, decayUntil: LATER }),
    look: open,
  },
  {
    name: "reserve",
    arrange: (store) => store.recordAction(reservation("inc-0", { service: "cart" }).record),
    act: (store) => store.reserve(reservation("inc-1")),
    look: (store) => store.actionsSince(AT),
  },
  {
    name: "recordAction",
    arrange: (store) => store.reserve(reservation("inc-1")),
    act: (store) => store.recordAction({ ...reservation("inc-1").record, at: LATER, verified: true }),
    look: (store) => store.actionsSince(AT),
  },
  {
    name: "ask",
    act: (store) => store.ask(question("a")),
    look: async (store) => [await store.unanswered(), await store.approvalsOf("inc-1")],
  },
  {
    name: "postpone",
    arrange: (store) => store.ask(question("a")),
    act: (store) => store.postpone(question("a").id, { callbackId: "callback-2" }),
    look: async (store) => [await store.unanswered(), await store.approvalsOf("inc-1")],
  },
  {
    name: "noteMessage",
    arrange: (store) => store.ask(question("a")),
    act: (store) => store.noteMessage(question("a").id, "slack", "C1/17"),
    look: async (store) => [await store.unanswered(), await store.approvalsOf("inc-1")],
  },
  {
    name: "append",
    arrange: (store) => keepWord(store, auditInput("first")),
    act: (store) => keepWord(store, auditInput("second")),
    look: async (store) => [await store.entries(), await store.entriesOf("inc-1")],
  },
  {
    name: "judge",
    act: (store) =>
      store.judge({ incidentId: "inc-1", verdict: "right", by: "ada", at: AT, note: "it was the leak" }),
    look: (store) => store.judgements(),
  },
];
