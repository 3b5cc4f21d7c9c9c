/** Questions and their answers for clients with a token. */
import { type Context, Hono } from "hono";
import { z } from "zod";
import { approvalView } from "../../approval/approval-view.ts";
import type { AnswerResult, Approvals } from "../../approval/approvals.ts";
import type { ApprovalBook, IncidentRecords, Logger } from "../../domain/ports.ts";
import {
  type ClientVariables,
  hasType,
  onlyClients,
  type RefusalStatus,
  refusal,
  smallBody,
  wrongType,
} from "./client.ts";
import type { IdentifyClient } from "./tokens.ts";

const MAX_BODY_BYTES = 64 * 1_024;

const Answer = z.strictObject({
  planHash: z.string().regex(/^[0-9a-f]{64}$/, "must be the plan's whole hash, 64 hexadecimal digits"),
  note: z.string().max(2_000).optional(),
});

interface AnswerRouteDependencies {
  readonly approvals: Approvals;
  readonly records: IncidentRecords;
  readonly book: ApprovalBook;
  readonly logger: Logger;
  readonly identify: IdentifyClient;
}

/** `GET /:id/approval`, `POST /:id/approve`, `POST /:id/deny`; `id` is an incident's. */
export function answerRoutes(deps: AnswerRouteDependencies): Hono<ClientVariables> {
  const { approvals, records, book } = deps;
  const routes = new Hono<ClientVariables>();
  const doors = [onlyClients(deps.identify, deps.logger), smallBody(MAX_BODY_BYTES)] as const;

  const answer = (verdict: "approved" | "denied") => (c: Context<ClientVariables>) =>
    takeAnswer(c, approvals, { verdict, client: c.get("client"), incidentId: c.req.param("id") ?? "" });

  routes.get("/:id/approval", ...doors, async (c) => {
    const id = c.req.param("id");
    const found = await book.approvalsOf(id);
    if (found.length === 0 && (await records.get(id)) === undefined) {
      return refusal(c, 404, {
        code: "incident-unknown",
        message: "There is no such incident.",
        remedy: "`opsagent incidents` lists those there are.",
      });
    }
    return c.json({ incidentId: id, approvals: found.map(approvalView) });
  });
  routes.post("/:id/approve", ...doors, answer("approved"));
  routes.post("/:id/deny", ...doors, answer("denied"));
  return routes;
}

/** Reads an answer to the incident's question and gives it on, under the client's name. */
export async function takeAnswer(
  c: Context,
  approvals: Approvals,
  given: { readonly verdict: "approved" | "denied"; readonly client: string; readonly incidentId: string },
): Promise<Response> {
  if (!hasType(c, "application/json")) return wrongType(c, "application/json");
  const body = Answer.safeParse(await c.req.json().catch(() => undefined));
  if (!body.success) return unreadable(c, body.error);
  const { planHash, note } = body.data;
  const result = await approvals.answer({
    incidentId: given.incidentId,
    verdict: given.verdict,
    by: { channel: "http", id: given.client },
    planHash,
    ...(note === undefined ? {} : { note }),
  });
  return answered(c, result);
}

const STATUS: Readonly<Record<Exclude<AnswerResult["outcome"], "recorded">, RefusalStatus>> = {
  "not-allowed": 403,
  unknown: 404,
  "already-answered": 409,
  "other-plan": 409,
  ambiguous: 409,
  "past-deadline": 410,
};

function answered(c: Context, result: AnswerResult): Response {
  const { outcome, message, remedy } = result;
  const about = "approval" in result ? { approval: approvalView(result.approval) } : {};
  if (outcome === "recorded") return c.json({ outcome, message, remedy, ...about });
  return c.json({ code: outcome, message, remedy, ...about }, STATUS[outcome]);
}

function unreadable(c: Context, error: z.ZodError): Response {
  const problems = error.issues.map((issue) => `${issue.path.join(".") || "the body"}: ${issue.message}`);
  return refusal(c, 400, {
    code: "answer-unreadable",
    message: `The answer cannot be read. ${problems.join("; ")}`,
    remedy: 'Send {"planHash": "...", "note": "..."}; GET /incidents/ID/approval shows the hash.',
  });
}
