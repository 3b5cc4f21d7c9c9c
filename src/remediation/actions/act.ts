/** Decision -> ActionResult. The only stage that changes anything. */
import { factsOf } from "../../domain/evidence.ts";
import { stepsOutcome } from "../../domain/incident/action-fold.ts";
import type { ActionResult, ActionStep } from "../../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps } from "../../workflow/durable-steps.ts";
import { stepName } from "../../workflow/step-names.ts";
import type { ActInput } from "./act-input.ts";
import { type BegunAction, toStep } from "./guarded-call.ts";
import { reserve } from "./reserve.ts";
import { restart } from "./restart.ts";
import { rollBack } from "./rollback.ts";
import { scale } from "./scale.ts";

type RestartPlan = Extract<ActInput["decision"]["plan"], { action: "restart" }>;

/** Carries out a decided plan. Returns what happened, including a refusal by AWS or a missing answer. */
export async function act(
  input: ActInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionResult> {
  const result = await carryOut(input, run, deps);
  const { attempt } = input;
  await run.record(stepName("act-ended", attempt), [{ kind: "action-ended", attempt, result }]);
  return result;
}

async function carryOut(
  input: ActInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionResult> {
  const { plan, target, action } = input.decision;
  const begun = begunOf(input);
  const booked = await reserve(input, run, deps);
  if (!booked.value.granted) {
    const detail = `OpsAgent held back: ${booked.value.reason} (${booked.value.rule}). Nothing was changed.`;
    const step = toStep(`${action} of ${target.service}`, booked, "refused", detail);
    return resultOf({ ...begun, before: {}, undo: "Nothing was done." }, [step], {});
  }
  switch (plan.action) {
    case "restart": {
      const steps = await restart(input, plan, begun, run, deps);
      const stopped = steps.filter((step) => isStop(step) && step.outcome === "done").length;
      return resultOf(begun, steps, { stopped, ...desiredAfter(plan, steps) });
    }
    case "scale": {
      const step = await scale(input, plan, begun, run, deps);
      return resultOf(begun, [step], step.outcome === "done" ? { desired: plan.to } : {});
    }
    case "rollback": {
      const step = await rollBack(input, plan, begun, run, deps);
      return resultOf(begun, [step], step.outcome === "done" ? { taskDefinition: plan.to } : {});
    }
  }
}

/** The action before its first call, for the record. */
function begunOf({ decision: { plan, target }, evidence }: ActInput): BegunAction {
  const { action } = plan;
  switch (plan.action) {
    case "restart":
      return {
        action,
        target,
        before: {
          running: factsOf(evidence, "service")[0]?.data.running ?? 0,
          tasks: plan.tasks.map((task) => task.taskId.slice(0, 8)).join(", "),
          ...(plan.surge === undefined ? {} : { desired: plan.surge.from }),
        },
        undo: "A stopped task cannot be brought back; ECS starts its replacement from the same task definition.",
      };
    case "scale":
      return {
        action,
        target,
        before: { desired: plan.from },
        undo: `Set the desired count back to ${plan.from}.`,
      };
    case "rollback":
      return { action, target, before: { taskDefinition: plan.from }, undo: `Deploy ${plan.from} again.` };
  }
}

/** The desired count that a restart leaves behind; absent where it added no task, or nobody can tell. */
function desiredAfter({ surge }: RestartPlan, steps: readonly ActionStep[]): ActionResult["after"] {
  const outcome = (which: ActionStep["surge"]) => steps.find((step) => step.surge === which)?.outcome;
  if (surge === undefined || outcome("added") !== "done") return {};
  const returned = outcome("returned");
  if (returned === "unknown") return {};
  return { desired: returned === "done" ? surge.from : surge.to };
}

function isStop(step: ActionStep): boolean {
  return step.what.startsWith("stop task");
}

function resultOf(begun: BegunAction, steps: ActionStep[], after: ActionResult["after"]): ActionResult {
  return { ...begun, outcome: stepsOutcome(steps), after, steps };
}
