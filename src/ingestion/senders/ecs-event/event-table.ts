/**
 * Which events of Amazon ECS start an incident, and from which rate on. The dispatcher decides by this table, the stack
 * subscribes to it, and docs/reference/events.md and the set-up's help are written from it. The first row that matches
 * counts; whatever no row matches also occurs in a healthy service and is noted.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 */
import type { EventPattern } from "./event-pattern.ts";

/** What an event leads to. */
export type Leads =
  /** An incident of its service. */
  | "wakes"
  /** An incident once so many tasks of the service ended so within a time, as the policy's `taskStops` says. */
  | "wakes-at-rate";

export interface EventRow {
  /** The id of its rule in the stack. */
  readonly id: string;
  readonly detailType: string;
  /** EventBridge's own pattern on the event's `detail`. */
  readonly detail: EventPattern;
  readonly leads: Leads;
  /** What it means, as in "the deployment failed"; without one the event's own name says it. */
  readonly means?: string;
  /** For people, as the subject of "starts an incident". */
  readonly what: string;
  /** The row whose pattern takes in this one's, so that the stack needs no rule of its own for it. */
  readonly within?: string;
  /** Which of the policy's rates counts. */
  readonly rate?: "outOfMemory" | "crashes";
}

/** Tasks that belong to a service: those that run by hand or on a schedule have another group. */
const OF_SERVICE = { lastStatus: ["STOPPED"], group: [{ prefix: "service:" }] } as const;

export const ECS_EVENTS: readonly EventRow[] = [
  {
    id: "FailedDeployments",
    detailType: "ECS Deployment State Change",
    detail: { eventType: ["ERROR"] },
    leads: "wakes",
    means: "the deployment failed",
    what: "a deployment that ECS gave up",
  },
  {
    id: "ImpairedServices",
    detailType: "ECS Service Action",
    detail: { eventName: ["SERVICE_TASK_START_IMPAIRED"] },
    leads: "wakes",
    means: "tasks do not start",
    what: "tasks that do not start",
  },
  {
    id: "UnplacedTasks",
    detailType: "ECS Service Action",
    detail: { eventName: ["SERVICE_TASK_PLACEMENT_FAILURE"] },
    leads: "wakes",
    means: "tasks cannot be placed",
    within: "ServiceErrors",
    what: "tasks that cannot be placed",
  },
  {
    id: "ServiceErrors",
    detailType: "ECS Service Action",
    detail: { eventType: ["ERROR"] },
    leads: "wakes",
    what: "every other event of a service whose own type is ERROR, such as SERVICE_TASK_CONFIGURATION_FAILURE",
  },
  {
    id: "TasksOutOfMemory",
    detailType: "ECS Task State Change",
    detail: {
      ...OF_SERVICE,
      stopCode: ["EssentialContainerExited"],
      containers: { reason: [{ prefix: "OutOfMemory" }, { prefix: "Container killed due to memory usage" }] },
    },
    leads: "wakes-at-rate",
    rate: "outOfMemory",
    within: "FailedTasks",
    what: "a task that was stopped for lack of memory",
  },
  {
    id: "FailedTasks",
    detailType: "ECS Task State Change",
    detail: { ...OF_SERVICE, stopCode: ["EssentialContainerExited", "TaskFailedToStart"] },
    leads: "wakes-at-rate",
    rate: "crashes",
    what: "tasks that end by themselves, or do not start, again and again",
  },
];

/** Events that are recognised and only noted: they also occur in a healthy service. */
export const NOTED_DETAIL_TYPES: readonly string[] = ["ECS Container Instance State Change"];
