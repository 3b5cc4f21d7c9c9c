/** Signs of the service's own counts: what is desired, what runs, what can be placed, and what moves. */
import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { FULL_DISK_PERCENT } from "../../domain/limits.ts";
import { type EvidenceView, moreTasks } from "../view/evidence-view.ts";
import { raised } from "./series.ts";
import { grade, type Reading, reading, type Sign } from "./sign.ts";
import { STOP_SIGNS, stoppedLike } from "./stops.ts";

function ofService(
  view: EvidenceView,
  is: (service: FactOf<"service">["data"]) => boolean,
): Reading | undefined {
  const { service } = view;
  return service && reading(is(service.data) ? 1 : 0, [service], { subject: "service" });
}

function notPlaced(view: EvidenceView): Reading | undefined {
  if (view.unread("service")) return undefined;
  const events = view.events("placement-failure");
  const stops = stoppedLike(
    view,
    ({ data }) => data.class === "no-capacity" || data.class === "capacity-reclaimed",
  );
  // Where new tasks do start, and end by themselves, there was capacity for them.
  const started = STOP_SIGNS["exits-at-start"].read(view)?.degree ?? 0;
  const byStops = Math.min(stops?.degree ?? 0, 1 - started);
  return reading(events.length > 0 ? 1 : byStops, [...events, ...(stops?.facts ?? [])]);
}

/** Seconds: what a deployment with large images and slow starts needs, and what none needs. */
const UNDER_WAY_SECONDS = 20 * 60;
const STANDING_SECONDS = 60 * 60;

/** Whether a deployment is under way and gets on: young, or most of its tasks run. */
function progresses(view: EvidenceView): Reading | undefined {
  if (view.unread("service")) return undefined;
  const deployment = view.deploymentInProgress;
  if (deployment === undefined) return reading(0);
  const { createdAt, running, desired } = deployment.data;
  const age = (Date.parse(view.evidence.observedAt) - Date.parse(createdAt ?? "")) / 1000;
  const young = Number.isNaN(age) ? 0.5 : grade(age, STANDING_SECONDS, UNDER_WAY_SECONDS);
  const arrived = desired > 0 ? 0.6 * (running / desired) : 0;
  return reading(Math.max(young, arrived), [deployment], { subject: "revision" });
}

/** Whether a deployment stands still: old, and tasks of it are missing. */
function stands(view: EvidenceView): Reading | undefined {
  if (view.unread("service")) return undefined;
  const deployment = view.deploymentInProgress;
  if (deployment === undefined) return reading(0);
  const { createdAt, running, desired } = deployment.data;
  const age = (Date.parse(view.evidence.observedAt) - Date.parse(createdAt ?? "")) / 1000;
  return reading(running < desired ? grade(age, UNDER_WAY_SECONDS, STANDING_SECONDS) : 0, [deployment]);
}

/** Fewer tasks than usual, and as many as desired: none failed, the desired count was lowered. */
function fewerTasks(view: EvidenceView): Reading | undefined {
  const tasks = view.metric("running-tasks");
  const service = view.service?.data;
  if (tasks === undefined || service === undefined) return undefined;
  const { direction, baseline } = tasks.data.summary;
  const lower = service.running >= service.desired && direction === "down" && service.desired < baseline;
  return reading(lower ? 1 : 0, [tasks], { direction: "down" });
}

/** Seconds: a leak of connections shows with age. */
const NEW_TASK_SECONDS = 1800;
const OLD_TASK_SECONDS = 3600;

export const SERVICE_SIGNS = {
  "desired-zero": {
    what: "a desired count of 0",
    family: "task-count",
    unexplained: 5,
    read: (view) => ofService(view, ({ desired }) => desired === 0),
  },
  "short-of-tasks": {
    what: "fewer tasks running than desired",
    family: "task-count",
    read: (view) => ofService(view, ({ running, desired }) => running < desired),
  },
  "not-placed": { what: "tasks that cannot be placed", family: "placement", unexplained: 3, read: notPlaced },
  "deployment-progresses": {
    what: "a deployment that is getting on",
    family: "progress",
    unexplained: 0.5,
    read: progresses,
  },
  "deployment-stands": { what: "a deployment that stands still", family: "progress", read: stands },
  "fewer-tasks": { what: "a lowered desired count", family: "task-count", read: fewerTasks },
  "more-tasks": {
    what: "more tasks than usual",
    family: "task-count",
    read: (view) => {
      if (view.metric("running-tasks") === undefined) return undefined;
      const more = moreTasks(view);
      return reading(more === undefined ? 0 : 1, [more]);
    },
  },
  "tasks-are-old": {
    what: "tasks that have run for an hour or more",
    family: "age",
    read: (view) => {
      const ages = view.runningTasks.flatMap(({ data }) => data.ageSeconds ?? []);
      if (ages.length === 0) return undefined;
      return reading(grade(Math.max(...ages), NEW_TASK_SECONDS, OLD_TASK_SECONDS));
    },
  },
  "disk-series-full": {
    what: "a full disk by the metric of a task",
    family: "disk",
    unexplained: 4,
    read: (view) => {
      const series = view.metrics("task-disk");
      if (series.length === 0) return undefined;
      const full = series.filter(({ data }) => data.summary.current > FULL_DISK_PERCENT);
      return reading(full.length > 0 ? 1 : 0, full, { subject: "task" });
    },
  },
  "failures-grow": {
    what: "failures that grow steadily",
    family: "trend",
    read: (view) => {
      const shown = (["errors-5xx", "unhealthy-hosts", "latency-p99"] as const)
        .map((role) => view.metric(role))
        .filter((fact) => raised(fact)?.degree === 1);
      if (shown.length === 0) return undefined;
      return reading(shown.some((fact) => fact?.data.summary.shape === "ramp") ? 1 : 0, shown);
    },
  },
  /** ECS's own scaling followed the load since it grew. */
  "autoscaling-followed": {
    what: "autoscaling that followed the load",
    family: "task-count",
    read: (view) => {
      const since = view.metric("requests")?.data.summary.onset ?? view.evidence.onset;
      const done = factsOf(view.evidence, "scaling-activity").filter(
        ({ at, data }) => at !== undefined && Date.parse(at) >= Date.parse(since) && data.status !== "Failed",
      );
      return reading(done.length > 0 ? 1 : 0, done);
    },
  },
} as const satisfies Record<string, Sign>;
