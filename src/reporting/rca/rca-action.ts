import type { ActionResult, ActionStep, Incident, Verification } from "../../domain/incident/incident.ts";
import { actionLine } from "../../notification/text/action-line.ts";
import { CONDITION_TEXT } from "../../notification/text/condition-text.ts";
import { between, formatDuration, formatNumber } from "../../notification/text/format.ts";
import { madeActions } from "../../notification/text/summary.ts";
import { undoneText } from "../../notification/text/undone-text.ts";
import { pairs, type RcaBlock, type RcaSection, table, text } from "./rca-document.ts";

/** The sections about what was done and proven. */

/** The first look's action; with no second look, every action. */
export function actionSection(incident: Incident): RcaSection {
  const { actions, further } = incident;
  const proven = madeActions(incident).at(-1);
  const first = further === undefined ? actions : actions.slice(0, 1);
  const blocks = [
    text(`Action taken: ${actionLine(incident)}`),
    ...first.flatMap((action) => actionBlocks(action, action === proven)),
  ];
  return { id: "action", heading: "Action", blocks };
}

/** One action with its steps, and what verification said of it; that of the last has a section of its own. */
export function actionBlocks(action: ActionResult, isLast: boolean): RcaBlock[] {
  const { verification } = action;
  const proof = verification && `${verification.outcome}: ${verification.reason}`;
  const names = Object.keys({ ...action.before, ...action.after });
  const shown = (value: string | number | undefined) =>
    typeof value === "number" ? formatNumber(value) : (value ?? "");
  return [
    pairs([
      ["Action", `${action.action} of ${action.target.cluster} / ${action.target.service}`],
      ["Outcome", action.outcome],
      ["Verification", isLast ? undefined : proof],
      ["Undo", undoneText(action) ?? action.undo],
    ]),
    table(
      ["Measure", "Before", "After"],
      names.map((name) => [name, shown(action.before[name]), shown(action.after[name])]),
      "Nothing was measured around the action.",
    ),
    stepTable("Step", action.steps, "No step was made."),
    ...(action.undone?.length ? [stepTable("Taken back by", action.undone, "")] : []),
    ...(!isLast && verification ? [checkTable(verification)] : []),
  ];
}

function stepTable(name: string, steps: readonly ActionStep[], none: string): RcaBlock {
  const rows = steps.map((step) => {
    const took = between(step.startedAt, step.endedAt);
    return [step.what, step.outcome, took === undefined ? "" : formatDuration(took), step.detail];
  });
  return table([name, "Outcome", "Took", "Detail"], rows, none);
}

function checkTable({ checks }: Verification): RcaBlock {
  const rows = checks.map((check) => [
    CONDITION_TEXT[check.condition],
    MET.get(check.met) ?? "",
    check.detail,
  ]);
  return table(["Condition", "Result", "Detail"], rows, "No condition was checked.");
}

const MET = new Map<boolean | null, string>([
  [true, "met"],
  [false, "not met"],
  [null, "could not be read"],
]);

export function verificationSection(incident: Incident): RcaSection {
  const { verification } = incident;
  const heading = madeActions(incident).length > 1 ? "Verification of the last action" : "Verification";
  if (!verification) return { id: "verification", heading, blocks: [text("No verification was made.")] };
  const { metricBefore, metricAfter, looks, heldLooks } = verification;
  const took = between(verification.startedAt, verification.endedAt);
  const level = (value: number | undefined) => (value === undefined ? "no data" : formatNumber(value));
  return {
    id: "verification",
    heading,
    blocks: [
      pairs([
        ["Outcome", `${verification.outcome}: ${verification.reason}`],
        ["Alarm metric", `${level(metricBefore)} before, ${level(metricAfter)} after`],
        ["Looks", `${looks}, good ${heldLooks} times in a row`],
        ["Took", took === undefined ? undefined : formatDuration(took)],
      ]),
      checkTable(verification),
    ],
  };
}
