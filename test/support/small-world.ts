/**
 * A service in a nutshell, for tests of the whole workflow: three tasks, one of them sick or all of them busy.
 * Its state follows from an append-only list of what was done to it, so that it can outlive a killed process and
 * shows every effect, the second of its kind too. Time runs fast: a second takes 20 ms.
 */
import type { Alert } from "../../src/domain/alert.ts";
import type { Point, ServiceReading, TaskReading } from "../../src/domain/reading.ts";
import type { Readers } from "../../src/evidence/collect-evidence.ts";
import type { EcsReader, MetricReader } from "../../src/evidence/ports.ts";
import type { Actuation, ServiceActuator } from "../../src/remediation/ports.ts";

/** So many times faster than the wall clock, in every process alike. */
const SPEED = 50;
export const fastClock = () => Date.now() * SPEED;
export const fastNow = () => new Date(fastClock());

/**
 * `leak`: one task's memory. `spike`: traffic. `blip`: CPU for a moment. `down`: errors of a dead dependency.
 * `bad-deploy`: errors since a new task definition.
 */
export type Trouble = "leak" | "two-leaks" | "spike" | "blip" | "down" | "bad-deploy";

export interface Effect {
  /** Epoch milliseconds of the fast clock. */
  readonly at: number;
  readonly what: "born" | "stop" | "desire" | "back" | "calm" | "report" | "asked";
  readonly detail: string;
}

/** Where effects are kept; never changed, only added to. */
export interface EffectLog {
  add(effect: Effect): void;
  all(): readonly Effect[];
}

export function inMemoryLog(): EffectLog {
  const effects: Effect[] = [];
  return { add: (effect) => effects.push(effect), all: () => effects };
}

/** How the world answers a change: `lost` and `mute` answer ambiguously, `mute` after having done it. */
export type Answering = "accept" | "refuse" | "lost" | "mute";

export interface WorldOptions {
  readonly trouble: Trouble;
  readonly answering?: Answering;
  readonly log?: EffectLog;
  /** False: the trouble stays whatever is done. */
  readonly curable?: boolean;
  /** Metrics can only be read once people were told of something. */
  readonly blindUntilTold?: boolean;
  /** The alarm's threshold, where it is not the usual one. */
  readonly threshold?: number;
  /** Added tasks crash: scaling makes it worse. */
  readonly brittle?: boolean;
  /** The cluster has no room for added tasks: ECS cannot place them. */
  readonly crowded?: boolean;
  /** Added tasks do not pass the load balancer's checks until people were told of the incident. */
  readonly ailing?: boolean;
  /** The service's own; AWS's default is 100. */
  readonly minimumHealthyPercent?: number;
}

export interface SmallWorld {
  readonly readers: Readers;
  readonly actuator: ServiceActuator;
  readonly log: EffectLog;
  alert(given?: { key?: string; state?: Alert["state"]; metric?: string }): Alert;
  /** Changes that reached the service, in order: `stop a`, `desire 5`. */
  changes(): string[];
}

export const TARGET = { cluster: "production", service: "shop" };
const definitionArn = (revision: number) =>
  `arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:${revision}`;
const DEFINITION = definitionArn(7);
const DEPLOYMENT = "arn:aws:ecs:eu-central-1:123456789012:service-deployment/production/shop";
/** The bad revision came so long before the errors. */
const DEPLOYED_BEFORE_MS = 4_000;
const GROUP = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop/6d0ecf831eec9f09";
const ALARM_NAME = "shop-alarm";
/** The alarm fires this long after the trouble began. */
const SICK_BEFORE_ALARM_MS = 12_000;
const START_MS = 1_500;
const CRASHED = "Essential container in task exited";
/** A blip has only just begun when the alarm fires; it ends with the effect `calm`. Its alarm is a slow one. */
const BLIP_BEFORE_ALARM_MS = 62_000;
const BLIP_PERIOD_SECONDS = 30;

export const taskArn = (id: string) => `arn:aws:ecs:eu-central-1:123456789012:task/production/${id}`;

interface State {
  readonly bornAt: number;
  readonly sickSince: number;
  readonly healedAt: number;
  readonly desired: number;
  readonly definition: string;
  /** When the service went back to the definition before. */
  readonly backAt?: number;
  readonly tasks: readonly { id: string; startedAt: number; stoppedAt?: number; reason?: string }[];
}

