/** Answers that arrived but cannot be right, or say nothing: gaps although no read failed. */
import type { Gap } from "../domain/evidence.ts";
import { type LogPlace, placesText } from "../domain/log-places.ts";
import { plural } from "../domain/plural.ts";
import type { ServiceReading, TargetGroupReading, TaskReading } from "../domain/reading.ts";
import type { EvidenceContext } from "./source.ts";

export function missingService({ target }: EvidenceContext): Gap {
  return {
    source: "service",
    code: "service-not-found",
    message: `Service "${target.service}" does not exist in cluster "${target.cluster}".`,
    remedy:
      "Check the names in the alarm's dimensions, ECS_CLUSTER, and the region and account of the agent.",
    important: true,
  };
}

/** No line says nothing where lines may be lost on the way. */
export function emptyLogs(places: readonly LogPlace[]): Gap {
  const mayLose = places.some((place) => place.mayLose);
  const lost = mayLose
    ? " The log driver drops lines when its buffer is full (mode non-blocking), so that this is no silence."
    : "";
  return {
    source: "logs",
    code: "empty",
    message: `No log lines in ${placesText(places)} in the window.${lost}`,
    important: false,
  };
}

/** The service counts running tasks, but their list is empty: one of the two answers is wrong. */
export function unlistedTasks(): Gap {
  return {
    source: "tasks",
    code: "empty",
    message: "ECS lists no running task, although the service counts some.",
    remedy: "Look at the service's tasks in the ECS console.",
    important: true,
  };
}

/** Times that ECS gives of every task, and that an emulator may leave out: ages and order are not known then. */
export function missingTimes(tasks: readonly TaskReading[]): Gap[] {
  const unstarted = tasks.filter((task) => task.lastStatus === "RUNNING" && task.startedAt === undefined);
  const unstopped = tasks.filter((task) => task.lastStatus === "STOPPED" && task.stoppedAt === undefined);
  const told = [
    ...(unstarted.length === 0 ? [] : [`no start time of ${plural(unstarted.length, "running task")}`]),
    ...(unstopped.length === 0 ? [] : [`no stop time of ${plural(unstopped.length, "stopped task")}`]),
  ];
  if (told.length === 0) return [];
  return [
    {
      source: "task-times",
      code: "empty",
      message: `ECS gives ${told.join(" and ")}: how old they were and what came first is not known.`,
      important: false,
    },
  ];
}

/** A service that ECS deploys always has a deployment: none in the answer means that it was left out. */
export function missingDeployments({ deployments, controller }: ServiceReading): Gap[] {
  if (deployments.length > 0 || controller !== "ECS") return [];
  return [
    {
      source: "deployments",
      code: "empty",
      message: "ECS names no deployment of the service, so what was released when is not known.",
      important: false,
    },
  ];
}

export function missingTargetGroups(count: number): Gap {
  return {
    source: "target-groups",
    code: "empty",
    message: `${count} of the service's target groups could not be found.`,
    remedy: "Look at the load balancers of the service in the ECS console.",
    important: true,
  };
}

/** A network load balancer, or none: nothing counts requests, errors or latency. Not a fault, but worth knowing. */
export function countsNoRequests(groups: readonly TargetGroupReading[]): Gap[] {
  const counts = groups.some(({ loadBalancerDimension }) => loadBalancerDimension !== undefined);
  const network = groups.some(({ networkDimension }) => networkDimension !== undefined);
  if (counts || !network) return [];
  return [
    {
      source: "request-metrics",
      code: "not-measured",
      message:
        "The service stands behind a network load balancer, which counts neither requests nor errors nor latency.",
      remedy: "Alarm on what the service itself counts, and trust its namespace in the policy.",
      important: false,
    },
  ];
}

export function noMetrics(): Gap {
  return {
    source: "metrics",
    code: "empty",
    message: "CloudWatch has no data for this service.",
    important: true,
  };
}
