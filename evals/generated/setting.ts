/** The service that an incident happens to: everything that has nothing to do with the fault is drawn here. */
import type { LogStyle } from "../scenarios/log-styles.ts";
import type { Random } from "../scenarios/random.ts";
import { type Change, noise, OLDEST_MINUTE, type Series, series, without } from "../scenarios/series.ts";
import type { DeploymentSpec, LogEntry, LogSpec, TaskSpec, UsualMetric, World } from "../scenarios/types.ts";
import { dailyWave, holes } from "./shapes.ts";

/** What a family asks of the service. */
export interface Needs {
  /** Fewest and most tasks; 1 to 50 without it. */
  readonly tasks?: readonly [number, number];
  /** Whether the fault may strike while the first deployment still runs. */
  readonly young?: boolean;
  readonly insights?: World["insights"];
  /** With it, never or always a load balancer. */
  readonly balancer?: boolean;
}

export interface Setting {
  readonly random: Random;
  readonly tasks: number;
  readonly young: boolean;
  readonly levels: Readonly<Record<UsualMetric, number>>;
  /** When the fault strikes, minutes from now. */
  readonly onset: number;
  /** Seconds; of the alarm. */
  readonly period: number;
  /** The age of its tasks, minutes. */
  readonly age: number;
  readonly world: Omit<World, "alarm">;
  /** The usual series with these changes. */
  of(metric: UsualMetric, ...changes: readonly Change[]): Series;
  /** A fleet as drawn, the first ones as given. */
  fleet(first?: readonly TaskSpec[], rest?: Omit<TaskSpec, "age">): TaskSpec[];
  logs(...entries: readonly LogEntry[]): LogSpec;
  /** A number between two, as drawn. */
  between(low: number, high: number): number;
}

const NAMES = [
  "orders",
  "catalog",
  "billing",
  "search",
  "accounts",
  "media",
  "quotes",
  "mailer",
  "ledger",
  "feeds",
] as const;
const KINDS = ["api", "web", "svc", "backend", "gateway", "core"] as const;
const STYLES: readonly [LogStyle, ...LogStyle[]] = [
  "node",
  "pino",
  "spring",
  "python",
  "uvicorn",
  "go",
  "zap",
  "rails",
  "dotnet",
];
/** Few tasks are commoner than many. */
const FLEETS = [1, 2, 2, 3, 3, 4, 4, 6, 8, 12, 20, 50] as const;
/** Seconds of a minute of the story: CloudWatch's usual one, ECS's 20-second metrics, a high-resolution metric. */
const MINUTES = [60, 60, 60, 60, 20, 5] as const;

/** Draws a service. */
export function drawSetting(random: Random, needs: Needs): Setting {
  const between = (low: number, high: number) => low + (high - low) * random.next();
  const [fewest, most] = needs.tasks ?? [1, 50];
  const tasks = Math.max(fewest, Math.min(most, random.pick(FLEETS)));
  const young = needs.young === true && random.next() < 0.5;
  const levels = {
    requests: Math.round(Math.exp(between(Math.log(60), Math.log(3_000)))) * Math.min(tasks, 10),
    cpu: between(12, 45),
    memory: between(25, 60),
    p50: between(0.02, 0.12),
    p99: between(0.2, 0.8),
  };
  const minuteSeconds = random.pick(MINUTES);
  const period = minuteSeconds === 60 && random.next() < 0.25 ? 300 : minuteSeconds;
  const onset = -Math.round(between(16, 34));
  const age = young ? Math.round(between(70, 200)) : Math.round(between(1_500, 30_000));
  const waves: Record<UsualMetric, number> = {
    requests: between(0, 0.5),
    cpu: between(0, 0.3),
    memory: 0,
    p50: 0,
    p99: between(0, 0.1),
  };
  const peak = between(-720, 720);
  const gaps = random.next() < 0.4 ? between(0.01, 0.08) : 0;
  const roughness = between(0.02, 0.07);
  const seed = random.hex(6);
  const of = (metric: UsualMetric, ...changes: readonly Change[]): Series =>
    series(
      levels[metric],
      dailyWave(waves[metric], peak),
      ...(young ? [without(OLDEST_MINUTE, -age - 2)] : []),
      ...changes,
      holes(gaps, `${seed} ${metric}`),
      ...(metric === "memory" ? [] : [noise(roughness)]),
    );
  const measured = () => ({
    requests: of("requests"),
    cpu: of("cpu"),
    memory: of("memory"),
    p50: of("p50"),
    p99: of("p99"),
  });
  const insights = needs.insights ?? random.pick(["service", "tasks", "none", "none"] as const);
  const style = random.pick(STYLES);
  const chatter = Math.round(between(3, 40));
  const deployments: DeploymentSpec[] = young
    ? [{ revision: 0, at: -age - 2, rollout: "IN_PROGRESS" }]
    : [{ revision: 0, at: -age - 2 }];
  return {
    random,
    tasks,
    young,
    levels,
    onset,
    period,
    age,
    of,
    between,
    world: {
      service: `${random.pick(NAMES)}-${random.pick(KINDS)}-${random.integer(1, 99)}`,
      cluster: random.pick(["prod", "prod-eu", "main"]),
      desired: tasks,
      launch: random.pick(["fargate", "fargate", "ec2"] as const),
      minimumHealthyPercent: random.pick([50, 100]),
      deployments,
      young,
      running: fleetOf(tasks, age, [], {}),
      ...(needs.balancer === false ? { balancer: false as const } : {}),
      ...(insights === "none" ? {} : { insights }),
      ...(random.next() < 0.4
        ? { scaling: { min: Math.max(1, Math.floor(tasks / 2)), max: tasks * 3 } }
        : {}),
      metrics: measured(),
      ...(young ? {} : { usual: measured() }),
      minuteSeconds,
    },
    fleet: (first = [], rest = {}) => fleetOf(tasks, age, first, rest),
    logs: (...entries) => ({ style, chatter, entries }),
  };
}

function fleetOf(
  count: number,
  age: number,
  first: readonly TaskSpec[],
  rest: Omit<TaskSpec, "age">,
): TaskSpec[] {
  const others = Array.from({ length: Math.max(0, count - first.length) }, (_, index) => ({
    ...rest,
    age: age - index * Math.min(3, age / 200),
  }));
  return [...first, ...others];
}
