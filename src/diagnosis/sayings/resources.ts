import { FULL_DISK_PERCENT } from "../../domain/limits.ts";
import { ifRaised, percent } from "../view/evidence-view.ts";
import { named, type Say } from "./said.ts";

export const connectionLeak: Say = (view) => {
  const sick = view.unhealthyTargets.flatMap(({ data }) => data.taskId ?? []);
  const where = sick.length === 0 ? "" : ` of ${sick.length === 1 ? "task" : "tasks"} ${named(sick)}`;
  const failures =
    ifRaised(view.metric("errors-5xx")) ??
    ifRaised(view.metric("latency-p99")) ??
    ifRaised(view.metric("unhealthy-hosts"));
  const slowly = failures?.data.summary.shape === "ramp" ? ", more and more" : "";
  const shown = failures === undefined ? "" : ` (${failures.data.label} rose)`;
  const grew = view.trafficRatio === undefined ? ", and no series tells of the load" : "";
  return {
    rootCause: `Connections or file descriptors${where} run out inside the service${slowly}${shown}${grew}.`,
    severity: "P2",
    missing: sick.length === 0 ? ["In which task they run out: no task fails its checks."] : [],
    nextSteps: ["Look for connections that are opened and not closed; bound the pool."],
  };
};

export const diskFull: Say = (view) => {
  const full = view
    .metrics("task-disk")
    .filter(({ data }) => data.summary.current > FULL_DISK_PERCENT)
    .map(({ data }) => `task ${data.taskId} (${percent(data.summary.current)})`);
  const [stop] = view.stops("disk-full");
  const sick = view.unhealthyTargets.flatMap(({ data }) => data.taskId ?? []);
  const whose =
    full.length > 0
      ? named(full)
      : stop === undefined
        ? sick.length === 0
          ? "a task"
          : `task ${named(sick)}`
        : `${stop.data.taskDefinition}'s tasks`;
  const shown = full.length > 0 || stop !== undefined ? "" : ", as its log says";
  return {
    rootCause: `The disk of ${whose} is full${shown}.`,
    severity: "P2",
    missing:
      full.length === 0
        ? ["How full the disk of each task is (Container Insights with enhanced observability)."]
        : [],
    nextSteps: ["Find what fills the disk (logs, temporary files), or raise the ephemeral storage."],
  };
};
