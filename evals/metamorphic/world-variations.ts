/** Variations of what happened that should not matter to what is done. */
import { type Series, series } from "../scenarios/series.ts";
import type { AlarmSpec, Case, LogSpec, TaskSpec, UsualMetric, World } from "../scenarios/types.ts";
import { errorLog } from "../scenarios/vocabulary.ts";
import { alarmBreaches } from "../scenarios/wire/alarms.ts";
import { sceneOf } from "../scenarios/wire/scene.ts";

/** A case with the change, or undefined where it cannot be made without another story. */
export type WorldVariation = (one: Case) => Case | undefined;

/** Requests and what is counted of them, `factor` times as many all the time; the alarm's threshold with them. */
export const moreOrLess =
  (factor: number): WorldVariation =>
  (one) =>
    withWorld(one, {
      metrics: { ...one.world.metrics, ...counted(one.world, (given) => scaled(given, factor)) },
      alarm: COUNTS.has(one.world.alarm.metric)
        ? { ...one.world.alarm, threshold: one.world.alarm.threshold * factor }
        : one.world.alarm,
    });

/** `factor` times as many requests in the last half hour, and as much CPU as they cost. */
export const trafficMoved =
  (factor: number): WorldVariation =>
  (one) => {
    const { metrics, balancer, alarm } = one.world;
    if (balancer === false || alarm.metric === "requests" || alarm.metric === "requestsPerTarget")
      return undefined;
    const requests = metrics?.requests ?? USUAL_REQUESTS;
    if (requests === "absent") return undefined;
    return breaching(
      withWorld(one, { metrics: { ...metrics, requests: scaled(requests, factor, RECENTLY) } }),
    );
  };

/** The same story on another day and at another second of the minute. */
export const atAnotherTime: WorldVariation = (one) => {
  const shifted = new Date(sceneOf(one).now + SHIFT_MS).toISOString();
  return breaching(withWorld(one, { now: shifted }));
};

/** Other noise in every series, other ids, other lines. */
export const otherNoise: WorldVariation = (one) => breaching({ ...one, name: `${one.name} again` });

/** Other names of service and cluster. */
export const renamed: WorldVariation = (one) => {
  const { service, cluster = "prod", custom } = one.world;
  const names: Readonly<Record<string, string>> = {
    [service]: "x7-renamed-thing",
    [cluster]: "another-cluster",
  };
  const dimensions = Object.entries(custom?.dimensions ?? {}).map(([key, value]) => [
    key,
    names[value] ?? value,
  ]);
  return breaching(
    withWorld(one, {
      service: "x7-renamed-thing",
      cluster: "another-cluster",
      ...(custom === undefined ? {} : { custom: { ...custom, dimensions: Object.fromEntries(dimensions) } }),
    }),
  );
};

/** Tasks and stops in the other order. */
export const tasksReversed: WorldVariation = (one) => {
  const { running, stopped, logs } = one.world;
  if ((running?.length ?? 0) < 2 || namesTasks(logs)) return undefined;
  return withWorld(one, { running: running?.toReversed() ?? [], stopped: stopped?.toReversed() ?? [] });
};

/** A release two and a half hours ago, after which the service was well. */
export const releasedBefore: WorldVariation = (one) => {
  const { deployments, running, stopped, desired, young } = one.world;
  if (deployments?.some(({ at }) => at > -1_000)) return undefined;
  if (young) return undefined;
  const fleet: readonly TaskSpec[] = running ?? Array.from({ length: desired ?? 4 }, () => ({ age: 9_000 }));
  return withWorld(one, {
    deployments: [{ revision: 0, at: RELEASE }],
    running: fleet.map((task, index) =>
      task.age === undefined ? task : { ...task, age: Math.min(task.age, -RELEASE - 1 - index * 0.3) },
    ),
    stopped: (stopped ?? []).map((stop) =>
      stop.lived === undefined ? stop : { ...stop, lived: Math.min(stop.lived, stop.at - RELEASE - 1) },
    ),
  });
};

