/**
 * What can happen to an incident. The incident is the stream of these events; its record is a pure fold over them
 * (`incident-fold.ts`), and appending one is the only way to change it.
 */
import { z } from "zod";
import { Alert } from "../alert.ts";
import { AttachedAlert } from "../alert-grouping.ts";
import { ApprovalAnswer, ApprovalVerdict, Approver } from "../approval.ts";
import { Decision } from "../decision.ts";
import { Diagnosis, ModelFailure, ModelUsage } from "../diagnosis.ts";
import { Evidence } from "../evidence.ts";
import { Explanation } from "../explanation.ts";
import {
  ActionResult,
  ActionStep,
  AskedApproval,
  Attempt,
  Failure,
  GiveBack,
  Incident,
  IncidentStatus,
  RecoveryCheck,
  Recurrence,
  Verification,
} from "./incident.ts";
import { Judgement } from "./judgement.ts";

/** What every event has. `key` is unique within the incident and the same after a crash and a replay. */
const envelope = { incidentId: z.string(), key: z.string(), at: z.iso.datetime() };

const ofAttempt = { ...envelope, attempt: Attempt };

/** Facts and gaps that a diagnoser asked for after the first reads. */
const MoreEvidence = Evidence.pick({ facts: true, gaps: true });

const kinds = {
  opened: () =>
    z.object({
      kind: z.literal("opened"),
      ...envelope,
      alert: Alert,
      diagnoser: z.enum(["rules", "model"]),
    }),
  /** The record of an incident that began before events were kept: the base of what comes after it. */
  imported: () => z.object({ kind: z.literal("imported"), ...envelope, record: Incident }),
  /** Another alert of the same fault: it opens no incident of its own. */
  "alert-attached": () => z.object({ kind: z.literal("alert-attached"), ...envelope, joined: AttachedAlert }),
  /** The alarm of a mended incident fired again inside its grace period, which lasts `until`. */
  "grace-period-began": () =>
    z.object({
      kind: z.literal("grace-period-began"),
      ...envelope,
      refireOf: z.string(),
      until: z.iso.datetime(),
    }),
  "grace-period-ended": () =>
    z.object({
      kind: z.literal("grace-period-ended"),
      ...envelope,
      alarmState: z.string().optional(),
      passed: z.boolean(),
    }),
  /** The symptom may pass by itself: the evidence is collected once more. */
  "look-postponed": () => z.object({ kind: z.literal("look-postponed"), ...ofAttempt, seconds: z.number() }),
  "evidence-collected": () =>
    z.object({ kind: z.literal("evidence-collected"), ...ofAttempt, evidence: Evidence }),
  "evidence-added": () =>
    z.object({
      kind: z.literal("evidence-added"),
      ...ofAttempt,
      added: MoreEvidence,
      /** Facts and gaps that the first reads gave; what was added at an earlier run of the step is replaced. */
      after: z.object({ facts: z.number().int(), gaps: z.number().int() }),
    }),
  diagnosed: () =>
    z.object({
      kind: z.literal("diagnosed"),
      ...ofAttempt,
      diagnosis: Diagnosis,
      secondOpinion: Diagnosis.optional(),
      modelFailure: ModelFailure.optional(),
      model: ModelUsage.optional(),
      recurrence: Recurrence.optional(),
      rememberedFrom: z.string().optional(),
    }),
  "diagnosis-failed": () =>
    z.object({
      kind: z.literal("diagnosis-failed"),
      ...ofAttempt,
      reason: z.string(),
      secondOpinion: Diagnosis.optional(),
      model: ModelUsage.optional(),
      recurrence: Recurrence.optional(),
    }),
  /** A model's words for people. `model`: what all questions of the incident have used. */
  explained: () =>
    z.object({
      kind: z.literal("explained"),
      ...envelope,
      explanation: Explanation.optional(),
      model: ModelUsage.optional(),
    }),
  /** With `basis` the decision replaces what the record rests on: a late alert led to another verdict. */
  decided: () =>
    z.object({
      kind: z.literal("decided"),
      ...ofAttempt,
      decision: Decision,
      /** Made again after a person's yes, on the service as it was then. */
      afterApproval: z.boolean().optional(),
      basis: z
        .object({ evidence: Evidence, diagnosis: Diagnosis, secondOpinion: Diagnosis.optional() })
        .optional(),
    }),
  "approval-requested": () =>
    z.object({
      kind: z.literal("approval-requested"),
      ...ofAttempt,
      approval: AskedApproval,
    }),
  "approval-answered": () =>
    z.object({
      kind: z.literal("approval-answered"),
      ...envelope,
      approvalId: z.string(),
      /** The fingerprint of the plan that was answered. */
      planHash: z.string(),
      answer: ApprovalAnswer,
    }),
  /** An answer that changed nothing: not on the list, another plan, too late. */
  "approval-refused": () =>
    z.object({
      kind: z.literal("approval-refused"),
      ...envelope,
      verdict: ApprovalVerdict,
      by: Approver,
      outcome: z.string(),
    }),
  "action-reserved": () =>
    z.object({
      kind: z.literal("action-reserved"),
      ...ofAttempt,
      action: z.string(),
      granted: z.boolean(),
      rule: z.string().optional(),
      reason: z.string().optional(),
    }),
  /** One changing call is claimed and about to be made. When this cannot be written, nothing is called. */
  "action-claimed": () =>
    z.object({
      kind: z.literal("action-claimed"),
      ...ofAttempt,
      /** Names the call within the incident; claimed once, ever. */
      effect: z.string(),
      what: z.string(),
      purpose: z.enum(["action", "undo", "scale-in"]),
      action: ActionResult.pick({ action: true, target: true, before: true, undo: true }).optional(),
    }),
  "action-step-ended": () =>
    z.object({
      kind: z.literal("action-step-ended"),
      ...ofAttempt,
      step: ActionStep,
      purpose: z.enum(["action", "undo", "scale-in"]),
    }),
  "action-ended": () => z.object({ kind: z.literal("action-ended"), ...ofAttempt, result: ActionResult }),
  "verification-looked": () =>
    z.object({
      kind: z.literal("verification-looked"),
      ...ofAttempt,
      looks: z.number().int(),
      held: z.number().int(),
      holdLooks: z.number().int(),
      checks: z.array(RecoveryCheck),
    }),
  verified: () => z.object({ kind: z.literal("verified"), ...ofAttempt, verification: Verification }),
  /** An alarm fired after the proof, which then proves too little. */
  "verification-doubted": () =>
    z.object({
      kind: z.literal("verification-doubted"),
      ...envelope,
      verification: Verification,
    }),
  undone: () => z.object({ kind: z.literal("undone"), ...ofAttempt, steps: z.array(ActionStep) }),
  /** Temporary capacity is to go back once recovery has held. */
  "capacity-added": () => z.object({ kind: z.literal("capacity-added"), ...envelope, temporary: GiveBack }),
  "capacity-returned": () =>
    z.object({ kind: z.literal("capacity-returned"), ...envelope, temporary: GiveBack }),
  /** People were told; further alerts of the same fault still join until then. */
  "grouping-window-opened": () =>
    z.object({
      kind: z.literal("grouping-window-opened"),
      ...envelope,
      until: z.iso.datetime(),
    }),
  /** Nothing that joined since people were told changed what they were told. */
  "grouping-window-closed": () => z.object({ kind: z.literal("grouping-window-closed"), ...envelope }),
  "late-alert-fired": () =>
    z.object({
      kind: z.literal("late-alert-fired"),
      ...envelope,
      title: z.string(),
      toldAs: z.string(),
    }),
  /** The question waited to be put to people, so that they have until then. */
  "approval-extended": () =>
    z.object({
      kind: z.literal("approval-extended"),
      ...envelope,
      approvalId: z.string(),
      deadline: z.iso.datetime(),
    }),
  /** `insteadOf`: the channel that had not taken it, in whose place this one did. */
  notified: () =>
    z.object({
      kind: z.literal("notified"),
      ...envelope,
      channel: z.string(),
      what: z.string(),
      insteadOf: z.string().optional(),
    }),
  /** A channel did not take it; it is tried again until the channel does, it is needless, or a day is over. */
  "delivery-delayed": () =>
    z.object({
      kind: z.literal("delivery-delayed"),
      ...envelope,
      channel: z.string(),
      what: z.string(),
      failure: Failure,
    }),
  /** What waited for a channel is needless by now, such as a status update before the report. */
  "delivery-superseded": () =>
    z.object({
      kind: z.literal("delivery-superseded"),
      ...envelope,
      channel: z.string(),
      what: z.string(),
      why: z.string(),
    }),
  /** Not told, and not tried again. `what` is absent in older events. */
  "notification-failed": () =>
    z.object({
      kind: z.literal("notification-failed"),
      ...envelope,
      channel: z.string(),
      what: z.string().optional(),
      failure: Failure,
    }),
  /** Something failed that does not end the incident. */
  "step-failed": () =>
    z.object({
      kind: z.literal("step-failed"),
      ...envelope,
      failure: Failure,
      noted: z.boolean(),
    }),
  /** A fault that ends the incident. `summary` in place of the usual sentence. */
  failed: () =>
    z.object({
      kind: z.literal("failed"),
      ...envelope,
      failure: Failure,
      summary: z.string().optional(),
      /** The engine lost it: actions that were begun and that nobody saw end. */
      actions: z.array(ActionResult).optional(),
    }),
  closed: () =>
    z.object({
      kind: z.literal("closed"),
      ...envelope,
      again: z.boolean().optional(),
      /** What it came to, for those who read the events alone; the record derives it from the events before. */
      came: z.object({ status: IncidentStatus, summary: z.string() }).optional(),
    }),
  /** A person's word on the incident, given afterwards. */
  judged: () =>
    z.object({
      kind: z.literal("judged"),
      ...envelope,
      ...Judgement.pick({ verdict: true, by: true, note: true }).shape,
    }),
};

