import type { Incident } from "../../domain/incident/incident.ts";
import { planText, wouldHaveText } from "../../notification/text/action-line.ts";
import {
  answerCommands,
  approverText,
  shortPlanHash,
  waitingApproval,
} from "../../notification/text/approval-text.ts";
import { between, formatConfidence, formatDuration, formatTime } from "../../notification/text/format.ts";
import type { Look } from "../../notification/text/summary.ts";
import { pairs, type RcaBlock, type RcaSection, table, text } from "./rca-document.ts";

/** The sections about what was decided, and what a person said to it. */

/** `nth` is given for the look after the first. */
export function decisionSection({ decision, approval }: Look, nth?: "second"): RcaSection {
  const [id, heading] = nth ? ["second-decision", "Second decision"] : ["decision", "Decision"];
  if (!decision) return { id, heading, blocks: [text("No decision was reached.")] };
  const { stated, earned, lowered } = decision.confidence;
  const isApproved = approval?.answer?.verdict === "approved";
  const kinds = {
    act: isApproved ? "act, as a person approved" : "act without asking",
    ask: "ask a person first",
    decline: "do nothing",
  };
  const plan = decision.kind === "decline" ? undefined : decision.plan;
  const held = wouldHaveText(decision);
  return {
    id,
    heading,
    blocks: [
      pairs([
        ["Decision", kinds[decision.kind]],
        ["Action", decision.action],
        ["Plan", plan && planText(plan)],
        ["Observe only", held],
        ["Confidence", `stated ${formatConfidence(stated)}, earned ${formatConfidence(earned)}`],
        ["Why asked", decision.kind === "ask" ? decision.why : undefined],
        ["Why not", decision.kind === "decline" ? decision.reasons.join("; ") : undefined],
      ]),
      ...(lowered.length === 0 ? [] : [loweredTable(lowered)]),
      table(
        ["Rule", "Outcome", "Reason"],
        decision.trail.map(({ rule, outcome, reason }) => [rule, outcome, reason]),
        "No rule was evaluated.",
      ),
    ],
  };
}

function loweredTable(lowered: readonly { rule: string; to: number; reason: string }[]): RcaBlock {
  const rows = lowered.map(({ rule, to, reason }) => [rule, formatConfidence(to), reason]);
  return table(["Lowered by", "To", "Reason"], rows, "");
}

/** The question to a person and its answer; none where nobody was asked. */
export function approvalSection({ approval }: Look, incident: Incident, nth?: "second"): RcaSection[] {
  if (approval === undefined) return [];
  const [id, heading] = nth ? ["second-approval", "Approval of the second action"] : ["approval", "Approval"];
  const { answer, requestedAt, deadline } = approval;
  const took = between(requestedAt, answer?.at);
  const isWaiting = waitingApproval(incident) === approval;
  const [approve, deny] = isWaiting ? answerCommands(incident.id, approval) : [];
  const verdicts = {
    approved: "approved",
    denied: "denied",
    unasked: "nobody was asked: no channel took the question until the deadline",
    expired: "expired: no answer until the deadline, and expiry means no",
    withdrawn: "withdrawn: the trouble had passed before anybody answered",
    voided: "approved, but voided: the service had changed, so the change was not made",
  };
  const without = isWaiting ? "waits for a person" : "no answer was recorded";
  const isPersons = answer?.verdict === "approved" || answer?.verdict === "denied";
  const facts = pairs([
    ["Answer", answer ? verdicts[answer.verdict] : without],
    ["Answered by", answer && (answer.by || isPersons) ? approverText(answer.by) : undefined],
    ["Answered at", answer && formatTime(answer.at)],
    ["Note", answer?.note],
    ["Asked at", formatTime(requestedAt)],
    ["Deadline", formatTime(deadline)],
    ["Waited", took === undefined ? undefined : formatDuration(took)],
    ["Plan", shortPlanHash(approval)],
    ["To approve", approve],
    ["To deny", deny],
  ]);
  return [{ id, heading, blocks: [facts] }];
}
