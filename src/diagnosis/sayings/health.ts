import type { FactOf } from "../../domain/evidence.ts";
import type { EvidenceView } from "../view/evidence-view.ts";
import { named, type Say } from "./said.ts";

function failing(view: EvidenceView) {
  return view.runningTasks.filter(
    ({ data }) =>
      data.health === "UNHEALTHY" ||
      view.unhealthyTargets.some((target) => target.data.taskId === data.taskId),
  );
}

/** What the check got, in AWS's own words where it has them. */
function answerOf(view: EvidenceView, taskIds?: readonly string[]): string {
  const target = view.unhealthyTargets.find(
    ({ data }) => taskIds === undefined || taskIds.includes(data.taskId ?? ""),
  );
  return target?.data.description ?? target?.data.reason ?? "container health check";
}

export const hungTask: Say = (view) => {
  const sick = failing(view).map(({ data }) => data.taskId);
  if (sick.length === 0) return undefined;
  const all = view.runningTasks.length;
  const who =
    all === 1
      ? `The only task (${sick[0]}) does`
      : `${sick.length} of ${all} tasks (${named(sick)}) ${sick.length === 1 ? "does" : "do"}`;
  const others = sick.length < all ? " while the others do" : "";
  return {
    rootCause: `${who} not answer the health checks (${answerOf(view, sick)})${others}.`,
    severity: "P2",
    nextSteps: [
      "Look at what the task was doing before it stopped answering (its last log lines, a thread dump next time).",
    ],
  };
};

/** The container whose own check failed, where ECS says. */
function unhealthyContainer({ data: { containers } }: FactOf<"stopped-tasks">): string {
  const sick = containers.filter(({ unhealthy }) => unhealthy);
  return sick.length === 0 ? "" : ` of container ${named(sick.map(({ name }) => name))}`;
}

/** The check itself, in AWS's settings. */
function checkText({ data: { check } }: FactOf<"target-health">): string {
  return check === undefined ? "" : `; the check is ${check}`;
}

const COMPARE =
  "Compare the health check's path, port, expected codes and grace period with what the application serves.";

export const healthCheckMisconfigured: Say = (view) => {
  const changed = view.diff?.data.changes.find(({ what }) => /health check|ports/.test(what));
  if (changed !== undefined) {
    return {
      rootCause: `Tasks fail their health check since ${changed.what} changed from ${changed.before} to ${changed.after}.`,
      severity: "P1",
      nextSteps: [COMPARE],
    };
  }
  const [replaced] = view.stops("failed-health-check");
  const mismatch = view.unhealthyTargets.find(({ data }) => data.reason === "Target.ResponseCodeMismatch");
  if (mismatch !== undefined) {
    return {
      rootCause: `The targets answer, but not as the health check of ${mismatch.data.targetGroup} wants it (${mismatch.data.description ?? "response code mismatch"}${checkText(mismatch)}): it asks for the wrong thing.`,
      severity: "P1",
      nextSteps: [COMPARE],
    };
  }
  if (replaced !== undefined) {
    const life = replaced.data.medianLifeSeconds;
    const after = life === undefined ? "" : ` after about ${Math.round(life)} s`;
    return {
      rootCause: `ECS replaced ${replaced.data.count === 1 ? "a task" : `${replaced.data.count} tasks`} of ${replaced.data.taskDefinition} for failed health checks${unhealthyContainer(replaced)}${after}: the check comes too early, is too strict or asks for the wrong thing.`,
      severity: "P1",
      nextSteps: [
        "Compare the grace period, time-out and interval of the health check with how long a start takes.",
      ],
    };
  }
  const sick = Math.max(failing(view).length, view.unhealthyTargets.length);
  if (sick === 0) return undefined;
  return {
    rootCause: `${sick} of ${Math.max(sick, view.runningTasks.length)} tasks fail the health check (${answerOf(view)}): it is too strict or asks for the wrong thing.`,
    severity: "P1",
    nextSteps: [
      "Compare the check's path, time-out and interval with what it takes to answer, and see who changed them (CloudTrail).",
    ],
  };
};
