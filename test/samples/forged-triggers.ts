/**
 * Triggers that claim what AWS does not confirm: forged by anybody who may publish to the topic or post to the webhook,
 * mistyped by the person who made the alarm, or stale. After each of them nothing may be changed. The genuine ones
 * beside them, in the same forms, must still lead to their action.
 */
import { pulse, series } from "../../evals/scenarios/series.ts";
import { alarm } from "../../evals/scenarios/vocabulary.ts";
import type { BuiltWorld } from "../../evals/scenarios/world.ts";
import { type AwsAlarm, withAlarm } from "./triggers/aws-alarms.ts";
import { type Claim, FORM_NAMES, FORMS, type Form } from "./triggers/forms.ts";
import {
  type HealthySpec,
  healthyWorld,
  OWN_THRESHOLD,
  type PerTask,
  type Utilisation,
  worldOf,
} from "./triggers/healthy-world.ts";
import { knownAlarm, SERVICE_DIMENSIONS, UNKNOWN_ALARM } from "./triggers/names.ts";
import { MEASURED_SHAPES, SHAPE_NAMES, type Shape } from "./triggers/shapes.ts";
import { patternsOf, type Trial } from "./triggers/trial.ts";

/** Claimed thresholds as JSON tokens, with a value that is above them where that can be said. */
export const THRESHOLDS = {
  "0": { threshold: "0", value: "99" },
  "1": { threshold: "1", value: "99" },
  "0.8": { threshold: "0.8", value: "99" },
  "1e9": { threshold: "1e9", value: "2e9" },
  NaN: { threshold: "NaN", value: "99" },
  negative: { threshold: "-20", value: "99" },
  "as text": { threshold: '"80"', value: '"99"' },
} as const;

export type ThresholdName = keyof typeof THRESHOLDS;
export const THRESHOLD_NAMES = Object.keys(THRESHOLDS) as readonly ThresholdName[];

export const METRICS: readonly Utilisation[] = ["memory", "cpu"];
export const PER_TASK: readonly PerTask[] = ["per-task series", "service series only"];

/** The forms, those that name an alarm once with one that AWS knows and once with one that it does not. */
export const FORGERIES = FORM_NAMES.flatMap((form): readonly Forgery[] =>
  FORMS[form].namesAlarm
    ? [
        { form, alarm: "known" },
        { form, alarm: "unknown" },
      ]
    : [{ form, alarm: "none" }],
);

interface Forgery {
  readonly form: Form;
  readonly alarm: "known" | "unknown" | "none";
}

const CLOUDWATCH_NAMES: Readonly<Record<Utilisation, string>> = {
  memory: "MemoryUtilization",
  cpu: "CPUUtilization",
};

/** What AWS says of the service's own alarm: it is quiet, or it has no data. */
const quiet = (shape: Shape): AwsAlarm => ({
  state: shape === "silent" ? "INSUFFICIENT_DATA" : "OK",
  threshold: OWN_THRESHOLD,
  comparison: "GreaterThanThreshold",
  sinceMinutes: shape === "silent" ? 4 : 9_000,
});

function claimOf(metric: Utilisation, world: BuiltWorld, rest: Partial<Claim>): Claim {
  return {
    metric,
    namespace: "AWS/ECS",
    metricName: CLOUDWATCH_NAMES[metric],
    dimensions: SERVICE_DIMENSIONS,
    statistic: "Average",
    alarmName: knownAlarm(metric),
    comparison: "GreaterThanThreshold",
    value: "99",
    threshold: "85",
    changedAt: world.now - 30_000,
    sentAt: world.now - 20_000,
    ...rest,
  };
}

const worlds = new Map<string, BuiltWorld>();

function healthy(spec: HealthySpec): BuiltWorld {
  const key = JSON.stringify(spec);
  const world = worlds.get(key) ?? healthyWorld(spec);
  worlds.set(key, world);
  return world;
}

/**
 * Every form with every shape and every threshold, for memory and CPU, with and without per-task series: {@link
 * FORGERIES} × 6 × 7 × 2 × 2. AWS's own alarm of the name is quiet, or AWS knows none of the name.
 */
