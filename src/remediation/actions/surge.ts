/**
 * The task that comes before a restart stops any: it is added, waited for, and taken away again at the end. ECS
 * chooses which task goes then, by the balance of zones and not by health or age, so one goes only while one more
 * than enough serves. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
 */
import type { Surge } from "../../domain/decision.ts";
import type { ActionStep } from "../../domain/incident/incident.ts";
import type { Target } from "../../domain/target.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../../workflow/durable-steps.ts";
import { stepName } from "../../workflow/step-names.ts";
import { type ActInput, permissionOf } from "./act-input.ts";
import type { BegunAction } from "./guarded-call.ts";
import { setDesired } from "./scale.ts";
import { readServing, type ServingNow } from "./serving-now.ts";
import { waitUntil } from "./wait-until.ts";

interface SurgeInput {
  readonly input: ActInput;
  readonly surge: Surge;
  readonly action: BegunAction;
}

/** Adds the task. Anything but `done` means that no task may be stopped. */
export function addSurge(
  { input, surge, action }: SurgeInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const { incidentId, attempt, decision } = input;
  const { from, to } = surge;
  const key = stepName("restart-surge", attempt);
  const permission = permissionOf(input);
  const { target } = decision;
  const change = { incidentId, target, key, attempt, from, to, action, permission } as const;
  return setDesired({ ...change, judged: input.evidence, purpose: "action", surge: "added" }, run, deps);
}

/** Waits until so many serve that the task may be stopped. */
export function waitForRoom(
  { input, surge }: SurgeInput,
  taskArn: string,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const { attempt, deadline, decision } = input;
  return waitUntil(
    {
      name: stepName("restart-surge-wait", attempt),
      what: "wait for the added task",
      late: "The added task was not healthy in time",
      deadline,
      look: () => lookAtServing(decision.target, (now) => now.without(taskArn) >= surge.keep, deps),
    },
    (step) => [endedEvent(attempt, step)],
    run,
    deps,
  );
}

/**
 * Takes the added task away once one more than enough serves, and waits until the service has settled. It stays where
 * ECS could take a task that is needed: that is told, and scale-in returns it once the service is steady. `patient`: no
 * wait has failed before, so that it is worth another.
 */
export async function returnSurge(
  { input, surge, action }: SurgeInput,
  patient: boolean,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep[]> {
  const { incidentId, attempt, deadline, decision } = input;
  const { target } = decision;
  const { to: from, from: to, keep } = surge;
  const spare = await waitUntil(
    {
      name: stepName("restart-surge-spare", attempt),
      what: "wait until a task can be spared",
      late: "None can be spared",
      deadline,
      once: !patient,
      look: () => lookAtServing(target, (now) => isSpared(now, surge), deps),
    },
    () => [],
    run,
    deps,
  );
  if (spare.outcome !== "done") {
    // An invocation that ends here has no scale-in.
    const then =
      deadline === undefined
        ? "It goes once the service is steady."
        : `Set the desired count back to ${to} by hand once the service is steady.`;
    const why = `at least ${keep} must serve, and which one would go is for ECS to choose (${spare.detail})`;
    const what = `set the desired count from ${from} to ${to}`;
    return [
      {
        ...spare,
        what,
        outcome: "skipped",
        detail: `The added task stays: ${why}. ${then}`,
        surge: "returned",
      },
    ];
  }
  const key = stepName("restart-surge-return", attempt);
  // It takes back what was permitted: only the brake and the policy of now are asked.
  const { confidence: _, ...permission } = permissionOf(input);
  const change = { incidentId, target, key, attempt, from, to, action, permission } as const;
  const returned = await setDesired({ ...change, purpose: "action", surge: "returned" }, run, deps);
  if (returned.outcome !== "done") return [returned];
  const settled = await waitUntil(
    {
      name: stepName("restart-surge-settle", attempt),
      what: `wait for the service to settle at ${to} tasks`,
      late: "The service has not settled in time",
      deadline,
      look: () => lookAtServing(target, (now) => now.running <= now.desired && now.serving >= keep, deps),
    },
    (step) => [endedEvent(attempt, step)],
    run,
    deps,
  );
  return [returned, settled];
}

/** Whether any task may go: one more than enough serves, or none was added. */
function isSpared({ serving, running, pending }: ServingNow, { from, keep }: Surge): boolean {
  return serving > keep || running + pending <= from;
}

async function lookAtServing(
  target: Target,
  isEnough: (now: ServingNow) => boolean,
  deps: WorkflowDependencies,
): Promise<{ healthy: boolean; detail: string }> {
  const now = await readServing(target, deps);
  const detail = `${now.running} of ${now.desired} tasks running, ${now.serving} serving`;
  return { healthy: isEnough(now), detail };
}

function endedEvent(attempt: ActInput["attempt"], step: ActionStep): StepEvent {
  return { kind: "action-step-ended", attempt, purpose: "action", step };
}
