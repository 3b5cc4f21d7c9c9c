/**
 * The whole story of one incident, in order. Everything outside `run.step`, `run.once` and `run.poll` is
 * deterministic, so that the same function runs as a Lambda durable function and embedded, and survives a kill.
 */
import type { DurableContext } from "@aws/durable-execution-sdk-js";
import type { Alert } from "../domain/alert.ts";
import type { Decision } from "../domain/decision.ts";
import { alarmMetricOf, factsOf } from "../domain/evidence.ts";
import type { Failure, Incident } from "../domain/incident.ts";
import { decide } from "../policy/decide.ts";
import { act } from "./act.ts";
import { type PipelineDependencies, withHarmlessProgress } from "./dependencies.ts";
import { diagnose } from "./diagnose/index.ts";
import { secondsUntilTelling } from "./diagnose/too-early.ts";
import { close, createStory, openIncident, type Story } from "./incident-record.ts";
import { type ObserveContext, observe } from "./observe/index.ts";
import { readMore, withMore } from "./observe/more.ts";
import { recall } from "./recall.ts";
import { record, report } from "./report/index.ts";
import { createRun, type Run, StageFailure } from "./run.ts";
import { verify } from "./verify.ts";

export interface IncidentInput {
  readonly alert: Alert;
  /** ISO 8601; when a plain invocation must have ended. Durable executions have none. */
  readonly deadline?: string;
}

/** The workflow: takes an alert, returns the closed incident. It ends in a report whatever happens. */
export function createRunIncident(given: PipelineDependencies) {
  const deps = withHarmlessProgress(given);
  return async (input: IncidentInput, context: DurableContext): Promise<Incident> => {
    const run = createRun(context, input.alert.receivedAt, deps.now);
    const story = createStory(openIncident(input.alert, deps.diagnoser));
    try {
      const unrecorded = await record(story.incident, run, deps);
      await investigate(input, story, run, deps, unrecorded);
    } catch (fault) {
      story.fail(fault);
    }
    return report(close(story.incident, run.timeline), run, deps);
  };
}

