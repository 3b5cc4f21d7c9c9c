/**
 * What verification is worth: the same live runs as an agent would report them that takes its own action as success.
 */
import type { EvalReport } from "../report/eval-report.ts";

/** Returns a Markdown table of the runs of a live report in which the agent changed something. */
export function verificationTable({ runs }: Pick<EvalReport, "runs">): string {
  const acted = runs.filter(({ seconds }) => seconds.toAction !== undefined);
  const resolved = acted.filter(({ said }) => said.status === "resolved");
  const isTrue = ({ recovery }: (typeof runs)[number]) => recovery?.confirmed === true;
  const row = (name: string, told: typeof acted) =>
    `| ${[name, told.length, told.filter((run) => !isTrue(run)).length].join(" | ")} |`;
  const kept = acted.filter(({ said }) => said.status !== "resolved");
  return [
    `| of ${acted.length} runs with an action | told as resolved | of these not recovered |`,
    "| --- | --- | --- |",
    row("with verification", resolved),
    row("without", acted),
    "",
    `Held back by verification: ${kept.length === 0 ? "none" : [...new Set(kept.map((run) => run.case))].join(", ")}.`,
  ].join("\n");
}
