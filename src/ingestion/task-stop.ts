/**
 * Stopped tasks that start an incident without an alarm: how many of a service ended badly lately is read from ECS, which
 * remembers them for an hour. So nothing is counted twice, and nothing is lost with a process.
 */

import type { Alert } from "../domain/alert.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { Policy } from "../domain/policy.ts";
import type { TaskReading } from "../domain/reading.ts";
import type { TaskLookup } from "./ports.ts";
import type { TaskStop } from "./sender.ts";

type Container = {
  readonly name?: string | null | undefined;
  readonly reason?: string | null | undefined;
  readonly exitCode?: number | null | undefined;
};

/** The exit code of a program that ended on SIGTERM. */
const TERMINATED = 143;

/** Whether all that is known of the containers' end is that they ended on SIGTERM. */
export function isOrdinaryExit(containers: readonly Container[]): boolean {
  const codes = containers.flatMap(({ exitCode }) => exitCode ?? []);
  return (
    codes.length > 0 &&
    codes.every((code) => code === TERMINATED) &&
    containers.every(({ reason }) => !reason)
  );
}

/** ECS's own words on why a task ended: of its containers, else of the task. At most 200 characters. */
export function stopReason(
  stoppedReason: string | null | undefined,
  containers: readonly Container[],
): string {
  const told = containers.flatMap(({ name, reason, exitCode }): string[] => {
    if (reason) return [`container ${name ?? "?"}: ${reason}`];
    return exitCode && exitCode !== TERMINATED ? [`container ${name ?? "?"} exited with ${exitCode}`] : [];
  });
  return (told[0] ?? stoppedReason ?? "").slice(0, 200);
}

const OUT_OF_MEMORY = /^(?:OutOfMemory|Container killed due to memory usage)/;
const BAD_CODES: ReadonlySet<string> = new Set(["EssentialContainerExited", "TaskFailedToStart"]);

/** Whether a stopped task counts for a rate; tasks that people, deployments and scale-in stop never do. */
export function countsFor(rate: TaskStop["rate"], { stopCode = "", containers }: TaskReading): boolean {
  if (!BAD_CODES.has(stopCode) || isOrdinaryExit(containers)) return false;
  return rate === "crashes" || containers.some(({ reason }) => OUT_OF_MEMORY.test(reason ?? ""));
}

/** Where stopped tasks are read. */
export interface StopSource {
  readonly tasks: TaskLookup;
  readonly options: () => { readonly signal: AbortSignal };
}

/** What becomes of a stop: an alert, or a note that says how many there were. */
export type StopVerdict =
  | { readonly kind: "alert"; readonly alert: Alert; readonly uncounted?: string }
  | { readonly kind: "noted"; readonly what: string };

/**
 * Judges a stopped task by the policy's rate. Where ECS cannot be asked for the others, it is an alert: nothing is kept
 * quiet that could not be counted. Never throws.
 */
export async function judgeStop(
  { alert, noted, rate, taskArn }: TaskStop,
  policy: Policy["taskStops"],
  source: StopSource | undefined,
): Promise<StopVerdict> {
  const needed = policy[rate];
  if (needed === 0) return { kind: "noted", what: noted.what };
  const { target } = alert;
  // One is enough, of a service that this agent is not for, too: it is left to a person.
  if (needed === 1) return { kind: "alert", alert };
  if (target === undefined) return { kind: "noted", what: `${noted.what} (${alert.targetProblem})` };
  if (source === undefined) return { kind: "alert", alert, uncounted: "no reader of ECS" };
  try {
    const since = Date.parse(alert.firedAt) - policy.withinMinutes * 60_000;
    const { stopped } = await source.tasks.tasks(target, source.options());
    const counted = stopped.filter(
      (task) =>
        countsFor(rate, task) && (task.stoppedAt === undefined || Date.parse(task.stoppedAt) >= since),
    );
    // ECS may not list it yet.
    const count = new Set([...counted.map(({ arn }) => arn), ...(taskArn === undefined ? [] : [taskArn])])
      .size;
    const said = `${count} within ${policy.withinMinutes} min`;
    if (count < needed)
      return { kind: "noted", what: `${noted.what} (${said}; ${needed} start an incident)` };
    return { kind: "alert", alert: { ...alert, title: `${alert.title} (${said})` } };
  } catch (thrown) {
    return { kind: "alert", alert, uncounted: asOpsAgentError(thrown).message };
  }
}
