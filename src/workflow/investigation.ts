/** Collects evidence and diagnoses it. */
import { readSuppression } from "../alert-grouping/suppression.ts";
import { type Diagnosed, diagnose } from "../diagnosis/diagnose.ts";
import { diagnoseBySigns } from "../diagnosis/diagnose-by-signs.ts";
import { stabilisationSeconds } from "../diagnosis/stabilisation.ts";
import type { Alert } from "../domain/alert.ts";
import type { Diagnosis, ModelFailure } from "../domain/diagnosis.ts";
import { type Evidence, type Fact, withMore } from "../domain/evidence.ts";
import type { Attempt, Recurrence } from "../domain/incident/incident.ts";
import type { Target } from "../domain/target.ts";
import { collectEvidence, type EvidenceContext, isOfNoService } from "../evidence/collect-evidence.ts";
import { triedActionFacts } from "../evidence/facts/past-incident-facts.ts";
import { type MoreRequest, readMore } from "../evidence/more-evidence.ts";
import type { FactDraft } from "../evidence/source.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import type { DurableSteps, StepEvent } from "./durable-steps.ts";
import { StageFailure } from "./stage-failure.ts";
import { stepName } from "./step-names.ts";

export interface InvestigationInput {
  readonly alert: Alert;
  readonly target: Target;
  /** Epoch milliseconds by which the whole incident must end, if there is such a limit. */
  readonly deadline: number | undefined;
}

/** What is decided on: a verdict and the evidence that it cites. */
export interface Investigated {
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  /** The other opinion where a model was asked. */
  readonly secondOpinion?: Diagnosis | undefined;
  /** Why the model gave no opinion. */
  readonly modelFailure?: ModelFailure | undefined;
}

