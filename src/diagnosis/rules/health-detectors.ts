import { isRaised } from "../../domain/metric-side.ts";
import { dependencyFailure, dependencyText } from "./dependency-detectors.ts";
import type { Detector } from "./detector.ts";
import { type EvidenceView, ifRaised, present } from "./evidence-view.ts";

/** ECS replaced tasks this often for failed health checks and the failure came back: another restart cures nothing. */
const REPEATED = 2;

/** A redirect or client error shows a wrong path or method, not a broken task. */
const CLIENT_ERROR = /\[(3|4)\d\d\]/;

/** Seconds; replacements that fail sooner never worked: the check comes too early or requests the wrong thing. */
const NEVER_WORKED_SECONDS = 600;

/** Requests continue, answered as fast and as well as before: only the check fails. */
function servesAsEver(view: EvidenceView): boolean {
  const requests = view.metric("requests");
  const hurt = (["errors-5xx", "elb-5xx", "latency-p50"] as const).some((role) =>
    isRaised(view.metric(role)),
  );
  const flows = requests !== undefined && requests.data.summary.current > 0;
  return (
    flows && requests.data.summary.direction !== "down" && requests.data.noDataSince === undefined && !hurt
  );
}

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
    // Log patterns that name another cause explain why a task cannot answer.
    const dependency = present([...dependencyText(view), ...view.logs("disk-full", "too-many-connections")]);
    const targets = view.unhealthyTargets.filter((target) =>
      sickTasks.some((task) => task.data.taskId === target.data.taskId),
    );
    if (others === 0) return "Every task fails its health check, so it is not one task that hangs.";
    const recent = view.blamedDeployment;
    const replaced = view.stops("failed-health-check").filter((fact) => fact.data.count >= REPEATED);
    // When half of all answers got slower, more than one task is affected, and waiting is not hanging.
    const slow = ifRaised(view.metric("latency-p50"));
    // A fault of what every task calls would show in the answers of the others.
    const explained = dependency.length > 0 && dependencyFailure(view);
    const doubtful = wrongAnswer || explained || slow !== undefined;
    return {
      confidence:
        recent !== undefined || replaced.length > 0
          ? 0.6
          : doubtful
            ? 0.7
            : dependency.length > 0
              ? 0.88
              : 0.92,
      rootCause: `${sickTasks.length} of ${view.runningTasks.length} tasks does not answer its health checks (${targets[0]?.data.reason ?? "container health check"}) while the others do.`,
      severity: "P2",
      supports: [...sickTasks, ...targets, view.metric("unhealthy-hosts")],
      against: [recent, slow, ...replaced, ...dependency],
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
    const containers = view.runningTasks.filter((task) => task.data.health === "UNHEALTHY");
    const allUnhealthy =
      (view.unhealthyTargets.length > 0 && view.healthyTargets === undefined) ||
      (containers.length > 0 && containers.length === view.runningTasks.length);
    const changed =
      view.blamedDeployment || failed.length > 0
        ? view.diff?.data.changes.find((change) => /health check|ports/.test(change.what))
        : undefined;
    const sick = view.unhealthyTargets.length + containers.length;
    if (failed.length === 0 && !allUnhealthy && (changed === undefined || sick === 0)) return undefined;
    const mismatch = view.unhealthyTargets.find(
      (target) => target.data.reason === "Target.ResponseCodeMismatch",
    );
    const wrongPath = mismatch !== undefined && CLIENT_ERROR.test(mismatch.data.description ?? "");
    if (changed === undefined && wrongPath) {
      return {
        confidence: 0.9,
        rootCause: `The targets answer, but not as the health check wants it (${mismatch.data.description}): it asks for the wrong thing.`,
        severity: "P1",
        supports: [...failed, ...view.unhealthyTargets, view.blamedDeployment],
        nextSteps: ["Compare the health check's path and expected codes with what the application serves."],
      };
    }
    const early = failed.find(
      (fact) =>
        fact.data.count >= REPEATED && (fact.data.medianLifeSeconds ?? Infinity) < NEVER_WORKED_SECONDS,
    );
    if (changed === undefined && mismatch === undefined && early !== undefined) {
      const troubled = dependencyText(view).length > 0 || isRaised(view.metric("errors-5xx"));
      return {
        confidence: troubled ? 0.5 : 0.8,
        rootCause: `ECS keeps replacing tasks for failed health checks after about ${Math.round(early.data.medianLifeSeconds ?? 0)} s, although nothing else speaks of trouble: the check comes too early or is too strict.`,
        severity: "P1",
        supports: [early, ...view.unhealthyTargets, view.service],
        nextSteps: [
          "Compare the grace period, time-out and interval of the health check with how long a start takes.",
        ],
      };
    }
    if (changed === undefined && mismatch === undefined && allUnhealthy && servesAsEver(view)) {
      return {
        confidence: 0.86,
        rootCause: `Every task fails its health check (${view.unhealthyTargets[0]?.data.description ?? "container health check"}) while requests are served as before: the check is too strict or asks for the wrong thing.`,
        severity: "P1",
        supports: [
          ...view.unhealthyTargets,
          ...containers,
          view.metric("unhealthy-hosts"),
          view.metric("requests"),
        ],
        nextSteps: [
          "Compare the check's path, time-out and interval with what it takes to answer, and see who changed them (CloudTrail).",
        ],
      };
    }
    if (changed === undefined && mismatch === undefined)
      return "Neither the health check nor its answer changed.";
    const errors = isRaised(view.metric("errors-5xx"));
    return {
      confidence: changed !== undefined ? 0.88 : errors ? 0.5 : 0.78,
      rootCause:
        changed !== undefined
          ? `Tasks fail their health check since ${changed.what} changed from ${changed.before} to ${changed.after}.`
          : `Every target answers its health check with the wrong status (${mismatch?.data.description ?? "response code mismatch"}).`,
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
