/** Decision -> ActionResult. The only stage that changes anything. */
import type { Decision } from "../../domain/decision.ts";
import { type Evidence, factsOf } from "../../domain/evidence.ts";
import type { ActionResult, ActionStep } from "../../domain/incident.ts";
import type { PipelineDependencies } from "../dependencies.ts";
import type { Run } from "../run.ts";
import { toStep } from "./effect.ts";
import { reserve } from "./reserve.ts";
import { restart } from "./restart.ts";
import { rollBack } from "./rollback.ts";
import { scale } from "./scale.ts";

type ActDecision = Extract<Decision, { kind: "act" }>;

export interface ActInput {
  readonly incidentId: string;
  readonly decision: ActDecision;
  readonly evidence: Evidence;
  /** Tells the second action of an incident from its first: empty, then `-2`. */
  readonly suffix: string;
  readonly approved: boolean;
  /** Epoch milliseconds by which the whole incident must end, if there is such a limit. */
  readonly deadline: number | undefined;
}

/** Carries out a decided plan. Returns what really happened, also when AWS refused or did not answer. */
export async function act(input: ActInput, run: Run, deps: PipelineDependencies): Promise<ActionResult> {
  const { plan, target, action } = input.decision;
  const booked = await reserve(`reserve${input.suffix}`, input, run, deps);
  if (!booked.value.granted) {
    const detail = `OpsAgent held back: ${booked.value.reason} (${booked.value.rule}). Nothing was changed.`;
    const step = toStep(`${action} of ${target.service}`, booked, "refused", detail);
    return resultOf(input, [step], { before: {}, after: {}, undo: "Nothing was done." });
  }
  switch (plan.action) {
    case "restart": {
      const steps = await restart(input, plan, run, deps);
      const stopped = steps.filter((step) => isStop(step) && step.outcome === "done").length;
      return resultOf(input, steps, {
        before: {
          running: factsOf(input.evidence, "service")[0]?.data.running ?? 0,
          tasks: plan.tasks.map((task) => task.taskId.slice(0, 8)).join(", "),
        },
        after: { stopped },
        undo: "A stopped task cannot be brought back; ECS starts its replacement from the same task definition.",
      });
    }
    case "scale": {
      const step = await scale(input, plan, run, deps);
      return resultOf(input, [step], {
        before: { desired: plan.from },
        after: step.outcome === "done" ? { desired: plan.to } : {},
        undo: `Set the desired count back to ${plan.from}.`,
      });
    }
    case "rollback": {
      const step = await rollBack(input, plan, run, deps);
      return resultOf(input, [step], {
        before: { taskDefinition: plan.from },
        after: step.outcome === "done" ? { taskDefinition: plan.to } : {},
        undo: `Deploy ${plan.from} again.`,
      });
    }
  }
}

function isStop(step: ActionStep): boolean {
  return step.what.startsWith("stop task");
}

function resultOf(
  { decision }: ActInput,
  steps: ActionStep[],
  told: Pick<ActionResult, "before" | "after" | "undo">,
): ActionResult {
  return { action: decision.plan.action, target: decision.target, outcome: outcomeOf(steps), ...told, steps };
}

function outcomeOf(steps: readonly ActionStep[]): ActionResult["outcome"] {
  const changes = steps.filter((step) => !step.what.startsWith("wait"));
  if (changes.some((step) => step.outcome === "unknown")) return "unknown";
  if (!changes.some((step) => step.outcome === "done")) return "nothing-changed";
  return steps.every((step) => step.outcome === "done" || step.outcome === "skipped")
    ? "done"
    : "partly-done";
}
