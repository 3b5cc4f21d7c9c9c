import { z } from "zod";
import { Alert } from "../alert.ts";
import { AttachedAlert } from "../alert-grouping.ts";
import { ApprovalAnswer } from "../approval.ts";
import { Severity } from "../cause.ts";
import { Decision, Plan } from "../decision.ts";
import { Diagnosis, ModelFailure, ModelUsage } from "../diagnosis.ts";
import { Evidence } from "../evidence.ts";
import { Explanation } from "../explanation.ts";
import { Target } from "../target.ts";

/** One change made, or tried, in the world. `unknown` means that nobody could tell afterwards. */
export const ActionStep = z.object({
  what: z.string(),
  outcome: z.enum(["done", "refused", "skipped", "unknown"]),
  detail: z.string(),
  /** Of a restart: the task that comes first, and that it goes again. */
  surge: z.enum(["added", "returned"]).optional(),
  /** The process ended within the call; several looks afterwards show that nothing was changed. */
  lost: z.boolean().optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
});
export type ActionStep = z.infer<typeof ActionStep>;

/** One condition of recovery at one look. */
export const RecoveryCheck = z.object({
  condition: z.enum([
    "service-steady",
    "no-bad-stops",
    "metric-inside-threshold",
    "series-back-to-normal",
    "alarm-ok",
    "joined-alarms-ok",
  ]),
  met: z.boolean().nullable(),
  detail: z.string(),
});
export type RecoveryCheck = z.infer<typeof RecoveryCheck>;

export const Verification = z.object({
  outcome: z.enum(["recovered", "unchanged", "worse", "unknown"]),
  reason: z.string(),
  checks: z.array(RecoveryCheck),
  looks: z.number().int(),
  heldLooks: z.number().int(),
  metricBefore: z.number().optional(),
  metricAfter: z.number().optional(),
  /** The alarm's metric around the action, for charts: epoch milliseconds and value. */
  metricPoints: z.array(z.tuple([z.number(), z.number()])).optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
});
export type Verification = z.infer<typeof Verification>;

/** The attempts of one incident: the first, one more after it did not help, and one for an alert that came late. */
export const Attempt = z.enum(["first", "second", "late"]);
export type Attempt = z.infer<typeof Attempt>;

export const ActionResult = z.object({
  /** The attempt that made it; an older record does not say. */
  attempt: Attempt.optional(),
  action: z.enum(["restart", "scale", "rollback"]),
  target: Target,
  outcome: z.enum(["done", "partly-done", "nothing-changed", "unknown"]),
  before: z.record(z.string(), z.union([z.string(), z.number()])),
  after: z.record(z.string(), z.union([z.string(), z.number()])),
  steps: z.array(ActionStep),
  undo: z.string(),
  /** What verification said of this action, where more than one was made. */
  verification: Verification.optional(),
  /** Taken back, because it made things worse or did not help. */
  undone: z.array(ActionStep).optional(),
});
export type ActionResult = z.infer<typeof ActionResult>;

