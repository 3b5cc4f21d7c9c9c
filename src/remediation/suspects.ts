/** What a search for sick tasks comes to. */
import type { FactOf } from "../domain/evidence.ts";

export type RunningTask = FactOf<"running-task">;

export interface SickTask {
  readonly taskArn: string;
  readonly taskId: string;
  /** What tells that it is sick, for people. */
  readonly why: string;
}

/** The sick tasks, worst first. `doubt`: a sick one is among them, and nothing tells which, so that a person decides. */
export type Sick =
  | { readonly ok: true; readonly tasks: readonly SickTask[]; readonly doubt?: string }
  | { readonly ok: false; readonly reason: string };

export function sickTask({ data: { taskArn, taskId } }: RunningTask, why: string): SickTask {
  return { taskArn, taskId, why };
}