/** Collects the evidence, a second time where the first look is too early to tell, and names the cause. */
export async function collectAndDiagnose(
  input: InvestigationInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Investigated> {
  return diagnoseEvidence(
    await collectStableEvidence("collect-evidence", "first", input, run, deps),
    input,
    run,
    deps,
  );
}

/** The second look after an action that did not help: fresh evidence, judged by the rules alone. */
export async function collectAndDiagnoseAgain(
  input: InvestigationInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Investigated> {
  const tried = triedActionFacts(run.incident);
  const evidence = await collect("observe-second", "second", input, run, deps, tried);
  return diagnoseByRules("second", evidence, run);
}

/** Gathers the evidence, a second time where the first look is too early to tell. */
export async function collectStableEvidence(
  name: string,
  attempt: Attempt,
  input: InvestigationInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Evidence> {
  const end = input.deadline ?? Number.POSITIVE_INFINITY;
  const pauseFor = ({ observedAt, ...evidence }: Evidence) => {
    const wait = stabilisationSeconds({ observedAt, ...evidence });
    return wait === undefined || Date.parse(observedAt) + wait * 1000 >= end ? undefined : wait;
  };
  const first = await run.step(
    name,
    () => read(input, deps),
    (evidence) => {
      const seconds = pauseFor(evidence);
      return seconds === undefined
        ? [{ kind: "evidence-collected", attempt, evidence }]
        : [{ kind: "look-postponed", attempt, seconds }];
    },
  );
  const seconds = pauseFor(first.value);
  if (seconds === undefined) return first.value;
  await run.wait(`${name}-wait`, seconds);
  return collect(`${name}-again`, attempt, input, run, deps);
}

/** One look at the service, as it is now. */
async function collect(
  name: string,
  attempt: Attempt,
  input: InvestigationInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
  also: readonly FactDraft[] = [],
): Promise<Evidence> {
  const { value } = await run.step(
    name,
    async () => withDrafts(await read(input, deps), also),
    (evidence) => [{ kind: "evidence-collected", attempt, evidence }],
  );
  return value;
}

/** Adds facts that are known without a read, with the ids that follow. */
function withDrafts(evidence: Evidence, drafts: readonly FactDraft[]): Evidence {
  const { length } = evidence.facts;
  const facts = drafts.map((draft, index): Fact => ({ ...draft, id: `E${length + index + 1}` }));
  return withMore(evidence, { facts, gaps: [] });
}

/** The service as it is now, for what was judged before. */
export function read(input: InvestigationInput, deps: WorkflowDependencies): Promise<Evidence> {
  return collectEvidence(contextAt(deps.now().getTime(), input, deps));
}

/**
 * Names the cause. A model is asked where one is configured, unless the rules see nothing but the noise that people
 * were told of already. What was found is on record also where the policy ends an incident without the model.
 */
async function diagnoseEvidence(
  evidence: Evidence,
  input: InvestigationInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Investigated> {
  const diagnosed = await run.step(
    "diagnose",
    async () => {
      const suppression = await readSuppression(input.alert, evidence, deps);
      const knownNoise =
        suppression.suppressedBy !== undefined && diagnoseBySigns(evidence).cause === "no-fault";
      const result = await diagnose({
        alert: input.alert,
        evidence,
        diagnoser: knownNoise || isOfNoService(evidence) ? "rules" : deps.diagnoser,
        model: deps.model,
        further: furtherRound(evidence, input, deps),
      });
      const { recurrence } = suppression;
      return {
        ...result,
        needsModel: deps.policy.whenModelFails === "nothing",
        ...(recurrence === undefined ? {} : { recurrence }),
        ...(knownNoise && suppression.suppressedBy ? { rememberedFrom: suppression.suppressedBy } : {}),
      };
    },
    (found) => diagnosisEvents(found, evidence),
  );
  const { diagnosis, modelFailure, secondOpinion, needsModel } = diagnosed.value;
  if (modelFailure !== undefined && needsModel) {
    throw new StageFailure({ ...modelFailure, stage: "diagnose" });
  }
  return { evidence, diagnosis, secondOpinion, modelFailure };
}

interface Found extends Diagnosed {
  /** The policy ends the incident where the model fails. */
  readonly needsModel: boolean;
  readonly recurrence?: Recurrence;
  readonly rememberedFrom?: string;
}

function diagnosisEvents(found: Found, { facts, gaps }: Evidence): StepEvent[] {
  const { diagnosis, modelFailure, added, usage, needsModel, rememberedFrom, ...rest } = found;
  const after = { facts: facts.length, gaps: gaps.length };
  const attempt = "first";
  const model = usage === undefined ? {} : { model: usage };
  const more: StepEvent[] =
    added === undefined
      ? []
      : [
          {
            kind: "evidence-added",
            attempt,
            after,
            added: { facts: [...added.facts], gaps: [...added.gaps] },
          },
        ];
  if (modelFailure !== undefined && needsModel) {
    const reason = modelFailure.message;
    return [
      ...more,
      { kind: "diagnosis-failed", attempt, reason, ...model, ...rest, secondOpinion: diagnosis },
    ];
  }
  const beside = {
    ...(modelFailure === undefined ? {} : { modelFailure }),
    ...(rememberedFrom === undefined ? {} : { rememberedFrom }),
  };
  return [...more, { kind: "diagnosed", attempt, diagnosis, ...model, ...rest, ...beside }];
}

/** What the rules alone say of fresh evidence. */
export async function diagnoseByRules(
  attempt: Attempt,
  evidence: Evidence,
  run: DurableSteps,
): Promise<Investigated> {
  const diagnosed = await run.step(
    stepName("diagnose", attempt),
    async () => diagnoseBySigns(evidence),
    (diagnosis) => [{ kind: "diagnosed", attempt, diagnosis }],
  );
  return { evidence, diagnosis: diagnosed.value };
}

function furtherRound(evidence: Evidence, input: InvestigationInput, deps: WorkflowDependencies) {
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

function contextAt(
  now: number,
  { alert, target }: InvestigationInput,
  deps: WorkflowDependencies,
): EvidenceContext {
  const { policy, logGroupPrefix, readers } = deps;
  const { timing, trustedNamespaces } = policy;
  return { alert, target, timing, trustedNamespaces, logGroupPrefix, now, readers };
}
