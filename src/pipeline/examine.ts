/** Observe and diagnose: what the service shows, and what that means. */
import type { Alert } from "../domain/alert.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Incident } from "../domain/incident.ts";
import type { Target } from "../domain/target.ts";
import type { PipelineDependencies } from "./dependencies.ts";
import { diagnose } from "./diagnose/index.ts";
import { diagnoseWithRules } from "./diagnose/rules/index.ts";
import { secondsUntilTelling } from "./diagnose/too-early.ts";
import { recallAlarm } from "./memory.ts";
import { type ObserveContext, observe } from "./observe/index.ts";
import { type MoreRequest, readMore, withMore } from "./observe/more.ts";
import type { Run, Timed } from "./run.ts";
import { StageFailure } from "./stage-failure.ts";

export interface ExamineInput {
  readonly alert: Alert;
  readonly target: Target;
  /** Epoch milliseconds by which the whole incident must end, if there is such a limit. */
  readonly deadline: number | undefined;
}

/** What is decided on: a verdict and the evidence that it cites. */
export interface Examined {
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  /** The rules' verdict where a model diagnosed. */
  readonly rules?: Diagnosis | undefined;
}

/** Gathers the evidence, a second time where the first look is too early to tell. */
export async function look(
  name: string,
  input: ExamineInput,
  run: Run,
  deps: PipelineDependencies,
): Promise<Evidence> {
  const first = await lookOnce(name, input, run, deps);
  const wait = secondsUntilTelling(first.value);
  const end = input.deadline ?? Number.POSITIVE_INFINITY;
  if (wait === undefined || Date.parse(first.endedAt) + wait * 1000 >= end) return noted(first, run);
  run.note(first.endedAt, "too-early-to-tell", `It may pass by itself: looking again in ${wait} s.`);
  await run.wait(`${name}-wait`, wait);
  return noted(await lookOnce(`${name}-again`, input, run, deps), run);
}

/** One look at the service, as it is now. */
export function lookOnce(
  name: string,
  input: ExamineInput,
  run: Run,
  deps: PipelineDependencies,
): Promise<Timed<Evidence>> {
  const describe = ({ facts, gaps }: Evidence) => `${facts.length} facts, ${gaps.length} gaps`;
  return run.step(
    name,
    async () => {
      const evidence = await observe(contextAt(deps.now().getTime(), input, deps));
      deps.progress?.({ stage: name, detail: describe(evidence) });
      return evidence;
    },
    { event: "evidence-gathered", detail: describe },
  );
}

function noted({ value, endedAt }: Timed<Evidence>, run: Run): Evidence {
  run.note(endedAt, "evidence-gathered", `${value.facts.length} facts, ${value.gaps.length} gaps`);
  return value;
}

/**
 * Names the cause. The model has the first word where one is configured, unless the rules see nothing but the noise
 * that people were told of already. Tells the story what it found, also when the model failed.
 */
export async function judge(
  evidence: Evidence,
  input: ExamineInput,
  tell: (found: Partial<Incident>) => void,
  run: Run,
  deps: PipelineDependencies,
): Promise<Examined> {
  const diagnosed = await run.step(
    "diagnose",
    async () => {
      const memory = await recallAlarm(input.alert, evidence, deps);
      const knownNoise = memory.noiseToldIn !== undefined && diagnoseWithRules(evidence).cause === "no-fault";
      const result = await diagnose({
        alert: input.alert,
        evidence,
        diagnoser: knownNoise ? "rules" : deps.diagnoser,
        model: deps.model,
        further: furtherRound(evidence, input, deps),
      });
      deps.progress?.({ stage: "diagnose", detail: describeVerdict(result.diagnosis) });
      const { recurrence } = memory;
      return {
        ...result,
        ...(recurrence === undefined ? {} : { recurrence }),
        ...(knownNoise && memory.noiseToldIn ? { rememberedFrom: memory.noiseToldIn } : {}),
      };
    },
    { event: "incident-diagnosed", detail: ({ diagnosis }) => describeVerdict(diagnosis) },
  );
  const { failure, usage, added, ...found } = diagnosed.value;
  const { diagnosis } = found;
  tell({ ...found, ...(usage ? { model: usage } : {}) });
  if (added !== undefined) {
    run.note(diagnosed.endedAt, "evidence-added", `${added.facts.length} facts that the model asked for.`);
    tell({ evidence: withMore(evidence, added) });
  }
  if (diagnosis === undefined) {
    run.note(diagnosed.endedAt, "diagnosis-failed", failure?.message ?? "no diagnosis");
    throw new StageFailure({
      code: "internal",
      message: "no diagnosis",
      remedy: "",
      ...failure,
      stage: "diagnose",
    });
  }
  run.note(diagnosed.endedAt, "diagnosed", describeVerdict(diagnosis));
  return { evidence, diagnosis, rules: found.secondOpinion };
}

/** The second look after an action that did not help: fresh evidence, judged by the rules alone. */
export async function examineAgain(
  input: ExamineInput,
  run: Run,
  deps: PipelineDependencies,
): Promise<Examined> {
  return judgeByRules("-2", noted(await lookOnce("observe-2", input, run, deps), run), run);
}

/** What the rules alone say of fresh evidence. */
export async function judgeByRules(suffix: "-2" | "-late", evidence: Evidence, run: Run): Promise<Examined> {
  const diagnosed = await run.step(`diagnose${suffix}`, async () => diagnoseWithRules(evidence), {
    event: "incident-diagnosed",
    detail: describeVerdict,
  });
  run.note(diagnosed.endedAt, "diagnosed", describeVerdict(diagnosed.value));
  return { evidence, diagnosis: diagnosed.value };
}

function describeVerdict(diagnosis: Diagnosis | undefined): string {
  if (diagnosis === undefined) return "no diagnosis (0): ";
  return `${diagnosis.cause} (${diagnosis.confidence}): ${diagnosis.rootCause}`;
}

function furtherRound(evidence: Evidence, input: ExamineInput, deps: PipelineDependencies) {
  const { timing, limits } = deps.policy;
  const onset = Date.parse(evidence.onset);
  return {
    readMore: (requests: readonly MoreRequest[], known: number) =>
      readMore({ ...contextAt(Date.parse(evidence.observedAt), input, deps), onset }, requests, known),
    now: deps.now,
    deadline: input.deadline,
    sourceTimeoutSeconds: timing.sourceTimeoutSeconds,
    modelTimeoutSeconds: timing.modelTimeoutSeconds,
    budgetUsd: limits.modelBudgetUsd,
  };
}

function contextAt(now: number, { alert, target }: ExamineInput, deps: PipelineDependencies): ObserveContext {
  const { policy, logGroupPrefix, readers } = deps;
  return { alert, target, timing: policy.timing, logGroupPrefix, now, readers };
}