function stateOf(effects: readonly Effect[], options: WorldOptions): State {
  const { trouble, curable = true, brittle, crowded } = options;
  const bornAt = effects[0]?.at ?? 0;
  const cured = new Set<string>();
  let healedAt = Number.POSITIVE_INFINITY;
  let desired = 3;
  let backAt: number | undefined;
  let tasks: State["tasks"] = ["a", "b", "c"].map((id) => ({ id, startedAt: bornAt - 600_000 }));
  for (const { at, what, detail } of effects) {
    if (what === "stop") {
      const [id = "", reason = ""] = detail.split("|");
      const hit = tasks.find((task) => task.id === id && task.stoppedAt === undefined);
      if (hit === undefined) continue;
      tasks = tasks.map((task) => (task === hit ? { ...task, stoppedAt: at, reason } : task));
      tasks = [...tasks, { id: `${id}x`, startedAt: at + START_MS }];
      cured.add(id);
      if (curable && trouble.endsWith("leak") && cured.has("a")) healedAt = Math.min(healedAt, at);
      if (curable && trouble === "two-leaks" && cured.has("a") && cured.has("b")) {
        healedAt = Math.min(healedAt, at);
      }
    }
    if (what === "back") {
      backAt = at;
      if (curable && trouble === "bad-deploy") healedAt = Math.min(healedAt, at);
    }
    if (what === "calm") healedAt = Math.min(healedAt, at);
    if (what === "desire") {
      const wanted = Number(detail);
      for (let number = desired; number < wanted && !crowded; number++) {
        const crash = brittle ? { stoppedAt: at + 2 * START_MS, reason: CRASHED } : {};
        tasks = [...tasks, { id: `n${number}`, startedAt: at + START_MS, ...crash }];
      }
      if (wanted < desired) tasks = tasks.filter((task) => !task.id.startsWith("n") || task.stoppedAt);
      desired = wanted;
      if (curable && !brittle && trouble === "spike" && desired > 3)
        healedAt = Math.min(healedAt, at + START_MS);
    }
  }
  const sickFor = trouble === "blip" ? BLIP_BEFORE_ALARM_MS : SICK_BEFORE_ALARM_MS;
  const definition = backAt === undefined ? DEFINITION : definitionArn(6);
  const back = backAt === undefined ? {} : { backAt };
  return { bornAt, sickSince: bornAt - sickFor, healedAt, desired, definition, ...back, tasks };
}

export function createSmallWorld(options: WorldOptions): SmallWorld {
  const log = options.log ?? inMemoryLog();
  if (log.all().length === 0) log.add({ at: fastClock(), what: "born", detail: options.trouble });
  const state = () => stateOf(log.all(), options);
  const ecs = ecsOf(options, state);
  const seen = metricsOf(options.trouble, state);
  const metrics: MetricReader = {
    series: async (...asked) => {
      if (options.blindUntilTold && !isTold(log)) {
        throw new Error("Rate exceeded");
      }
      return seen.series(...asked);
    },
  };
  return {
    log,
    readers: {
      ecs,
      metrics,
      logs: {
        lines: async function* () {
          const { sickSince } = state();
          if (options.trouble === "bad-deploy") {
            yield Array.from({ length: 40 }, (_, index) => ({
              t: sickSince + index * 200,
              stream: "shop/a",
              message: "ERROR TypeError: Cannot read properties of undefined (reading 'price')",
            }));
            return;
          }
          if (options.trouble !== "down") {
            yield [{ t: sickSince, stream: "shop/a", message: "INFO request served" }];
            return;
          }
          yield Array.from({ length: 40 }, (_, index) => ({
            t: sickSince + index * 200,
            stream: "shop/a",
            message: "ERROR connect ECONNREFUSED 10.0.3.17:5432",
          }));
        },
      },
      loadBalancers: {
        targetGroups: async () => [
          {
            arn: GROUP,
            loadBalancerDimension: "app/shop/50dc",
            targetGroupDimension: "targetgroup/shop/6d0e",
          },
        ],
        targetHealth: async () =>
          runningOf(state()).map((task) => ({
            targetGroupArn: GROUP,
            id: `10.0.0.${task.id}`,
            state: options.ailing && task.id.startsWith("n") && !isTold(log) ? "unhealthy" : "healthy",
          })),
      },
      ...(options.trouble === "bad-deploy" ? { deploymentHistory: historyOf(state) } : {}),
      scaling: { limits: async () => ({ min: 1, max: 10, suspended: false }), activities: async () => [] },
      alarms: {
        alarm: async (name) => {
          const fires = fastClock() < state().healedAt + 1_500;
          const { metric, ...watched } = watchedOf(options, undefined);
          const { name: metricName, ...series } = metric;
          return { name, state: fires ? "ALARM" : "OK", metric: metricName, ...series, ...watched };
        },
        contributors: async () => undefined,
        transitions: async () => [],
      },
    },
    actuator: actuatorOf(log, options.answering ?? "accept"),
    alert: ({ key = "alarm-1", state: alarmState = "ALARM", metric } = {}) => ({
      key,
      source: "cloudwatch-sns",
      state: alarmState,
      firedAt: new Date(state().bornAt).toISOString(),
      receivedAt: fastNow().toISOString(),
      title: ALARM_NAME,
      target: TARGET,
      alarm: { name: ALARM_NAME, ...watchedOf(options, metric) },
    }),
    changes: () =>
      log
        .all()
        .filter(({ what }) => what === "stop" || what === "desire" || what === "back")
        .map(({ what, detail }) => `${what} ${detail.split("|")[0]}`),
  };
}

