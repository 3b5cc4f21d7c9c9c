/** The reply to the person who answered, in plain text: what happened, and what to do next. */
import type { Approval, Approver } from "../domain/approval.ts";
import { planText } from "../notification/text/action-line.ts";
import { shortPlanHash } from "../notification/text/approval-text.ts";
import { formatTime } from "../notification/text/format.ts";
import type { AnswerKind, GivenAnswer, Resumed } from "./answer.ts";

/** What happened, and what the person can do. Plain text: renderers escape it. */
export interface AnswerText {
  readonly message: string;
  readonly remedy: string;
}

/** Returns the text of an outcome. Pure. */
export function answerText(kind: AnswerKind, given: Pick<GivenAnswer, "by" | "verdict">): AnswerText {
  switch (kind.outcome) {
    case "recorded":
      return recorded(kind.approval, given.verdict, kind.resumed);
    case "already-answered":
      return alreadyAnswered(kind.approval, kind.resumed);
    case "past-deadline":
      return {
        message: `The deadline was ${formatTime(kind.approval.deadline)}, and no answer until then means no: nothing is done.`,
        remedy: `Handle the incident by hand; its evidence is in ${show(kind.approval)}.`,
      };
    case "other-plan":
      return {
        message: `The answer was for another plan than the one in question, ${change(kind.approval)} (plan ${shortPlanHash(kind.approval)}), so it was not taken.`,
        remedy: "Look at `opsagent approvals` and answer the plan that is shown there.",
      };
    case "ambiguous":
      return {
        message: `${kind.approvals.length} questions of incident ${kind.approvals[0]?.incidentId} wait, so the answer was not taken.`,
        remedy: "Answer one by its own id, which `opsagent approvals` shows.",
      };
    case "not-allowed":
      return {
        message: `${given.by.id} may not answer, so the answer was not taken.`,
        remedy: `Ask someone on the list ${LISTS[given.by.channel]} of the policy file, or have yourself added to it.`,
      };
    case "unknown":
      return {
        message: "There is no such question, so the answer was not taken.",
        remedy: "`opsagent approvals` lists those that wait.",
      };
  }
}

const LISTS: Readonly<Record<Approver["channel"], string>> = {
  slack: "approvals.slackUsers",
  cli: "approvals.cliUsers",
  http: "approvals.httpClients",
};

const REPEAT = "Give the same answer again, and check that OpsAgent runs.";

function recorded(approval: Approval, verdict: GivenAnswer["verdict"], resumed: Resumed): AnswerText {
  const said = `${verdict === "approved" ? "Approved" : "Denied"}: ${change(approval)}.`;
  if (resumed === "failed" || resumed === "unknown") {
    return { message: `${said} The incident that waits for it could not be resumed yet.`, remedy: REPEAT };
  }
  return verdict === "approved"
    ? {
        message: `${said} OpsAgent looks at the service once more and then acts, unless it has changed.`,
        remedy: `Follow it with ${show(approval)}; if nothing moves, no OpsAgent is running: start \`opsagent continue\`.`,
      }
    : {
        message: `${said} OpsAgent does nothing.`,
        remedy: `Handle the incident by hand; its evidence is in ${show(approval)}.`,
      };
}

function alreadyAnswered(approval: Approval, resumed: Resumed): AnswerText {
  const { answer } = approval;
  const by = answer?.by === undefined ? "" : ` by ${answer.by.id} (${answer.by.channel})`;
  const when = answer === undefined ? "" : ` at ${formatTime(answer.at)}`;
  const said = answer?.verdict === "unasked" ? "given up, since nobody could be asked" : answer?.verdict;
  const message = `Already ${said ?? "answered"}${by}${when}: ${change(approval)}. A second answer changes nothing.`;
  return { message, remedy: resumed === "failed" ? REPEAT : `See the result with ${show(approval)}.` };
}

function change({ plan, target }: Approval): string {
  return `${planText(plan)} on ${target.service}`;
}

function show({ incidentId }: Approval): string {
  return `\`opsagent show ${incidentId}\``;
}
