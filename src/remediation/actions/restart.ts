import type { Plan } from "../../domain/decision.ts";
import type { ActionStep } from "../../domain/incident/incident.ts";
import { shortId } from "../../evidence/facts/task-facts.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../../workflow/durable-steps.ts";
import { StageFailure } from "../../workflow/stage-failure.ts";
import { stepName } from "../../workflow/step-names.ts";
import { healthyFloorOf } from "../serving.ts";
import type { ActInput } from "./act-input.ts";
import { type BegunAction, performOnce, toStep } from "./guarded-call.ts";
import { reconcileStop } from "./reconcile.ts";
import { waitForReplacement } from "./replacement.ts";
import { readServing } from "./serving-now.ts";
import { addSurge, returnSurge, waitForRoom } from "./surge.ts";

type RestartPlan = Extract<Plan, { action: "restart" }>;

/**
 * Stops the planned tasks one after the other, each once its predecessor's replacement is healthy. Where the plan has
 * a surge, one task is added before and taken away after. Returns every step that was made or left out.
 */
export async function restart(
  input: ActInput,
  plan: RestartPlan,
  action: BegunAction,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep[]> {
  const { surge } = plan;
  const [first] = plan.tasks;
  if (surge === undefined || first === undefined) return stopTasks(input, plan, action, [], run, deps);
  const added = await addSurge({ input, surge, action }, run, deps);
  if (added.outcome !== "done") return [added];
  const steps = [added];
  // From here on a task too many runs: whatever fails, it has to be told, and taken away.
  const atStage = async (what: string, stage: () => Promise<readonly ActionStep[]>) => {
    const made = await stage().catch((fault: unknown) => [notMade(what, fault, steps.at(-1))]);
    steps.push(...made);
    return made.every(({ outcome }) => outcome === "done");
  };
  const wait = () => waitForRoom({ input, surge, action }, first.taskArn, run, deps).then((step) => [step]);
  const hasRoom = await atStage("wait for the added task", wait);
  if (hasRoom) steps.push(...(await stopTasks(input, plan, action, steps, run, deps)));
  const what = `set the desired count from ${surge.to} to ${surge.from}`;
  await atStage(what, () => returnSurge({ input, surge, action }, run, deps));
  return steps;
}

/** Stops the tasks in their order, until one could not be stopped or replaced. `before`: steps already made. */
async function stopTasks(
  input: ActInput,
  plan: RestartPlan,
  action: BegunAction,
  before: readonly ActionStep[],
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep[]> {
  const steps: ActionStep[] = [];
  for (const [index, task] of plan.tasks.entries()) {
    const made = await restartTask(index, task, { input, plan, action }, run, deps).catch(
      (fault: unknown) => {
        // Steps of earlier tasks have to be reported, so only a fault before any of them ends the stage.
        const last = steps.at(-1) ?? before.at(-1);
        if (last === undefined) throw fault;
        return [notMade(`stop task ${shortId(task.taskId)}`, fault, last)];
      },
    );
    steps.push(...made);
    if (made.some((step) => step.outcome === "refused" || step.outcome === "unknown")) break;
  }
  return steps;
}

interface Restarting {
  readonly input: ActInput;
  readonly plan: RestartPlan;
  readonly action: BegunAction;
}

/** Stops one task and waits for its replacement; returns the steps. */
async function restartTask(
  index: number,
  task: RestartPlan["tasks"][number],
  { input, plan, action }: Restarting,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep[]> {
  const { target, cause } = input.decision;
  const { incidentId, deadline, attempt } = input;
  const events = (step: ActionStep): StepEvent => ({
    kind: "action-step-ended",
    attempt,
    purpose: "action",
    step,
  });
  const what = `stop task ${shortId(task.taskId)} (${task.why})`;
  const standing = await run.step(stepName("restart-look", attempt, index), async () => {
    const now = await deps.readers.ecs.task(target, task.taskArn, readTimeout(deps));
    if (now?.lastStatus !== "RUNNING" || now.desiredStatus !== "RUNNING") return { kind: "gone" } as const;
    // A person who approved a stop below the floor has seen that it is one.
    if (input.approved && plan.surge === undefined) return { kind: "as-judged" } as const;
    return floorAfter(task.taskArn, input, plan, deps);
  });
  switch (standing.value.kind) {
    case "gone":
      return [toStep(what, standing, "skipped", "The task is no longer running; nothing was done to it.")];
    case "too-few": {
      const { left, keep } = standing.value;
      const detail = `It would leave ${left} serving, and at least ${keep} must; nothing was done to it.`;
      return [toStep(what, standing, "refused", detail)];
    }
    case "as-judged":
      break;
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

/** Whether the floor still holds without the task, as the service is now. A task that serves nothing is not missed. */
async function floorAfter(
  taskArn: string,
  { decision }: ActInput,
  { surge }: RestartPlan,
  deps: WorkflowDependencies,
) {
  const now = await readServing(decision.target, deps);
  const left = now.without(taskArn);
  const keep = surge?.keep ?? healthyFloorOf(now);
  return left >= keep || left === now.serving
    ? ({ kind: "as-judged" } as const)
    : ({ kind: "too-few", left, keep } as const);
}

/** A change that was planned and not tried, because of an earlier fault. Throws what is not a stage's failure. */
function notMade(what: string, fault: unknown, after: ActionStep | undefined): ActionStep {
  if (!(fault instanceof StageFailure) || after === undefined) throw fault;
  const { failure } = fault;
  const detail = `Not tried: ${failure.message}. ${failure.remedy}`;
  return { what, outcome: "refused", detail, startedAt: after.endedAt, endedAt: after.endedAt };
}
