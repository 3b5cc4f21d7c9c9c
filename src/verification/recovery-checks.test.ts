import { describe, expect, it } from "vitest";
import { NOW, TARGET, taskArn } from "../../test/samples/facts.ts";
import { alarmReadingOf } from "../../test/support/alarm-reading.ts";
import { dependenciesOf } from "../../test/support/dependencies.ts";
import { createSmallWorld } from "../../test/support/small-world.ts";
import type { Alert } from "../domain/alert.ts";
import type { IncidentStore } from "../domain/ports.ts";
import type {
  AlarmReading,
  Point,
  ServiceDeploymentReading,
  ServiceReading,
  TargetHealthReading,
  TaskReading,
} from "../domain/reading.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { NormalSeries } from "./normal-series.ts";
import { lookAtRecovery } from "./recovery-checks.ts";

const now = Date.parse(NOW);
/** The action ended five and a half minutes ago: whole periods since are those of the last five minutes. */
const SINCE = new Date(now - 330_000).toISOString();
const minutesAgo = (minutes: number) => now - minutes * 60_000;

const healthy: ServiceReading = {
  arn: "arn",
  status: "ACTIVE",
  desired: 3,
  running: 3,
  pending: 0,
  taskDefinition: "shop:7",
  controller: "ECS",
  deployments: [
    {
      id: "ecs-svc/1",
      status: "PRIMARY",
      rolloutState: "COMPLETED",
      taskDefinition: "shop:7",
      desired: 3,
      running: 3,
      pending: 0,
      failedTasks: 0,
    },
  ],
  events: [],
  targetGroupArns: ["group"],
};

const shifting: ServiceReading = { ...healthy, strategy: "BLUE_GREEN" };

const alarmMetric = {
  namespace: "AWS/ECS",
  name: "MemoryUtilization",
  dimensions: {},
  statistic: "Maximum",
  periodSeconds: 60,
};

const alert: Alert = {
  key: "k",
  source: "cloudwatch-sns",
  state: "ALARM",
  firedAt: NOW,
  receivedAt: NOW,
  title: "t",
  target: TARGET,
  alarm: {
    name: "shop-memory",
    metric: {
      namespace: "AWS/ECS",
      name: "MemoryUtilization",
      dimensions: {},
      statistic: "Maximum",
      periodSeconds: 60,
    },
    threshold: 80,
    comparison: "GreaterThanThreshold",
    evaluationPeriods: 3,
  },
};

interface Seen {
  readonly service?: ServiceReading | undefined;
  readonly health?: Pick<TargetHealthReading, "state">[];
  /** The newest entry of the deployment history. */
  readonly newest?: Partial<ServiceDeploymentReading>;
  readonly stopped?: Partial<TaskReading>[];
  readonly points?: readonly Point[];
  /** The series of requests, where one is asked for. */
  readonly requests?: readonly Point[];
  readonly alarm?: string | undefined;
  readonly alert?: Alert;
  /** What AWS has otherwise than the alert says. */
  readonly inAws?: Partial<AlarmReading>;
  /** The series that supported the diagnosis. */
  readonly series?: readonly NormalSeries[];
  /** Of a composite alarm, by name. */
  readonly parts?: Readonly<Record<string, AlarmReading>>;
  /** Ports that fail. */
  readonly failing?: readonly string[];
}

const fine = [4, 3, 2, 1].map((minutes) => ({ t: minutesAgo(minutes), v: 50 }));

