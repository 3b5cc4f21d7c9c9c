/** An incident as a list shows it: what lists, counts and costs need, without evidence, trail and timeline. */
import { z } from "zod";
import { Action, Cause, Severity } from "../cause.ts";
import { ModelUsage } from "../diagnosis.ts";
import { type Incident, IncidentProgress, IncidentStatus, Undelivered } from "./incident.ts";

/** `note`: a record of an alert that another incident deals with, or of an alarm that is not on. */
export const ListedAs = z.enum([...IncidentStatus.options, "note"]);
export type ListedAs = z.infer<typeof ListedAs>;

export const IncidentSummary = z.object({
  id: z.string(),
  listedAs: ListedAs,
  status: IncidentStatus,
  severity: Severity,
  title: z.string(),
  /** One sentence, cut where it is long. */
  summary: z.string(),
  /** What is going on now; absent once nothing is. */
  progress: IncidentProgress.optional(),
  cluster: z.string().optional(),
  service: z.string().optional(),
  openedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().optional(),
  diagnoser: z.enum(["rules", "model"]),
  cause: Cause.optional(),
  /** Earned, else stated. */
  confidence: z.number().optional(),
  actions: z.array(z.object({ action: Action, outcome: z.string(), verified: z.string().optional() })),
  /** Mode observe: what would have been done. */
  wouldHave: Action.optional(),
  /** A question that waits for a person. */
  waitsUntil: z.iso.datetime().optional(),
  failed: z.boolean(),
  /** What people and other systems have not been told yet; absent where nothing waits. */
  undelivered: z.array(Undelivered).optional(),
  model: ModelUsage.optional(),
});
export type IncidentSummary = z.infer<typeof IncidentSummary>;

const LONGEST_TEXT = 400;

/** Pure. */
export function summaryOf(incident: Incident): IncidentSummary {
  const { id, severity, alert, openedAt, closedAt, diagnoser, further, model, progress } = incident;
  const target = incident.target ?? alert.target;
  const last = further?.diagnosis ?? incident.diagnosis ?? further?.secondOpinion ?? incident.secondOpinion;
  const decision = further?.decision ?? incident.decision;
  const confidence = decision?.confidence.earned ?? last?.confidence;
  const waiting = [further?.approval, incident.approval].find((asked) => asked && !asked.answer);
  const status = claimedStatus(incident);
  const wouldHave = decision?.kind === "decline" ? decision.wouldHave?.plan.action : undefined;
  return {
    id,
    listedAs: incident.joinedTo !== undefined || alert.state !== "ALARM" ? "note" : status,
    status,
    severity,
    title: short(alert.title),
    summary: short(incident.summary),
    ...(target === undefined ? {} : target),
    openedAt,
    ...(closedAt === undefined ? {} : { closedAt }),
    diagnoser,
    ...(last === undefined ? {} : { cause: last.cause }),
    ...(confidence === undefined ? {} : { confidence }),
    actions: incident.actions.map(({ action, outcome, verification }, index) => {
      const isLast = index === incident.actions.length - 1;
      const verified = verification?.outcome ?? (isLast ? incident.verification?.outcome : undefined);
      return { action, outcome, ...(verified === undefined ? {} : { verified }) };
    }),
    ...(wouldHave === undefined ? {} : { wouldHave }),
    ...(waiting === undefined || incident.status !== "open" ? {} : { waitsUntil: waiting.deadline }),
    ...(progress === undefined ? {} : { progress: { ...progress, detail: short(progress.detail) } }),
    failed: incident.failures.length > 0,
    ...(incident.undelivered === undefined ? {} : { undelivered: incident.undelivered }),
    ...(model === undefined ? {} : { model }),
  };
}

/**
 * The status that a list may print: "resolved" only where the verification, and that of the last action, say recovered.
 * The written report says the same with its reason (`reportedOutcome`).
 */
export function claimedStatus({ status, verification, actions }: Incident): IncidentStatus {
  if (status !== "resolved") return status;
  const last = actions.filter(({ outcome }) => outcome !== "nothing-changed").at(-1);
  const proofs = [verification, ...(last?.verification ? [last.verification] : [])];
  return proofs.every((proof) => proof?.outcome === "recovered") ? "resolved" : "escalated";
}

function short(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1).toWellFormed()}…`;
}