/** An error that hurts nobody, loud, at the same rate before and since. */
export const loudHarmlessErrors: WorldVariation = (one) => {
  const { logs } = one.world;
  if (typeof logs === "string") return undefined;
  const given: LogSpec = logs ?? { style: "node", entries: [] };
  return withWorld(one, {
    logs: {
      ...given,
      entries: [
        ...given.entries,
        errorLog([-60, 0], 12, "could not send usage statistics for page {path}, dropped"),
      ],
    },
  });
};

/** One more task, as well as the well ones. */
export const oneMoreWellTask: WorldVariation = (one) => {
  const { running, desired } = one.world;
  const well = running?.find(
    (task) =>
      (task.status ?? "RUNNING") === "RUNNING" &&
      task.target === undefined &&
      task.health !== "UNHEALTHY" &&
      task.ended === undefined &&
      task.cpu === undefined &&
      task.memory === undefined &&
      (task.age ?? 0) > 60,
  );
  if (running === undefined || well === undefined) return undefined;
  return withWorld(one, { running: [...running, well], desired: (desired ?? running.length) + 1 });
};

/** Periods of five minutes instead of one. */
export const fiveMinutePeriods: WorldVariation = (one) => {
  const { alarm, minuteSeconds } = one.world;
  if (minuteSeconds !== undefined || alarm.periodSeconds !== 60 || alarm.ofScaling || alarm.band)
    return undefined;
  const sums = alarm.statistic === "Sum";
  return breaching(
    withWorld(one, {
      alarm: {
        ...alarm,
        periodSeconds: 300,
        threshold: sums ? alarm.threshold * 5 : alarm.threshold,
        datapoints: Math.ceil(alarm.datapoints / 5),
        evaluations: Math.ceil(alarm.evaluations / 5),
      },
    }),
  );
};

/** The same story in periods of some seconds instead of minutes. */
export const faster =
  (minuteSeconds: number): WorldVariation =>
  (one) => {
    const { alarm } = one.world;
    if (one.world.minuteSeconds !== undefined || alarm.periodSeconds % 60 !== 0) return undefined;
    return breaching(
      withWorld(one, {
        minuteSeconds,
        alarm: { ...alarm, periodSeconds: (alarm.periodSeconds / 60) * minuteSeconds },
      }),
    );
  };

const RELEASE = -150;
const RECENTLY = -30;
const SHIFT_MS = 5 * 3_600_000 + 13 * 60_000 + 27_000;
const USUAL_REQUESTS = series(2_300);
const COUNTS: ReadonlySet<AlarmSpec["metric"]> = new Set([
  "requests",
  "errors5xx",
  "elb5xx",
  "requestsPerTarget",
]);
type Counted = Extract<UsualMetric, "requests"> | "errors5xx" | "elb5xx";

function counted(world: World, change: (given: Series) => Series): Partial<Record<Counted, Series>> {
  const given: Partial<Record<Counted, Series | "absent">> = { requests: USUAL_REQUESTS, ...world.metrics };
  return Object.fromEntries(
    (["requests", "errors5xx", "elb5xx"] as const).flatMap((metric) => {
      const found = given[metric];
      return found === undefined || found === "absent" ? [] : [[metric, change(found)]];
    }),
  );
}

function scaled(given: Series, factor: number, from = Number.NEGATIVE_INFINITY): Series {
  return {
    base: given.base,
    changes: [
      ...given.changes,
      {
        kind: "shape",
        apply: (value, minute) => (value === undefined || minute < from ? value : value * factor),
      },
    ],
  };
}

function namesTasks(logs: World["logs"]): boolean {
  return typeof logs === "object" && logs.entries.some(({ tasks }) => tasks !== undefined);
}

function withWorld(one: Case, change: Partial<World>): Case {
  return { ...one, world: { ...one.world, ...change } };
}

/** The case, where its alarm still breaches in its own series. */
function breaching(one: Case): Case | undefined {
  return alarmBreaches(sceneOf(one)) ? one : undefined;
}