async function look(seen: Seen = {}) {
  const world = createSmallWorld({ trouble: "leak" });
  const fail = (port: string) => {
    if (seen.failing?.includes(port)) throw new Error(`${port} is down`);
  };
  const deps: WorkflowDependencies = {
    ...dependenciesOf(world, {} as IncidentStore, {}),
    now: () => new Date(now),
    readers: {
      ...world.readers,
      ecs: {
        ...world.readers.ecs,
        service: async () => {
          fail("service");
          return "service" in seen ? seen.service : healthy;
        },
        tasks: async () => {
          fail("tasks");
          const stopped = (seen.stopped ?? []).map((given) => ({
            arn: taskArn("x"),
            id: "x",
            lastStatus: "STOPPED",
            desiredStatus: "STOPPED",
            taskDefinition: "shop:7",
            containers: [],
            ...given,
          }));
          return { running: [], stopped };
        },
      },
      deploymentHistory: {
        deployments: async () => {
          fail("history");
          return [{ id: "new", status: "SUCCESSFUL", images: [], replaced: [], ...seen.newest }];
        },
      },
      metrics: {
        series: async (queries) => {
          fail("metrics");
          return new Map(
            queries.map(({ id }) => [id, id === "requests" ? (seen.requests ?? []) : (seen.points ?? fine)]),
          );
        },
      },
      loadBalancers: {
        ...world.readers.loadBalancers,
        targetHealth: async () => {
          fail("targets");
          const states = seen.health ?? [{ state: "healthy" }];
          return states.map(({ state }) => ({ targetGroupArn: "group", id: "i", state }));
        },
      },
      alarms: {
        ...world.readers.alarms,
        alarm: async (name) => {
          fail("alarm");
          if (name in (seen.parts ?? {})) return seen.parts?.[name];
          const state = "alarm" in seen ? seen.alarm : "OK";
          if (state === undefined) return undefined;
          const rule = Object.keys(seen.parts ?? {}).map((part) => `ALARM("${part}")`);
          if (rule.length > 0) return { name, state, rule: rule.join(" AND ") };
          return { ...alarmReadingOf(seen.alert ?? alert, state), ...seen.inAws };
        },
      },
    },
  };
  const asked = seen.alert ?? alert;
  const basis = { alarmKnown: asked.alarm !== undefined, series: seen.series ?? [] };
  const result = await lookAtRecovery({ alert: asked, target: TARGET, since: SINCE, basis }, deps);
  return { ...result, met: Object.fromEntries(result.checks.map((check) => [check.condition, check.met])) };
}

const ALL_MET = {
  "service-steady": true,
  "no-bad-stops": true,
  "metric-inside-threshold": true,
  "alarm-ok": true,
};