/** Each stage adds to the story, so that a fault in a later one loses nothing of the earlier ones. */
async function investigate(
  input: IncidentInput,
  story: Story,
  run: Run,
  deps: PipelineDependencies,
  unrecorded: Failure | undefined,
): Promise<void> {
  const { alert } = input;
  const target = alert.target;
  if (alert.state !== "ALARM" || target === undefined) return;
  const deadline = input.deadline === undefined ? undefined : Date.parse(input.deadline);

  const contextAt = (now: number): ObserveContext => ({
    alert,
    target,
    timing: deps.policy.timing,
    logGroupPrefix: deps.logGroupPrefix,
    now,
    readers: deps.readers,
  });
  const look = (name: string) =>
    run.step(name, async () => {
      const evidence = await observe(contextAt(deps.now().getTime()));
      deps.progress?.({
        stage: name,
        detail: `${evidence.facts.length} facts, ${evidence.gaps.length} gaps`,
      });
      return evidence;
    });
  let observed = await look("observe");
  const wait = secondsUntilTelling(observed.value);
  if (
    wait !== undefined &&
    Date.parse(observed.endedAt) + wait * 1000 < (deadline ?? Number.POSITIVE_INFINITY)
  ) {
    run.note(observed.endedAt, "too-early-to-tell", `It may pass by itself: looking again in ${wait} s.`);
    await run.wait("look-again", wait);
    observed = await look("observe-again");
  }
  const evidence = observed.value;
  run.note(
    observed.endedAt,
    "evidence-gathered",
    `${evidence.facts.length} facts, ${evidence.gaps.length} gaps`,
  );
  story.add({ evidence });

  const diagnosed = await run.step("diagnose", async () => {
    const { timing, limits } = deps.policy;
    const result = await diagnose({
      alert,
      evidence,
      diagnoser: deps.diagnoser,
      model: deps.model,
      further: {
        readMore: (requests, known) => {
          const context = contextAt(Date.parse(evidence.observedAt));
          return readMore({ ...context, onset: Date.parse(evidence.onset) }, requests, known);
        },
        now: deps.now,
        deadline,
        sourceTimeoutSeconds: timing.sourceTimeoutSeconds,
        modelTimeoutSeconds: timing.modelTimeoutSeconds,
        budgetUsd: limits.modelBudgetUsd,
      },
    });
    const { cause, confidence, rootCause } = result.diagnosis ?? {
      cause: "no diagnosis",
      confidence: 0,
      rootCause: "",
    };
    deps.progress?.({ stage: "diagnose", detail: `${cause} (${confidence}): ${rootCause}` });
    return result;
  });
  const { failure, usage, added, ...opinions } = diagnosed.value;
  const diagnosis = opinions.diagnosis;
  story.add({ ...opinions, ...(usage ? { model: usage } : {}) });
  if (added !== undefined) {
    run.note(diagnosed.endedAt, "evidence-added", `${added.facts.length} facts that the model asked for.`);
    story.add({ evidence: withMore(evidence, added) });
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
  run.note(
    diagnosed.endedAt,
    "diagnosed",
    `${diagnosis.cause} (${diagnosis.confidence}): ${diagnosis.rootCause}`,
  );

  // The investigation still helps whoever takes over, but nothing is done without a record of it.
  if (unrecorded !== undefined) throw new StageFailure(unrecorded);
  const decided = await run.step("decide", async () => {
    const { now, history } = await recall(deps);
    const { policy, ceiling } = deps;
    const rules = opinions.secondOpinion;
    const decision = decide({ diagnosis, rules, evidence, target, policy, ceiling, history, now });
    deps.progress?.({ stage: "decide", detail: summarize(decision) });
    return decision;
  });
  const decision = decided.value;
  run.note(decided.endedAt, "decided", summarize(decision));
  story.add({ decision });
  if (decision.kind !== "act") return;

  const result = await act({ incidentId: story.incident.id, decision, evidence, deadline }, run, deps);
  for (const step of result.steps) {
    run.note(step.endedAt, `action-${step.outcome}`, `${step.what}: ${step.detail}`);
  }
  story.add({ actions: [result] });
  const last = result.steps.at(-1);
  if (result.outcome === "nothing-changed" || last === undefined) return;

  const verification = await verify(
    {
      alert,
      target,
      since: last.endedAt,
      runningBefore: factsOf(evidence, "service")[0]?.data.running,
      metricBefore: alarmMetricOf(evidence)?.data.summary.current,
      deadline,
    },
    run,
    deps,
  );
  run.note(verification.endedAt, `verified-${verification.outcome}`, verification.reason);
  story.add({ verification });
  await run
    .step("remember", () => rememberOutcome(story.incident, deps))
    .catch((fault: unknown) => {
      // What was proven stays proven; that it could not be noted is told beside it.
      if (!(fault instanceof StageFailure)) throw fault;
      story.add({ failures: [...story.incident.failures, fault.failure] });
    });
}

function summarize(decision: Decision): string {
  const confidence = `earned confidence ${decision.confidence.earned.toFixed(2)}`;
  if (decision.kind === "decline") return `decline, ${confidence}: ${decision.reasons.join(" ")}`;
  return `${decision.kind} ${decision.action}, ${confidence}`;
}

/** What verification said of the action, for the guardrails of the next incident. */
async function rememberOutcome(incident: Incident, deps: PipelineDependencies): Promise<void> {
  const action = incident.actions.at(-1);
  const started = action?.steps.find((step) => step.outcome !== "skipped")?.startedAt;
  if (action === undefined || incident.target === undefined || started === undefined) return;
  await deps.store.recordAction({
    incidentId: incident.id,
    cluster: incident.target.cluster,
    service: incident.target.service,
    action: action.action,
    cause: incident.diagnosis?.cause ?? "unknown",
    at: started,
    verified: incident.verification?.outcome === "recovered",
  });
}
