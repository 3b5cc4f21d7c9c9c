/** Plans the exact change: tasks and counts come from evidence and policy, never from a model. */
import type { Cause } from "../domain/cause.ts";
import type { Plan } from "../domain/decision.ts";
import { type Evidence, factsOf } from "../domain/evidence.ts";
import type { Policy } from "../domain/policy.ts";
import { servingTasks } from "./serving.ts";
import { findSickTasks } from "./sick-tasks.ts";
import { surgeFor } from "./surge.ts";
import type { SickTask } from "./suspects.ts";

/** A plan, or why there is none. `doubt`: why only a person may choose it. */
export type Planned =
  | { readonly ok: true; readonly plan: Plan; readonly doubt?: string }
  | { readonly ok: false; readonly reason: string };

/**
 * The tasks to stop, at most `limits.maxRestarts`: those that serve nothing first, then the worst. Where the service's
 * floor lets none of them go, one task is added first. Without the service's state no task is added; the guardrails
 * then refuse.
 */
export function planRestart(evidence: Evidence, cause: Cause, policy: Policy): Planned {
  const running = factsOf(evidence, "running-task").filter((task) => task.data.lastStatus === "RUNNING");
  if (running.length === 0) return { ok: false, reason: "No running task is left to restart." };
  const sick = findSickTasks(evidence, cause, running);
  if (!sick.ok) return sick;
  const { maxRestarts } = policy.limits;
  if (!(maxRestarts >= 1)) return { ok: false, reason: "The policy lets no task be restarted." };
  // Some of them at random would leave the one that leaks.
  if (sick.doubt !== undefined && sick.tasks.length > maxRestarts) {
    return { ok: false, reason: `${sick.doubt} The policy lets ${maxRestarts} be restarted at most.` };
  }
  const tasks = idleFirst(sick.tasks, evidence).slice(0, maxRestarts);
  const hasService = factsOf(evidence, "service").length > 0;
  const need = hasService ? surgeFor(tasks, evidence, policy) : undefined;
  const surge = need?.kind === "surge" ? { surge: need.surge } : {};
  const plan = { action: "restart", tasks, ...surge } as const;
  return { ok: true, plan, ...(sick.doubt === undefined ? {} : { doubt: sick.doubt }) };
}

/** A task that serves nothing goes first: its replacement is one more that serves. */
function idleFirst(tasks: readonly SickTask[], evidence: Evidence): SickTask[] {
  const serving = new Set(servingTasks(evidence).map(({ data }) => data.taskArn));
  const serves = ({ taskArn }: SickTask) => Number(serving.has(taskArn));
  return tasks.toSorted((a, b) => serves(a) - serves(b));
}

/** Desired count plus the configured step, within autoscaling's and the policy's maximum. */
export function planScale(evidence: Evidence, policy: Policy): Planned {
  const service = factsOf(evidence, "service")[0];
  if (service === undefined) return { ok: false, reason: "The desired count could not be read." };
  const from = service.data.desired;
  const limits = factsOf(evidence, "scaling-limits")[0];
  const ceiling = Math.min(policy.limits.maxTasks, limits?.data.max ?? Number.POSITIVE_INFINITY);
  const to = Math.min(from + policy.limits.scaleStep, ceiling);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
    return { ok: false, reason: "The counts and limits to scale by are not whole numbers." };
  }
  if (to <= from)
    return { ok: false, reason: `The service already runs ${from} tasks, the most allowed is ${ceiling}.` };
  return { ok: true, plan: { action: "scale", from, to } };
}

/** Returns true when two plans make the same change, whatever their texts. */
export function samePlan(one: Plan, other: Plan | undefined): boolean {
  if (one.action === "restart") {
    return (
      other?.action === "restart" &&
      one.tasks.map(({ taskArn }) => taskArn).join() === other.tasks.map(({ taskArn }) => taskArn).join() &&
      one.surge?.to === other.surge?.to
    );
  }
  return other?.action === one.action && `${one.from}>${one.to}` === `${other.from}>${other.to}`;
}