describe("recovery", () => {
  it("is seen when every condition is met", async () => {
    const { met, running, metric } = await look();

    expect(met).toEqual(ALL_MET);
    expect({ running, metric }).toEqual({ running: 3, metric: 50 });
  });

  it.each<[string, Seen, string, boolean | null]>([
    ["a task is missing", { service: { ...healthy, running: 2 } }, "service-steady", false],
    ["a task is pending", { service: { ...healthy, pending: 1 } }, "service-steady", false],
    ["the service is gone", { service: undefined }, "service-steady", false],
    [
      "a target is unhealthy",
      { health: [{ state: "healthy" }, { state: "unhealthy" }] },
      "service-steady",
      false,
    ],
    ["a target is new", { health: [{ state: "initial" }] }, "service-steady", false],
    [
      "a deployment runs",
      {
        service: {
          ...healthy,
          deployments: [...healthy.deployments, ...healthy.deployments].map((one) => ({
            ...one,
            rolloutState: "IN_PROGRESS",
          })),
        },
      },
      "service-steady",
      false,
    ],
    [
      "a blue/green deployment bakes, though every task runs",
      { service: shifting, newest: { status: "IN_PROGRESS", stage: "BAKE_TIME" } },
      "service-steady",
      false,
    ],
    [
      "a canary is being rolled back",
      { service: { ...healthy, strategy: "CANARY" }, newest: { status: "ROLLBACK_IN_PROGRESS" } },
      "service-steady",
      false,
    ],
    [
      "a rollback of traffic failed",
      { service: shifting, newest: { status: "ROLLBACK_FAILED" } },
      "service-steady",
      false,
    ],
    [
      "where traffic goes cannot be read",
      { service: shifting, failing: ["history"] },
      "service-steady",
      null,
    ],
    [
      "a task ran out of memory since",
      {
        stopped: [
          {
            stoppedAt: new Date(minutesAgo(1)).toISOString(),
            stoppedReason: "OutOfMemoryError: Container killed due to memory usage",
          },
        ],
      },
      "no-bad-stops",
      false,
    ],
    ["there is no data since the action", { points: [] }, "metric-inside-threshold", null],
    ["there is too little data", { points: fine.slice(-2) }, "metric-inside-threshold", null],
    [
      "all the good data is from before the action",
      { points: [10, 9, 8, 7, 6].map((minutes) => ({ t: minutesAgo(minutes), v: 50 })) },
      "metric-inside-threshold",
      null,
    ],
    [
      "good data from before the action has to fill up what is there since",
      { points: [8, 7, 4, 3].map((minutes) => ({ t: minutesAgo(minutes), v: 50 })) },
      "metric-inside-threshold",
      null,
    ],
    [
      "the period in which the action ended has to fill up the others",
      { points: [6, 4, 3].map((minutes) => ({ t: minutesAgo(minutes), v: 50 })) },
      "metric-inside-threshold",
      null,
    ],
    [
      "one of the newest points is outside",
      { points: [...fine, { t: minutesAgo(0.5), v: 81 }] },
      "metric-inside-threshold",
      false,
    ],
    ["the alarm is still on", { alarm: "ALARM" }, "alarm-ok", false],
    ["the alarm has no data", { alarm: "INSUFFICIENT_DATA" }, "alarm-ok", false],
    ["the service cannot be read", { failing: ["service"] }, "service-steady", null],
    ["target health cannot be read", { failing: ["targets"] }, "service-steady", null],
    ["tasks cannot be read", { failing: ["tasks"] }, "no-bad-stops", null],
    ["metrics cannot be read", { failing: ["metrics"] }, "metric-inside-threshold", null],
  ])("is not seen when %s", async (_, seen, condition, expected) => {
    const { met } = await look(seen);

    expect(met).toEqual({ ...ALL_MET, [condition]: expected });
  });

  it("is seen once the traffic is back, and without the history where tasks are only replaced", async () => {
    const back = await look({ service: shifting, newest: { status: "ROLLBACK_SUCCESSFUL" } });
    const rolling = await look({ newest: { status: "IN_PROGRESS" }, failing: ["history"] });

    expect(back.met).toEqual(ALL_MET);
    expect(rolling.met).toEqual(ALL_MET);
  });

  it.each<[string, Seen]>([
    ["is gone", { alarm: undefined }],
    ["cannot be read", { failing: ["alarm"] }],
  ])("is not seen when the alarm %s: what it watches is in AWS only", async (_, seen) => {
    const { met } = await look(seen);

    expect(met).toEqual({ ...ALL_MET, "alarm-ok": null, "metric-inside-threshold": null });
  });

  it.each<[string, Seen]>([
    ["a target is draining", { health: [{ state: "healthy" }, { state: "draining" }] }],
    [
      "a task stopped before the action",
      { stopped: [{ stoppedAt: new Date(minutesAgo(20)).toISOString(), stoppedReason: "OutOfMemoryError" }] },
    ],
    [
      "a task was stopped by somebody",
      { stopped: [{ stoppedAt: new Date(minutesAgo(1)).toISOString(), stopCode: "UserInitiated" }] },
    ],
    ["older points since the action are outside", { points: [{ t: minutesAgo(5), v: 99 }, ...fine] }],
    ["points before the action are outside", { points: [{ t: minutesAgo(6), v: 99 }, ...fine.slice(-3)] }],
  ])("is seen although %s", async (_, seen) => {
    expect((await look(seen)).met).toEqual(ALL_MET);
  });

  it("does not ask for an alarm where there is none", async () => {
    const { alarm: _, ...simple } = alert;
    const { met } = await look({
      alert: { ...simple, reported: { metric: "memory", value: 95, threshold: 80 } },
    });

    expect(met).not.toHaveProperty("alarm-ok");
    expect(met["service-steady"]).toBe(true);
  });

  it("of an event of ECS asks for the service and its tasks, and for no metric and no alarm", async () => {
    const { alarm: _, ...rest } = alert;
    const event: Alert = { ...rest, source: "ecs-event" };
    const well = await look({ alert: event, failing: ["metrics", "alarm"] });
    const killed = { stoppedAt: new Date(now - 60_000).toISOString(), stopCode: "EssentialContainerExited" };
    const again = await look({ alert: event, stopped: [killed] });

    expect(well.met).toEqual({ "service-steady": true, "no-bad-stops": true });
    expect(again.met).toEqual({ "service-steady": true, "no-bad-stops": false });
  });

  it("goes by the alarm as AWS has it, whatever the message says", async () => {
    const { alarm, ...rest } = alert;
    const forged: Alert = { ...rest, alarm: { ...alarm, name: "shop-memory", threshold: 1e9 } };

    expect((await look({ alert: forged, inAws: { threshold: 40 } })).met["metric-inside-threshold"]).toBe(
      false,
    );
    expect((await look({ alert: forged, inAws: { threshold: 80 } })).met["metric-inside-threshold"]).toBe(
      true,
    );
  });

  it("counts M of N periods as the alarm does", async () => {
    const points = [...fine.slice(0, 3), { t: minutesAgo(1), v: 99 }];

    expect((await look({ points, inAws: { datapointsToAlarm: 2 } })).met).toEqual(ALL_MET);
    expect((await look({ points, inAws: { datapointsToAlarm: 1 } })).met["metric-inside-threshold"]).toBe(
      false,
    );
  });

  describe("where AWS knows no alarm", () => {
    const { alarm: _, ...rest } = alert;
    const simple: Alert = { ...rest, reported: { metric: "memory", value: 95, threshold: 1 } };
    const metric = { ...alarmMetric, namespace: "AWS/ECS" };
    const of = (before: number, judged: number): Seen => ({
      alert: simple,
      series: [{ metric, before, judged }],
    });

    it.each([
      ["back on the near side of the middle", of(40, 70), true],
      ["still on the far side", of(20, 70), false],
      ["of which no level before is known", of(50, 50), null],
      ["lowered, and back up", of(60, 20), true],
      ["lowered, and still low", of(90, 20), false],
      ["with too little data since", { ...of(40, 70), points: fine.slice(-2) }, null],
    ])("needs the series that showed the fault %s", async (_what, seen, met) => {
      expect((await look(seen)).met["series-back-to-normal"]).toBe(met);
    });

    it("says so where no series showed the fault", async () => {
      const { checks } = await look({ alert: simple });

      expect(checks.find(({ condition }) => condition === "series-back-to-normal")).toMatchObject({
        met: true,
        detail: expect.stringContaining("the service's health decides"),
      });
    });
  });

  it("of an alarm that applications can write needs AWS's own series, too", async () => {
    const series = [{ metric: alarmMetric, before: 20, judged: 70 }];
    const custom = { namespace: "Shop/App" };

    expect((await look({ inAws: custom, series })).met).toMatchObject({ "series-back-to-normal": false });
    expect((await look({ series })).met).not.toHaveProperty("series-back-to-normal");
  });

  it("is looked for without ever throwing, also when nothing answers", async () => {
    const { met, badStops } = await look({ failing: ["service", "tasks", "metrics", "targets", "alarm"] });

    expect(Object.values(met)).toEqual([null, null, null, null]);
    expect(badStops).toBe(0);
  });
});