/** Whether people were told of an incident. */
function isTold(log: EffectLog): boolean {
  return log.all().some(({ what }) => what === "report");
}

const ALARM_METRIC: Readonly<Record<Trouble, string>> = {
  leak: "MemoryUtilization",
  "two-leaks": "MemoryUtilization",
  spike: "CPUUtilization",
  blip: "CPUUtilization",
  down: "HTTPCode_Target_5XX_Count",
  "bad-deploy": "HTTPCode_Target_5XX_Count",
};

/** What the alarms watch. */
function watchedOf({ trouble, threshold }: WorldOptions, metric: string | undefined) {
  const errors = isAboutErrors(trouble);
  return {
    metric: {
      namespace: errors ? "AWS/ApplicationELB" : "AWS/ECS",
      name: metric ?? ALARM_METRIC[trouble],
      dimensions: errors
        ? { LoadBalancer: "app/shop/50dc", TargetGroup: "targetgroup/shop/6d0e" }
        : { ClusterName: TARGET.cluster, ServiceName: TARGET.service },
      statistic: errors ? "Sum" : "Maximum",
      periodSeconds: trouble === "blip" ? BLIP_PERIOD_SECONDS : 1,
    },
    threshold: threshold ?? (errors ? 10 : 80),
    comparison: "GreaterThanThreshold" as const,
    evaluationPeriods: trouble === "blip" ? 1 : 2,
  };
}

function isAboutErrors(trouble: Trouble): boolean {
  return trouble === "down" || trouble === "bad-deploy";
}

function historyOf(state: () => State): NonNullable<Readers["deploymentHistory"]> {
  return {
    deployments: async () => {
      const { sickSince, backAt } = state();
      const entry = (revision: number, createdAt: number) => ({
        id: `${DEPLOYMENT}/${revision}-${createdAt}`,
        arn: `${DEPLOYMENT}/${revision}-${createdAt}`,
        status: "SUCCESSFUL",
        createdAt: new Date(createdAt).toISOString(),
        startedAt: new Date(createdAt).toISOString(),
        finishedAt: new Date(createdAt + 500).toISOString(),
        taskDefinition: definitionArn(revision),
        images: [{ container: "app", image: `shop:1.${revision}` }],
        replaced: [definitionArn(revision - 1)],
      });
      return [
        ...(backAt === undefined ? [] : [entry(6, backAt)]),
        entry(7, sickSince - DEPLOYED_BEFORE_MS),
        entry(6, sickSince - 86_400_000),
      ];
    },
  };
}

function runningOf(state: State) {
  const now = fastClock();
  return state.tasks.filter((task) => task.startedAt <= now && !isOver(task));
}

function isOver({ stoppedAt }: { readonly stoppedAt?: number }): boolean {
  return stoppedAt !== undefined && stoppedAt <= fastClock();
}

