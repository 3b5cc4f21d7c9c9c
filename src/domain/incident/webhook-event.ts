/** What other systems are sent of an incident; published as docs/schemas/webhook.v1.json. */
import { z } from "zod";
import { Cause, Severity } from "../cause.ts";
import { Target } from "../target.ts";
import { IncidentProgress, IncidentStatus } from "./incident.ts";

export const WebhookEvent = z.object({
  schemaVersion: z.literal("1"),
  /** The same in every delivery of the event, as the header `webhook-id`: by it a receiver knows a repetition. */
  id: z.string(),
  type: z.enum(["incident-opened", "incident-updated", "approval-requested", "incident-closed"]),
  /** The moment of the story, such as `decided`, `acted`, `verified-2`; more may be added. */
  moment: z.string(),
  at: z.iso.datetime(),
  /** The newest seal of the audit trail, once the incident is closed: kept elsewhere, it proves the trail later. */
  auditSeal: z.string().optional(),
  incident: z.object({
    id: z.string(),
    status: IncidentStatus,
    severity: Severity,
    summary: z.string(),
    /** What is going on now; absent once nothing is. */
    progress: IncidentProgress.optional(),
    target: Target.optional(),
    alarm: z.string(),
    openedAt: z.iso.datetime(),
    closedAt: z.iso.datetime().optional(),
    cause: Cause.optional(),
    rootCause: z.string().optional(),
    /** The most telling lines of the application's log: its claim, not AWS's. */
    logSays: z.array(z.string()).optional(),
    /** 0 to 1, after code lowered it. */
    confidence: z.number().optional(),
    decision: z.object({ kind: z.enum(["act", "ask", "decline"]), action: z.string() }).optional(),
    actions: z.array(z.object({ action: z.string(), outcome: z.string() })),
    verification: z.object({ outcome: z.string(), reason: z.string() }).optional(),
    /** Set where a person is or was asked. It can be answered by `opsagent approve` or over HTTP, not here. */
    approval: z
      .object({ deadline: z.iso.datetime(), planHash: z.string(), answer: z.string().optional() })
      .optional(),
    failures: z.array(z.object({ stage: z.string(), code: z.string(), message: z.string() })),
    url: z.string().optional(),
  }),
});
export type WebhookEvent = z.infer<typeof WebhookEvent>;
