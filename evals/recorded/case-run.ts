/** A verdict as a run of the report. Pure. */
import type { ModelUsage } from "../../src/domain/diagnosis.ts";
import type { CaseRun } from "../report/eval-report.ts";
import type { Case } from "../scenarios/types.ts";
import type { NoVerdict, Verdict } from "./judge.ts";

/** A case with the group that it is counted in. */
export type GroupedCase = Case & { readonly group: string };

/** What was judged, compared with the truth. */
export function caseRunOf(verdict: Verdict<GroupedCase>, run: number, seconds: number): CaseRun {
  const { one, diagnosis, decision, evidence, harm, usage } = verdict;
  const action = decision.kind === "decline" ? "none" : decision.action;
  const cited = diagnosis.evidence.map((id) => evidence.facts.find((fact) => fact.id === id));
  const { causes, actions, decisions } = one.truth;
  const reasons = [
    ...(verdict.rightCause ? [] : [`cause ${diagnosis.cause}, expected ${causes.join(" or ")}`]),
    ...(verdict.rightAction ? [] : [`action ${action}, expected ${actions.join(" or ")}`]),
    ...(verdict.rightDecision ? [] : [`decided to ${decision.kind}, expected ${decisions.join(" or ")}`]),
    ...(harm === "none" ? [] : [`${action} does harm here`]),
  ];
  return {
    ...headOf(one, run),
    right: reasons.length === 0,
    reasons,
    said: {
      cause: diagnosis.cause,
      rootCause: diagnosis.rootCause,
      action,
      status: decision.kind,
      stated: diagnosis.confidence,
      earned: decision.confidence.earned,
      evidence: diagnosis.evidence.map((id, index) => `${id} ${cited[index]?.statement ?? "is no fact"}`),
    },
    causeRight: verdict.rightCause,
    actionRight: verdict.rightAction && harm === "none",
    gate: decision.kind,
    harm: { done: harm === "acted" ? [action] : [], asked: harm === "asked" ? [action] : [] },
    abstention: { due: actions.every((due) => due === "none"), held: action === "none" },
    ...(diagnosis.cause === "unknown" ? {} : { evidenceCited: isSolid(cited) }),
    seconds: { total: seconds },
    ...modelOf(usage),
    attempts: 1,
  };
}

function isSolid(cited: readonly ({ readonly provenance: string } | undefined)[]): boolean {
  return (
    cited.every((fact) => fact !== undefined) &&
    cited.some((fact) => fact?.provenance === "control-plane" || fact?.provenance === "metric")
  );
}

/** A model whose answer could not be read: a wrong answer, which was paid for. */
export function silentRun(
  one: GroupedCase,
  run: number,
  { failure, usage }: NoVerdict,
  seconds: number,
): CaseRun {
  const nothingDue = one.truth.actions.every((due) => due === "none");
  return {
    ...headOf(one, run),
    right: false,
    reasons: [`no verdict: ${failure.code}: ${failure.message}`],
    said: { cause: "none", action: "none", status: "failed", evidence: [] },
    causeRight: false,
    actionRight: one.truth.actions.includes("none"),
    gate: "none",
    harm: { done: [], asked: [] },
    abstention: { due: nothingDue, held: true },
    seconds: { total: seconds },
    ...modelOf(usage),
    attempts: 1,
  };
}

function headOf(
  one: GroupedCase,
  run: number,
): Pick<CaseRun, "case" | "title" | "group" | "class" | "run" | "truth"> {
  const { causes, actions, harmful } = one.truth;
  return {
    case: one.name,
    title: one.story,
    group: one.group,
    class: one.of,
    run,
    truth: { causes: [...causes], actions: [...actions], harmful: [...harmful] },
  };
}

function modelOf(usage: ModelUsage | undefined): Pick<CaseRun, "model"> {
  if (usage === undefined) return {};
  const { model: slug, inputTokens, outputTokens, costUsd } = usage;
  return {
    model: { slug, inputTokens, outputTokens, ...(costUsd === undefined ? {} : { costUsd }) },
  };
}