describe("an alarm on errors that a load balancer counts, silent since the fix", () => {
  const errors: Alert = {
    ...alert,
    alarm: {
      ...alert.alarm,
      name: "shop-5xx",
      metric: {
        namespace: "AWS/ApplicationELB",
        name: "HTTPCode_Target_5XX_Count",
        dimensions: { TargetGroup: "targetgroup/shop/6d0e" },
        statistic: "Sum",
        periodSeconds: 60,
      },
      threshold: 10,
      comparison: "GreaterThanThreshold",
      evaluationPeriods: 3,
    },
  };
  const requests = (...minutes: number[]) => minutes.map((minute) => ({ t: minutesAgo(minute), v: 120 }));
  const metricOf = async (seen: Seen) => {
    const { checks } = await look({ alert: errors, ...seen });
    return checks.find(({ condition }) => condition === "metric-inside-threshold");
  };

  it("is inside its threshold where requests were served", async () => {
    expect(await metricOf({ points: [], requests: requests(5, 4, 3, 2, 1) })).toMatchObject({ met: true });
  });

  it("says nothing where nobody sent a request", async () => {
    expect(await metricOf({ points: [], requests: [] })).toMatchObject({ met: null });
    expect(await metricOf({ points: [], requests: [{ t: minutesAgo(3), v: 0 }] })).toMatchObject({
      met: null,
    });
  });

  it("is outside where errors were counted, however many periods were silent", async () => {
    const points = [{ t: minutesAgo(2), v: 40 }];

    expect(await metricOf({ points, requests: requests(5, 4, 3, 2, 1) })).toMatchObject({ met: false });
  });

  it("does not take the newest period's silence for zero: it may only be late", async () => {
    expect(await metricOf({ points: [], requests: requests(3, 2, 1) })).toMatchObject({ met: null });
  });

  it("is not read so for other metrics", async () => {
    const { checks } = await look({ points: [], requests: requests(5, 4, 3, 2, 1) });

    expect(checks).toContainEqual(
      expect.objectContaining({ condition: "metric-inside-threshold", met: null }),
    );
  });
});

describe("a composite alarm", () => {
  const composite: Alert = { ...alert, alarm: { name: "shop-degraded" } };
  const part = (name: string, state: string, more: Partial<AlarmReading> = {}): AlarmReading => ({
    name,
    state,
    namespace: "AWS/ApplicationELB",
    metric: "UnHealthyHostCount",
    statistic: "Maximum",
    periodSeconds: 60,
    evaluationPeriods: 2,
    threshold: 80,
    comparison: "GreaterThanThreshold",
    ...more,
  });

  it.each([
    ["all parts OK and inside", { a: part("a", "OK"), b: part("b", "OK") }, fine, true],
    ["one still fires, which the rule allows", { a: part("a", "OK"), b: part("b", "ALARM") }, fine, true],
    ["no part is OK", { a: part("a", "ALARM") }, fine, false],
    ["OK, but its metric is outside", { a: part("a", "OK", { threshold: 40 }) }, fine, false],
    ["OK without data since", { a: part("a", "OK") }, [], null],
    ["OK on metric math, which has no metric", { a: { name: "a", state: "OK" } }, fine, null],
  ])("with %s", async (_what, parts, points, met) => {
    const seen = await look({ alert: composite, parts, points });

    expect(seen.met["metric-inside-threshold"]).toBe(met);
  });
});