export type EventKind = keyof typeof kinds;
type EventSchema<K extends EventKind> = ReturnType<(typeof kinds)[K]>;
export type EventOf<K extends EventKind> = z.infer<EventSchema<K>>;
export type IncidentEvent = { [K in EventKind]: EventOf<K> }[EventKind];

const made = new Map<EventKind, EventSchema<EventKind>>();

/** The schema of a kind. Made when it is first asked for: no start waits for thirty of them. */
export function eventSchema(kind: EventKind): EventSchema<EventKind> {
  const known = made.get(kind) ?? kinds[kind]();
  made.set(kind, known);
  return known;
}

/** An event of a newer OpsAgent: its kind or its fields are not known here. Kept as it is; it changes no record. */
export interface UnknownEvent {
  readonly incidentId: string;
  readonly key: string;
  readonly at: string;
  readonly kind: "unknown";
  /** The kind as it is stored. */
  readonly was: string;
}

type WithoutEnvelope<E> = E extends IncidentEvent ? Omit<E, "incidentId" | "key" | "at"> : never;

/** What a stage returns: the step that runs it adds incident, key and time. */
export type EventBody = WithoutEnvelope<IncidentEvent>;

/** Every kind that this version knows. */
export const EVENT_KINDS = Object.keys(kinds) as readonly EventKind[];

export function isEventKind(kind: string): kind is EventKind {
  return (EVENT_KINDS as readonly string[]).includes(kind);
}