/** `sinceMs` counts from the moment the alert was received. */
export const TimelineEntry = z.object({
  at: z.iso.datetime(),
  sinceMs: z.number(),
  event: z.string(),
  detail: z.string(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const Failure = z.object({
  code: z.string(),
  stage: z.string(),
  message: z.string(),
  remedy: z.string(),
});
export type Failure = z.infer<typeof Failure>;

/** The question to a person and its answer; without an answer it still waits. */
export const AskedApproval = z.object({
  id: z.string(),
  requestedAt: z.iso.datetime(),
  deadline: z.iso.datetime(),
  planHash: z.string(),
  plan: Plan.optional(),
  /** The rules that want a person, in words. */
  why: z.string().optional(),
  answer: ApprovalAnswer.optional(),
});
export type AskedApproval = z.infer<typeof AskedApproval>;

/** Capacity that a scale action added, and what became of it once recovery had held. */
export const GiveBack = z.object({
  from: z.number().int(),
  to: z.number().int(),
  dueAt: z.iso.datetime(),
  outcome: z.enum(["waiting", "given-back", "left-alone", "unknown"]),
  detail: z.string(),
  /** Added for a restart and not for load: it goes as soon as the service is steady, whatever the alarm says. */
  surge: z.boolean().optional(),
  at: z.iso.datetime().optional(),
});
export type GiveBack = z.infer<typeof GiveBack>;

/** How often the same place was in trouble lately. */
export const Recurrence = z.object({
  /** Earlier incidents of the same alarm in the last hour. */
  count: z.number().int(),
  lastIncidentId: z.string(),
  /** The alarm goes back and forth. */
  flapping: z.boolean(),
});
export type Recurrence = z.infer<typeof Recurrence>;

/** Something that a channel has not taken yet: it is tried again. */
export const Undelivered = z.object({
  channel: z.string(),
  /** Such as `the question`. */
  what: z.string(),
  since: z.iso.datetime(),
  /** Why it was not taken. */
  reason: z.string(),
  /** The channel that took it instead: people know of it. */
  toldBy: z.string().optional(),
});
export type Undelivered = z.infer<typeof Undelivered>;

/** What OpsAgent is at, in a word. `waiting`: for time to pass. `checking`: a yes came, the service is looked at again. */
export const Phase = z.enum([
  "investigating",
  "waiting",
  "asking",
  "checking",
  "acting",
  "proving",
  "undoing",
  "closing",
  "grouping",
  "scaling-in",
]);
export type Phase = z.infer<typeof Phase>;

/** What is going on now; absent once nothing is. */
export const IncidentProgress = z.object({
  phase: Phase,
  /** What exactly, such as the task that is being stopped. */
  detail: z.string(),
  since: z.iso.datetime(),
});
export type IncidentProgress = z.infer<typeof IncidentProgress>;

export const IncidentStatus = z.enum(["open", "resolved", "escalated", "failed", "observed"]);
export type IncidentStatus = z.infer<typeof IncidentStatus>;

/**
 * The record of one incident, as `opsagent handle` prints it and the store keeps it. Published as JSON Schema
 * in docs/schemas/incident.v1.json; a breaking change raises `schemaVersion`.
 */
export const Incident = z.object({
  schemaVersion: z.literal("1"),
  id: z.string(),
  status: IncidentStatus,
  /** One sentence for people: what came of it, and why. */
  summary: z.string(),
  severity: Severity,
  target: Target.optional(),
  alert: Alert,
  /** What is going on now; absent once nothing is. */
  progress: IncidentProgress.optional(),
  openedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().optional(),
  diagnoser: z.enum(["rules", "model"]),
  evidence: Evidence.optional(),
  diagnosis: Diagnosis.optional(),
  /** The other opinion where a model was asked; `by` says whose. The rules' where a model's failure ended it. */
  secondOpinion: Diagnosis.optional(),
  /** Why the model gave no opinion. */
  modelFailure: ModelFailure.optional(),
  decision: Decision.optional(),
  approval: AskedApproval.optional(),
  /** A second look after an action that did not help, and what was decided then. */
  further: z
    .object({
      evidence: Evidence,
      diagnosis: Diagnosis.optional(),
      secondOpinion: Diagnosis.optional(),
      decision: Decision.optional(),
      approval: AskedApproval.optional(),
    })
    .optional(),
  /** Alerts that belong to it beside its own. */
  joined: z.array(AttachedAlert).optional(),
  /** The incident whose alarm fired again inside its decay window. */
  refireOf: z.string().optional(),
  /** The incident that this alert belongs to; this record is then only a note of it. */
  joinedTo: z.string().optional(),
  /** The alarm went back to OK by itself before anything was looked into. */
  passed: z.boolean().optional(),
  recurrence: Recurrence.optional(),
  /** Noise, as that incident already told people: not told again. */
  rememberedFrom: z.string().optional(),
  giveBack: GiveBack.optional(),
  actions: z.array(ActionResult),
  verification: Verification.optional(),
  model: ModelUsage.optional(),
  /** In words for people, by a model; it decided nothing. */
  explanation: Explanation.optional(),
  /** What people and other systems have not been told yet; absent once nothing waits. */
  undelivered: z.array(Undelivered).optional(),
  failures: z.array(Failure),
  timeline: z.array(TimelineEntry),
});
export type Incident = z.infer<typeof Incident>;
