import { z } from "zod";
import { Alert } from "./alert.ts";
import { Severity } from "./cause.ts";
import { Decision } from "./decision.ts";
import { Diagnosis, ModelUsage } from "./diagnosis.ts";
import { Evidence } from "./evidence.ts";
import { Target } from "./target.ts";

/** One change made, or tried, in the world. `unknown` means that nobody could tell afterwards. */
export const ActionStep = z.object({
  what: z.string(),
  outcome: z.enum(["done", "refused", "skipped", "unknown"]),
  detail: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
});
export type ActionStep = z.infer<typeof ActionStep>;

export const ActionResult = z.object({
  action: z.enum(["restart", "scale", "rollback"]),
  target: Target,
  outcome: z.enum(["done", "partly-done", "nothing-changed", "unknown"]),
  before: z.record(z.string(), z.union([z.string(), z.number()])),
  after: z.record(z.string(), z.union([z.string(), z.number()])),
  steps: z.array(ActionStep),
  undo: z.string(),
});
export type ActionResult = z.infer<typeof ActionResult>;

/** One condition of recovery at one look. */
export const RecoveryCheck = z.object({
  condition: z.enum(["service-steady", "no-bad-stops", "metric-inside-threshold", "alarm-ok"]),
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
  openedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().optional(),
  diagnoser: z.enum(["rules", "model"]),
  evidence: Evidence.optional(),
  diagnosis: Diagnosis.optional(),
  /** The rules' verdict where a model diagnosed, or where the model failed. */
  secondOpinion: Diagnosis.optional(),
  decision: Decision.optional(),
  actions: z.array(ActionResult),
  verification: Verification.optional(),
  model: ModelUsage.optional(),
  failures: z.array(Failure),
  timeline: z.array(TimelineEntry),
});
export type Incident = z.infer<typeof Incident>;
