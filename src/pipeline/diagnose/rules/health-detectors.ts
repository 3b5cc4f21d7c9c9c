import type { Detector } from "./detector.ts";
import { isUp, present } from "./evidence-view.ts";
import { outsideWords } from "./outside-detectors.ts";

export const hungTask: Detector = {
  cause: "hung-task",
  detect: (view) => {
    const sickTasks = view.runningTasks.filter(
      (task) =>
        task.data.health === "UNHEALTHY" ||
        view.unhealthyTargets.some((target) => target.data.taskId === task.data.taskId),
    );
    if (sickTasks.length === 0) {
      return view.unhealthyTargets.length > 0
        ? "The unhealthy targets belong to no running task."
        : undefined;
    }
    const others = view.runningTasks.length - sickTasks.length;
    const wrongAnswer = view.unhealthyTargets.some(
      (target) => target.data.reason === "Target.ResponseCodeMismatch",
    );
    // Words that name another cause explain why a task cannot answer.
    const dependency = present([...outsideWords(view), ...view.logs("disk-full", "too-many-connections")]);
    const targets = view.unhealthyTargets.filter((target) =>
      sickTasks.some((task) => task.data.taskId === target.data.taskId),
    );
    if (others === 0) return "Every task fails its health check, so it is not one task that hangs.";
    const recent = view.blamedDeployment;
    return {
      confidence: recent !== undefined ? 0.6 : wrongAnswer ? 0.7 : dependency.length > 0 ? 0.7 : 0.92,
      rootCause: `${sickTasks.length} of ${view.runningTasks.length} tasks does not answer its health checks (${targets[0]?.data.reason ?? "container health check"}) while the others do.`,
      action: "restart",
      severity: "P2",
      supports: [...sickTasks, ...targets, view.metric("unhealthy-hosts")],
      against: [recent, ...dependency],
      nextSteps: [
        "Look at what the task was doing before it stopped answering (its last log lines, a thread dump next time).",
      ],
    };
  },
};

export const healthCheckMisconfigured: Detector = {
  cause: "health-check-misconfigured",
  detect: (view) => {
    const failed = view.stops("failed-health-check");
    const allUnhealthy = view.unhealthyTargets.length > 0 && view.healthyTargets === undefined;
    if (failed.length === 0 && !allUnhealthy) return undefined;
    const changed = view.diff?.data.changes.find((change) => /health check|ports/.test(change.what));
    const mismatch = view.unhealthyTargets.find(
      (target) => target.data.reason === "Target.ResponseCodeMismatch",
    );
    if (changed === undefined && mismatch === undefined)
      return "Neither the health check nor its answer changed.";
    const errors = isUp(view.metric("errors-5xx"));
    return {
      confidence: changed !== undefined ? 0.88 : errors ? 0.5 : 0.78,
      rootCause:
        changed !== undefined
          ? `Tasks fail their health check since ${changed.what} changed from ${changed.before} to ${changed.after}.`
          : `Every target answers its health check with the wrong status (${mismatch?.data.description ?? "response code mismatch"}).`,
      action: changed !== undefined ? "rollback" : "none",
      severity: "P1",
      supports: [
        ...failed,
        ...view.unhealthyTargets,
        changed !== undefined ? view.diff : undefined,
        view.blamedDeployment,
      ],
      nextSteps: ["Compare the health check's path, port and grace period with what the application serves."],
    };
  },
};
