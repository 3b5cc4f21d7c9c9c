/**
 * Locates the symptom: one task, some of them, all of a revision, or the service as a whole, by comparing tasks of one
 * revision under one load. Pure.
 */
import type { Fact, FactOf } from "../domain/evidence.ts";
import type { EvidenceView } from "./view/evidence-view.ts";

type RunningTask = FactOf<"running-task">;

export interface Location {
  /** Running tasks that fail their health checks, by the load balancer or in the container. */
  readonly sick: readonly RunningTask[];
  /** Running tasks that pass them. */
  readonly well: readonly RunningTask[];
  /** Tasks that pass them and run the revision of a sick one. */
  readonly wellSiblings: readonly RunningTask[];
  /** Health checks that fail, of the sick tasks and of targets behind which no running task is. */
  readonly checks: readonly Fact[];
  /** Targets that fail and belong to no running task. */
  readonly strayTargets: number;
}

/** Compares the running tasks by their health. */
export function locate(view: EvidenceView): Location {
  const failing = new Set(view.unhealthyTargets.flatMap(({ data }) => data.taskId ?? []));
  const isSick = ({ data }: RunningTask) => data.health === "UNHEALTHY" || failing.has(data.taskId);
  const running = view.runningTasks.filter(({ data }) => data.lastStatus === "RUNNING");
  const sick = running.filter(isSick);
  const well = running.filter((task) => !isSick(task));
  const revisions = new Set(sick.map(({ data }) => data.taskDefinition));
  const known = new Set(running.map(({ data }) => data.taskId));
  return {
    sick,
    well,
    wellSiblings: well.filter(({ data }) => revisions.has(data.taskDefinition)),
    checks: [...sick, ...view.unhealthyTargets],
    strayTargets: view.unhealthyTargets.filter(({ data }) => !known.has(data.taskId ?? "")).length,
  };
}
