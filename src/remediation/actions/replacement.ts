import type { ActionStep } from "../../domain/incident/incident.ts";
import type { Target } from "../../domain/target.ts";
import { shortId } from "../../evidence/facts/task-facts.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../../workflow/durable-steps.ts";
import { waitUntil } from "./wait-until.ts";

interface ReplacementInput {
  readonly target: Target;
  readonly task: { readonly taskArn: string; readonly taskId: string };
  readonly deadline: number | undefined;
}

/** Waits until the stopped task is gone, its replacement runs and every target is healthy again. */
export function waitForReplacement(
  name: string,
  input: ReplacementInput,
  events: (step: ActionStep) => readonly StepEvent[],
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const wait = {
    name,
    what: `wait for the replacement of task ${shortId(input.task.taskId)}`,
    late: "The replacement was not healthy in time",
    deadline: input.deadline,
    look: () => readReplacement(input, deps),
  };
  return waitUntil(wait, events, run, deps);
}

async function readReplacement(
  input: ReplacementInput,
  deps: WorkflowDependencies,
): Promise<{ healthy: boolean; detail: string }> {
  const { ecs, loadBalancers } = deps.readers;
  const options = readTimeout(deps);
  const [service, task] = await Promise.all([
    ecs.service(input.target, options),
    ecs.task(input.target, input.task.taskArn, options),
  ]);
  if (service === undefined) return { healthy: false, detail: "the service could not be found" };
  const gone = task === undefined || task.lastStatus === "STOPPED";
  const health = await Promise.all(
    service.targetGroupArns.map((arn) => loadBalancers.targetHealth(arn, options)),
  );
  const targets = health.flat().filter((target) => target.state !== "draining");
  const waiting = targets.filter((target) => target.state !== "healthy").length;
  const steady = service.running === service.desired && service.pending === 0;
  const enough = service.targetGroupArns.length === 0 || targets.length >= service.desired;
  return {
    healthy: gone && steady && enough && waiting === 0,
    detail: `${service.running} of ${service.desired} tasks running, ${waiting} of ${targets.length} targets not healthy`,
  };
}