function ecsOf({ trouble, minimumHealthyPercent = 50 }: WorldOptions, state: () => State): EcsReader {
  const toReading = (task: State["tasks"][number]): TaskReading => ({
    arn: taskArn(task.id),
    id: task.id,
    lastStatus: isOver(task) ? "STOPPED" : task.startedAt <= fastClock() ? "RUNNING" : "PENDING",
    desiredStatus: isOver(task) ? "STOPPED" : "RUNNING",
    taskDefinition: state().definition,
    startedAt: new Date(task.startedAt).toISOString(),
    containers: [{ name: "app", privateAddress: `10.0.0.${task.id}` }],
    ...(task.stoppedAt !== undefined && isOver(task)
      ? {
          stoppedAt: new Date(task.stoppedAt).toISOString(),
          stopCode: task.reason === CRASHED ? "EssentialContainerExited" : "UserInitiated",
          stoppedReason: task.reason ?? "",
          ...(task.reason === CRASHED ? { containers: [{ name: "app", exitCode: 1 }] } : {}),
        }
      : {}),
  });
  return {
    service: async (): Promise<ServiceReading> => {
      const { desired, bornAt, sickSince, backAt, definition, tasks } = state();
      const running = runningOf(state()).length;
      const createdAt =
        backAt ?? (trouble === "bad-deploy" ? sickSince - DEPLOYED_BEFORE_MS : bornAt - 86_400_000);
      const created = new Date(createdAt).toISOString();
      const pending = tasks.filter((task) => task.startedAt > fastClock() && !isOver(task)).length;
      const counts = { desired, running, pending };
      return {
        arn: "arn:aws:ecs:eu-central-1:123456789012:service/production/shop",
        status: "ACTIVE",
        ...counts,
        taskDefinition: definition,
        controller: "ECS",
        minimumHealthyPercent,
        maximumPercent: 200,
        deployments: [
          {
            id: "ecs-svc/1",
            status: "PRIMARY",
            rolloutState: "COMPLETED",
            taskDefinition: definition,
            ...counts,
            failedTasks: 0,
            createdAt: created,
          },
        ],
        events: [],
        targetGroupArns: tasks.length > 0 ? [GROUP] : [],
      };
    },
    tasks: async () => {
      const all = state().tasks.map(toReading);
      return {
        running: all.filter((task) => task.lastStatus !== "STOPPED"),
        stopped: all.filter((task) => task.lastStatus === "STOPPED"),
      };
    },
    task: async (_, arn) => {
      const found = state().tasks.find((task) => taskArn(task.id) === arn);
      return found && toReading(found);
    },
    taskDefinition: async (arn) => ({
      arn,
      family: "shop",
      revision: Number(arn.split(":").at(-1)),
      containers: [
        {
          name: "app",
          image: `shop:1.${trouble === "bad-deploy" ? arn.split(":").at(-1) : "7"}`,
          essential: true,
          environmentNames: [],
          secretNames: [],
          ports: [8080],
        },
      ],
    }),
  };
}

function metricsOf(trouble: Trouble, state: () => State): MetricReader {
  const leaks = trouble === "leak" || trouble === "two-leaks";
  const sickTasks = trouble === "two-leaks" ? ["a", "b"] : ["a"];
  /** Usual level and level while sick; a metric that is not here has no data. */
  const levels = (name: string, taskId: string | undefined): readonly [number, number] | undefined => {
    const hot = trouble === "spike" || trouble === "blip";
    switch (name) {
      case "MemoryUtilization":
        return [40, leaks ? 95 : 40];
      case "TaskMemoryUtilization":
        return [40, leaks && sickTasks.includes(taskId ?? "") ? 95 : 40];
      case "CPUUtilization":
      case "TaskCpuUtilization":
        return [30, hot ? 95 : 30];
      case "RequestCount":
        return [100, trouble === "spike" ? 300 : 100];
      case "HTTPCode_Target_5XX_Count":
        return [0, isAboutErrors(trouble) ? 60 : 0];
      default:
        return undefined;
    }
  };
  return {
    series: async (queries, window) => {
      const { sickSince, healedAt } = state();
      return new Map(
        queries.map(({ id, metric }) => {
          const pair = levels(metric.name, metric.dimensions["TaskId"]);
          const points: Point[] = [];
          const step = metric.periodSeconds * 1000;
          for (let t = Math.ceil(window.from / step) * step; pair !== undefined && t < window.to; t += step) {
            const sick = t >= sickSince && t < healedAt;
            points.push({ t, v: (sick ? pair[1] : pair[0]) + (((t / step) * 7) % 5) * 0.1 });
          }
          return [id, points];
        }),
      );
    },
  };
}

function actuatorOf(log: EffectLog, answering: Answering): ServiceActuator {
  const answer = (effect: () => void): Actuation => {
    if (answering === "accept" || answering === "mute") effect();
    if (answering === "accept") return { outcome: "accepted", detail: "done as asked" };
    if (answering === "refuse") return { outcome: "refused", code: "AccessDenied", message: "not allowed" };
    return { outcome: "ambiguous", message: "The connection broke." };
  };
  const add = (what: Effect["what"], detail: string) => log.add({ at: fastClock(), what, detail });
  return {
    stopTask: async (_, arn, reason) => answer(() => add("stop", `${arn.split("/").at(-1)}|${reason}`)),
    setDesiredCount: async (_, desired) => answer(() => add("desire", String(desired))),
    rollBackDeployment: async (_, arn) => answer(() => add("back", `deployment ${arn}`)),
    setTaskDefinition: async (_, definition) => answer(() => add("back", definition.split("/").at(-1) ?? "")),
  };
}
