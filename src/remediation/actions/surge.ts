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
import type { ActInput } from "./act-input.ts";
import { type BegunAction, toStep } from "./guarded-call.ts";
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
  const change = { incidentId, target: decision.target, key, attempt, from, to, action } as const;
  return setDesired({ ...change, purpose: "action", surge: "added" }, run, deps);
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
 * Takes the added task away, and waits until the service has settled. It stays where ECS could take a task that is
 * needed: that is told, and scale-in returns it once the service is steady.
 */
export async function returnSurge(
  { input, surge, action }: SurgeInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep[]> {
  const { incidentId, attempt, deadline, decision } = input;
  const { target } = decision;
  const { to: from, from: to, keep } = surge;
  const what = `set the desired count from ${from} to ${to}`;
  const look = await run.step(stepName("restart-surge-spare", attempt), () =>
    readServing(target, deps)
      .then((now) => spared(now, surge))
      .catch((error: unknown) => `the state could not be read (${messageOf(error)})`),
  );
  if (look.value !== null) {
    // An invocation that ends here has no scale-in.
    const then =
      deadline === undefined
        ? "It goes once the service is steady."
        : `Set the desired count back to ${to} by hand once the service is steady.`;
    const detail = `The added task stays: ${look.value}. ${then}`;
    return [{ ...toStep(what, look, "skipped", detail), surge: "returned" }];
  }
  const key = stepName("restart-surge-return", attempt);
  const change = { incidentId, target, key, attempt, from, to, action } as const;
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

/** Null where any task may go, since one more than enough serves or none was added; else why not. */
function spared({ serving, running, pending }: ServingNow, { from, keep }: Surge): string | null {
  if (serving > keep || running + pending <= from) return null;
  return `${serving} tasks serve, at least ${keep} must, and which one would go is for ECS to choose`;
}

async function lookAtServing(
  target: Target,
  isEnough: (now: ServingNow) => boolean,
  deps: WorkflowDependencies,
): Promise<{ healthy: boolean; detail: string }> {
  try {
    const now = await readServing(target, deps);
    const detail = `${now.running} of ${now.desired} tasks running, ${now.serving} serving`;
    return { healthy: isEnough(now), detail };
  } catch (error) {
    return { healthy: false, detail: `the state could not be read (${messageOf(error)})` };
  }
}

function endedEvent(attempt: ActInput["attempt"], step: ActionStep): StepEvent {
  return { kind: "action-step-ended", attempt, purpose: "action", step };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown error";
}