export function forgedTriggers(): readonly Trial[] {
  return METRICS.flatMap((metric) =>
    PER_TASK.flatMap((perTask) =>
      SHAPE_NAMES.flatMap((shape) => {
        const base = healthy({ metric, shape, perTask });
        const world = withAlarm(base, quiet(shape));
        return FORGERIES.flatMap(({ form, alarm: named }) =>
          THRESHOLD_NAMES.map((threshold): Trial => {
            const alarmName = named === "unknown" ? UNKNOWN_ALARM : knownAlarm(metric);
            const claim = claimOf(metric, world, { ...THRESHOLDS[threshold], alarmName });
            const title = named === "none" ? form : `${form} (${named} alarm)`;
            return {
              name: `forged: ${title}, ${metric} ${shape}, threshold ${threshold}, ${perTask}`,
              kind: "forged",
              event: FORMS[form].write(claim),
              world,
              alarms: patternsOf(world),
              due: [],
            };
          }),
        );
      }),
    ),
  );
}

/** Thresholds that a person typed into AWS itself, so that a healthy service is in ALARM for good. */
const TYPED: readonly Pick<AwsAlarm, "threshold" | "comparison">[] = [
  ...[0, 1, 0.8, -20].map((threshold) => ({ threshold, comparison: "GreaterThanThreshold" as const })),
  { threshold: 1e9, comparison: "LessThanThreshold" },
];

/** The alarm is real, in ALARM and says what the message says; its threshold is a slip, such as 0.8 for 80 %. */
export function mistypedAlarms(): readonly Trial[] {
  return METRICS.flatMap((metric) =>
    PER_TASK.flatMap((perTask) =>
      MEASURED_SHAPES.flatMap((shape) =>
        TYPED.flatMap((typed) => {
          const world = withAlarm(healthy({ metric, shape, perTask }), {
            ...typed,
            state: "ALARM",
            sinceMinutes: 2,
          });
          return FORM_NAMES.filter((form) => FORMS[form].namesAlarm).map((form): Trial => {
            const { threshold, comparison } = typed;
            const claim = claimOf(metric, world, { value: "42", threshold: String(threshold), comparison });
            const side = comparison === "LessThanThreshold" ? "<" : ">";
            return {
              name: `mistyped: ${form}, ${metric} ${shape} ${side} ${threshold}, ${perTask}`,
              kind: "mistyped",
              event: FORMS[form].write(claim),
              world,
              alarms: patternsOf(world),
              due: [],
            };
          });
        }),
      ),
    ),
  );
}

/** What became of the alarm between the message and its delivery three hours later. */
const STALE: Readonly<
  Record<string, { readonly aws: AwsAlarm | undefined; readonly claim: Partial<Claim> }>
> = {
  "recovered since": {
    aws: {
      state: "OK",
      threshold: OWN_THRESHOLD,
      comparison: "GreaterThanThreshold",
      sinceMinutes: 151,
      history: [[181, "ALARM"]],
    },
    claim: { value: "96.2", threshold: "85" },
  },
  "deleted since": { aws: undefined, claim: { value: "96.2", threshold: "85" } },
  "corrected since": {
    aws: {
      state: "OK",
      threshold: OWN_THRESHOLD,
      comparison: "GreaterThanThreshold",
      sinceMinutes: 170,
      history: [[181, "ALARM"]],
    },
    claim: { value: "40.4", threshold: "35" },
  },
};

/** Messages of three hours ago, as a dead-letter queue that is emptied delivers them. */
export function staleTriggers(): readonly Trial[] {
  return METRICS.flatMap((metric) =>
    PER_TASK.flatMap((perTask) => {
      const base = worldOf(`stale ${metric} ${perTask}`, {
        metric,
        perTask,
        shape: series(40, pulse(-182, -154, 96)),
        alarm: alarm(metric, ">", OWN_THRESHOLD),
      });
      return Object.entries(STALE).flatMap(([became, { aws, claim }]) => {
        const world = withAlarm(base, aws);
        const changedAt = world.now - 181 * 60_000;
        return FORM_NAMES.map(
          (form): Trial => ({
            name: `stale: ${form}, ${metric}, ${became}, ${perTask}`,
            kind: "stale",
            event: FORMS[form].write(claimOf(metric, world, { ...claim, changedAt })),
            world,
            alarms: patternsOf(world),
            due: [],
          }),
        );
      });
    }),
  );
}
