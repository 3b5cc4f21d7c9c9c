/** Questions as lines for a terminal. */
import type { Approval } from "../../../domain/approval.ts";
import { planText } from "../../../notification/text/action-line.ts";
import { shortPlanHash } from "../../../notification/text/approval-text.ts";
import { foldLine } from "../../../notification/text/fold-line.ts";
import { between, formatConfidence, formatDuration, formatTime } from "../../../notification/text/format.ts";

/** One line that cannot move a terminal's cursor or forge a line: parts of it come from logs and models. */
export function plainLine(text: string): string {
  return foldLine(text);
}

/** The question in full, ending with the exact change. */
export function describeApproval(approval: Approval, now: Date): string {
  const { incidentId, severity, target, cause, confidence, rootCause, logSays = [], why, plan } = approval;
  const tasks = plan.action === "restart" ? plan.tasks : [];
  const ending = plan.action === "rollback" && plan.how === "stop-deployment";
  const rows: readonly (readonly [string, string])[] = [
    ["Incident", `${incidentId} (${severity})`],
    ["Cause", `${cause}, confidence ${formatConfidence(confidence)}: ${rootCause}`],
    ...logSays.map((quote, index) => [index === 0 ? "Log says" : "", quote] as const),
    ["Asked since", why],
    ["Until", until(approval, now)],
    ["Plan", shortPlanHash(approval)],
    ["Change", `${planText(plan)} on ${target.cluster}/${target.service}`],
    ...tasks.map((task) => ["", `${task.taskId}: ${task.why}`] as const),
    ...(ending ? [["", "by ending the deployment that is going on"] as const] : []),
  ];
  return rows.map(([label, value]) => `${label.padEnd(LABEL_WIDTH)}${plainLine(value)}`).join("\n");
}

const LABEL_WIDTH = 13;

/** One line for the list: what `approve` needs, and enough to choose. */
export function waitingLine(approval: Approval, now: Date): string {
  const { incidentId, severity, target, plan } = approval;
  return `${plainLine(incidentId)}  --plan ${shortPlanHash(approval)}  ${severity}  ${plainLine(`${planText(plan)} on ${target.service}`)}  until ${until(approval, now)}  (question ${plainLine(approval.id)})`;
}

function until({ deadline }: Approval, now: Date): string {
  const left = between(now.toISOString(), deadline);
  const time = formatTime(deadline);
  if (left === undefined) return time;
  return left < 0 ? `${time}, which has passed` : `${time}, in ${formatDuration(left)}`;
}
