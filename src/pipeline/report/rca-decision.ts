import { factsOf } from "../../domain/evidence.ts";
import type { ActionResult, Incident } from "../../domain/incident.ts";
import { actionLine, planText } from "./action-line.ts";
import { between, counted, formatConfidence, formatDollars, formatDuration, formatNumber } from "./format.ts";
import { PREVENTION } from "./prevention.ts";
import { list, pairs, type RcaBlock, type RcaSection, table, text } from "./rca-document.ts";
import { diagnosisOf, failureOf } from "./summary.ts";

/** The sections about what was decided, done, proven and what it cost. */

export function decisionSection({ decision }: Incident): RcaSection {
  const heading = "Decision";
  if (!decision) return { id: "decision", heading, blocks: [text("No decision was reached.")] };
  const { stated, earned, lowered } = decision.confidence;
  const kinds = { act: "act without asking", ask: "ask a person first", decline: "do nothing" };
  const plan = decision.kind === "decline" ? undefined : decision.plan;
  return {
    id: "decision",
    heading,
    blocks: [
      pairs([
        ["Decision", kinds[decision.kind]],
        ["Action", decision.action],
        ["Plan", plan && planText(plan)],
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

export function actionSection(incident: Incident): RcaSection {
  const blocks = [text(`Action taken: ${actionLine(incident)}`), ...incident.actions.flatMap(actionBlocks)];
  return { id: "action", heading: "Action", blocks };
}

function actionBlocks(action: ActionResult): RcaBlock[] {
  const names = Object.keys({ ...action.before, ...action.after });
  const shown = (value: string | number | undefined) =>
    typeof value === "number" ? formatNumber(value) : (value ?? "");
  return [
    pairs([
      ["Action", `${action.action} of ${action.target.cluster} / ${action.target.service}`],
      ["Outcome", action.outcome],
      ["Undo", action.undo],
    ]),
    table(
      ["Measure", "Before", "After"],
      names.map((name) => [name, shown(action.before[name]), shown(action.after[name])]),
      "Nothing was measured around the action.",
    ),
    table(
      ["Step", "Outcome", "Took", "Detail"],
      action.steps.map((step) => {
        const took = between(step.startedAt, step.endedAt);
        return [step.what, step.outcome, took === undefined ? "" : formatDuration(took), step.detail];
      }),
      "No step was made.",
    ),
  ];
}

const MET = new Map<boolean | null, string>([
  [true, "met"],
  [false, "not met"],
  [null, "could not be read"],
]);

export function verificationSection({ verification }: Incident): RcaSection {
  const heading = "Verification";
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
      table(
        ["Condition", "Result", "Detail"],
        verification.checks.map((check) => [check.condition, MET.get(check.met) ?? "", check.detail]),
        "No condition was checked.",
      ),
    ],
  };
}

export function failuresSection({ failures }: Incident): RcaSection[] {
  if (failures.length === 0) return [];
  const items = failures.map((failure) => `At ${failure.stage} (${failure.code}): ${failureOf(failure)}`);
  return [{ id: "failures", heading: "What failed in OpsAgent", blocks: [list(items, "")] }];
}

export function afterwardsSections(incident: Incident): RcaSection[] {
  const diagnosis = diagnosisOf(incident);
  const steps = list(diagnosis?.nextSteps ?? [], "None was named.");
  const advice = list(
    diagnosis ? PREVENTION[diagnosis.cause] : [],
    "Nothing was diagnosed, so nothing is advised.",
  );
  return [
    { id: "next", heading: "Next steps", blocks: [steps] },
    { id: "prevention", heading: "Prevention", blocks: [...recurrence(incident), advice] },
  ];
}

/** The same trouble again and again is a finding of its own. */
function recurrence({ evidence }: Incident): RcaBlock[] {
  const past = evidence ? factsOf(evidence, "past-incident") : [];
  if (past.length === 0) return [];
  const times = `This has happened before: ${counted(past.length, "earlier incident")} of the same kind.`;
  return [text(`${times} Acting on the symptom again does not remove the cause.`)];
}

export function costSection({ model, diagnoser }: Incident): RcaSection {
  const none = diagnoser === "rules" ? "No model was used: the rules diagnosed." : "No model answered.";
  const usage = model && [
    pairs([
      ["Model", model.model],
      ["Calls", String(model.calls)],
      ["Tokens", `${model.inputTokens} in, ${model.outputTokens} out`],
      ["Cost", model.costUsd === undefined ? "not told by the server" : formatDollars(model.costUsd)],
      ["Time", formatDuration(model.milliseconds)],
    ]),
  ];
  return { id: "cost", heading: "Model and cost", blocks: usage ?? [text(none)] };
}
