/** A service that nothing is wrong with, whose memory or CPU has one of six shapes. */
import { type Series, series } from "../../../evals/scenarios/series.ts";
import type { AlarmSpec, Case, TaskSpec, World } from "../../../evals/scenarios/types.ts";
import { alarm, leave } from "../../../evals/scenarios/vocabulary.ts";
import { type BuiltWorld, buildWorld } from "../../../evals/scenarios/world.ts";
import { CLUSTER, SERVICE } from "./names.ts";
import { SHAPES, type Shape } from "./shapes.ts";

export type Utilisation = "memory" | "cpu";

/** Whether the service has per-task series, of Container Insights with enhanced observability. */
export type PerTask = "per-task series" | "service series only";

/** Above it the service's own alarms fire. Percent. */
export const OWN_THRESHOLD = 85;

/** Days apart, so that none of the tasks is young, and none is the odd one. */
const TASK_AGES = [9_300, 9_297, 9_291];

export interface HealthySpec {
  readonly metric: Utilisation;
  readonly shape: Shape;
  readonly perTask: PerTask;
}

/** Builds the world; the same for the same arguments. AWS has an alarm on `metric` that is described as in ALARM. */
export function healthyWorld({ metric, shape, perTask }: HealthySpec): BuiltWorld {
  return worldOf(`healthy ${metric} ${shape} ${perTask}`, {
    shape: SHAPES[shape],
    metric,
    perTask,
    alarm: alarm(metric, ">", OWN_THRESHOLD),
  });
}

/** The same with a series of its own and another alarm or further members. */
export function worldOf(
  name: string,
  given: {
    readonly shape: Series;
    readonly metric: Utilisation;
    readonly perTask: PerTask;
    readonly alarm: AlarmSpec;
    readonly more?: Partial<World>;
    /** Series of single tasks other than the service's, by the task's place. */
    readonly tasks?: readonly Partial<TaskSpec>[];
  },
): BuiltWorld {
  const { shape, metric, perTask, tasks = [], more = {} } = given;
  const one: Case = {
    name,
    of: "no-fault",
    story: "Nothing is wrong.",
    why: "Every series that AWS measures itself is far from its limits, and all tasks are healthy.",
    world: {
      service: SERVICE,
      cluster: CLUSTER,
      minimumHealthyPercent: 50,
      scaling: { min: 2, max: 8 },
      running: TASK_AGES.map((age, index) => ({ age, [metric]: shape, ...tasks[index] })),
      ...(perTask === "per-task series" ? { insights: "tasks" as const } : {}),
      metrics: { cpu: series(30), memory: series(40), [metric]: shape },
      logs: { style: "rails", chatter: 30, entries: [] },
      ...more,
      alarm: given.alarm,
    },
    truth: leave("no-fault"),
  };
  return buildWorld(one);
}
