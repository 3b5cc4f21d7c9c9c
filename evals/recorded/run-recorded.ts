/** Runs the recorded cases: the same code from event to decision, without acting. */
import type { ModelClient } from "../../src/diagnosis/ports.ts";
import type { ModelUsage } from "../../src/domain/diagnosis.ts";
import { UNUSABLE_MODEL } from "../live/opsagent-report.ts";
import type { CaseRun, SetUpFailure } from "../report/eval-report.ts";
import { allCases, type HalfCase } from "../scenarios/index.ts";
import { useStubCredentials } from "./gather.ts";
import { inParallel, judge, NoVerdict, type Verdict } from "./judge.ts";

export interface RecordedOptions {
  /** Cause classes; all without it. */
  readonly classes?: readonly string[] | undefined;
  /** Names of cases of the open half: a single held-out one would reveal its score. */
  readonly cases?: readonly string[] | undefined;
  readonly repeat: number;
  readonly jobs: number;
  readonly model?: (() => ModelClient) | undefined;
  readonly signal: AbortSignal;
}

export interface RecordedResults {
  readonly runs: readonly CaseRun[];
  readonly setUpFailures: readonly SetUpFailure[];
  readonly complete: boolean;
}

/** Runs them all. Of the held-out half the caller may report counts only. */
export async function runRecorded(options: RecordedOptions): Promise<RecordedResults> {
  const { classes, cases, repeat, jobs, signal } = options;
  useStubCredentials();
  const chosen = allCases.filter(
    (one) =>
      (classes === undefined || classes.includes(one.of)) &&
      (cases === undefined || (one.half === "development" && cases.includes(one.name))),
  );
  const work = Array.from({ length: repeat }, (_, round) =>
    chosen.map((one) => ({ one, run: round + 1 })),
  ).flat();
  const results = await inParallel(work, jobs, async ({ one, run }) =>
    signal.aborted ? undefined : judgeOnce(one, run, options.model),
  );
  return {
    runs: results.flatMap((result) => (result !== undefined && "right" in result ? [result] : [])),
    setUpFailures: results.flatMap((result) => (result !== undefined && "kind" in result ? [result] : [])),
    complete: !signal.aborted,
  };
}

async function judgeOnce(
  one: HalfCase,
  run: number,
  model: (() => ModelClient) | undefined,
): Promise<CaseRun | SetUpFailure> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    return runOf(await judge(one, model), run, seconds());
  } catch (fault) {
    if (fault instanceof NoVerdict && !UNUSABLE_MODEL.has(fault.failure.code))
      return silentRun(one, run, fault, seconds());
    const message = fault instanceof Error ? fault.message : String(fault);
    const heldOut = one.half === "held-out";
    const attempts = 1;
    const told = { case: heldOut ? "(a held-out case)" : one.name, group: one.half, run, attempts };
    return fault instanceof NoVerdict
      ? { ...told, kind: "model-not-reachable", message }
      : { ...told, kind: "other", message: heldOut ? "It could not be run." : message };
  }
}

function runOf(verdict: Verdict, run: number, seconds: number): CaseRun {
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
function silentRun(one: HalfCase, run: number, { failure, usage }: NoVerdict, seconds: number): CaseRun {
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
  one: HalfCase,
  run: number,
): Pick<CaseRun, "case" | "title" | "group" | "class" | "run" | "truth"> {
  const { causes, actions, harmful } = one.truth;
  return {
    case: one.name,
    title: one.story,
    group: one.half,
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
