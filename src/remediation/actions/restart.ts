import type { Plan } from "../../domain/decision.ts";
import type { ActionStep } from "../../domain/incident/incident.ts";
import { shortId } from "../../evidence/facts/task-facts.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../../workflow/durable-steps.ts";
import { StageFailure } from "../../workflow/stage-failure.ts";
import { stepName } from "../../workflow/step-names.ts";
import { planRestart } from "../plan.ts";
import { type ActInput, permissionOf } from "./act-input.ts";
import { type BegunAction, performOnce, toStep } from "./guarded-call.ts";
import { reconcileStop } from "./reconcile.ts";
import { waitForReplacement } from "./replacement.ts";
import { whatChangedOfTask } from "./still-as-judged.ts";

type RestartPlan = Extract<Plan, { action: "restart" }>;

/** Stops the planned tasks one after the other, each once its predecessor's replacement is healthy. */
export async function restart(
  input: ActInput,
  plan: RestartPlan,
  action: BegunAction,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep[]> {
  const steps: ActionStep[] = [];
  for (const [index, task] of plan.tasks.entries()) {
    const made = await restartTask(index, task, input, action, run, deps).catch((fault: unknown) => {
      // Steps of earlier tasks have to be reported, so only the first one's fault ends the stage.
      const last = steps.at(-1);
      if (!(fault instanceof StageFailure) || last === undefined) throw fault;
      return [notMade(`stop task ${shortId(task.taskId)}`, fault, last.endedAt)];
    });
    steps.push(...made);
    if (made.some((step) => step.outcome === "refused" || step.outcome === "unknown")) break;
  }
  return steps;
}

/** Stops one task and waits for its replacement; returns the steps. */
async function restartTask(
  index: number,
  task: RestartPlan["tasks"][number],
  input: ActInput,
  action: BegunAction,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep[]> {
  const { target, cause } = input.decision;
  const { incidentId, deadline, attempt, evidence } = input;
  const stillAsJudged = () =>
    whatChangedOfTask(deps.readers.ecs, target, task.taskArn, evidence, readTimeout(deps));
  const events = (step: ActionStep): StepEvent => ({
    kind: "action-step-ended",
    attempt,
    purpose: "action",
    step,
  });
  const what = `stop task ${shortId(task.taskId)} (${task.why})`;
  const look = stepName("restart-look", attempt, index);
  const changed = await run.step(look, async () => (await stillAsJudged()) ?? null);
  if (changed.value !== null) {
    return [toStep(what, changed, "skipped", `Meanwhile ${changed.value}; nothing was done.`)];
  }
  const reason = `OpsAgent ${incidentId}: ${cause}`;
  const key = stepName("restart-stop", attempt, index);
  const stopped = await performOnce(
    {
      incidentId,
      key,
      what,
      attempt,
      purpose: "action",
      action,
      permission: permissionOf(input),
      stops: { taskArn: task.taskArn, taskId: task.taskId, provenSick: isProvenSick(input, deps) },
      stillAsJudged,
      call: () => deps.actuator.stopTask(target, task.taskArn, reason),
      reconcile: () => reconcileStop(deps.readers.ecs, target, task.taskArn, reason, readTimeout(deps)),
    },
    run,
    deps,
  );
  if (stopped.outcome !== "done") return [stopped];
  const name = stepName("restart-replace", attempt, index);
  return [
    stopped,
    await waitForReplacement(name, { target, task, deadline }, (step) => [events(step)], run, deps),
  ];
}

/** Whether the plan's tasks are sick by their own facts, and not only the oldest: the plan is made of the same evidence. */
function isProvenSick({ evidence, decision }: ActInput, { policy }: WorkflowDependencies): boolean {
  const planned = planRestart(evidence, decision.cause, policy);
  return planned.ok && planned.provenSick;
}

/** A change that was planned and not tried, because of an earlier fault. */
function notMade(what: string, { failure }: StageFailure, at: string): ActionStep {
  const detail = `Not tried: ${failure.message}. ${failure.remedy}`;
  return { what, outcome: "refused", detail, startedAt: at, endedAt: at };
}
