/** For every cause and action of the table of remedies a case in which each of its conditions holds. */
import type { Action, Cause } from "../../src/domain/cause.ts";
import {
  ago,
  BUSY,
  type Draft,
  deployment,
  event,
  limits,
  metric,
  SICK,
  service,
  steady,
  stops,
  task,
  unhealthyTarget,
} from "./facts.ts";
import { comparison, PLACED, placed } from "./rollbacks.ts";

/** Three tasks of hours, and a release of days ago. */
const OLD: readonly Draft[] = [
  service(),
  deployment({ createdAt: ago(400_000), secondsBeforeOnset: 399_700 }),
  ...["a", "b", "c"].map((id) => task(id, { startedAt: ago(9000), ageSeconds: 9000 })),
];

const loads = (role: "task-cpu" | "task-disk", level: number): readonly Draft[] => [
  metric(role, level, { taskId: "a" }),
  steady(role, 20, { taskId: "b" }),
  steady(role, 21, { taskId: "c" }),
];

const errors = metric("errors-5xx", 40, { unit: "responses", summary: { onset: ago(300) } });

/** Memory that climbs since a release two minutes before the onset, and was low before. */
const CLIMBS: readonly Draft[] = [
  metric("memory", 95, {
    points: Array.from({ length: 30 }, (_, minute) => {
      const at = ago(1800 - 60 * minute);
      return [Date.parse(at), at < ago(420) ? 40 : 95] satisfies [number, number];
    }),
  }),
  service(),
  placed({ createdAt: ago(420) }),
  comparison(),
  task("a"),
  task("b"),
];

const released = (...signs: readonly Draft[]): readonly Draft[] => [
  ...PLACED.filter(({ kind }) => kind !== "stopped-tasks"),
  ...signs,
];

export interface RemedyCase {
  readonly cause: Cause;
  readonly action: Exclude<Action, "none">;
  readonly facts: readonly Draft[];
}

const of = (cause: Cause, action: RemedyCase["action"], facts: readonly Draft[]): RemedyCase => ({
  cause,
  action,
  facts,
});

export const REMEDY_CASES: readonly RemedyCase[] = [
  of("oom-kill", "restart", SICK),
  of("oom-kill", "rollback", released(stops("out-of-memory"))),
  of(
    "memory-leak",
    "restart",
    SICK.filter(({ kind }) => kind !== "stopped-tasks"),
  ),
  of("memory-leak", "rollback", CLIMBS),
  of("connection-leak", "restart", [...OLD, unhealthyTarget("a"), errors]),
  of("connection-leak", "rollback", released(errors)),
  of("hung-task", "restart", [...OLD, unhealthyTarget("a")]),
  of("hung-task", "rollback", released(unhealthyTarget("a"))),
  of("disk-full", "restart", [...OLD, ...loads("task-disk", 97)]),
  of("disk-full", "rollback", released(stops("disk-full"))),
  of("traffic-spike", "scale", BUSY),
  of("cpu-saturation", "restart", [...OLD, metric("cpu", 60), ...loads("task-cpu", 95)]),
  of("cpu-saturation", "rollback", released(metric("cpu", 95))),
  of("cpu-saturation", "scale", [
    ...OLD,
    metric("cpu", 95),
    stops("scaled-in-or-replaced", { count: 2, lastAt: ago(300) }),
    limits(1, 10),
  ]),
  of("bad-deploy", "rollback", PLACED),
  of("memory-limit-too-low", "rollback", released(stops("out-of-memory"))),
  of("image-pull-failure", "rollback", released(stops("image-pull-failed"))),
  of("startup-misconfiguration", "rollback", released(stops("initialization-failed"))),
  of("health-check-misconfigured", "rollback", released(stops("failed-health-check"))),
  of("crash-loop", "rollback", released(stops("crashed"))),
  of("dependency-down", "rollback", released(errors)),
  of("dependency-throttled", "rollback", released(errors)),
  of("retry-storm", "rollback", released(metric("requests", 500))),
  of("network-failure", "rollback", released(errors)),
  of("permission-denied", "rollback", released(errors)),
  of("certificate-expired", "rollback", released(errors)),
  of("capacity-unavailable", "rollback", released(event("placement-failure"))),
  of("desired-count-zero", "scale", [service({ desired: 0, running: 0 }), deployment(), limits(0, 10)]),
];

/** Returns the facts of the case; of no remedy those of a service that is well. */
export function factsFor(cause: Cause, action: Action): readonly Draft[] {
  return REMEDY_CASES.find((one) => one.cause === cause && one.action === action)?.facts ?? OLD;
}
