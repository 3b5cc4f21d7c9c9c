/** A family of incidents: one story with its truth, told of services that are drawn. */
import type { Cause } from "../../src/domain/cause.ts";
import { createRandom } from "../scenarios/random.ts";
import type { AlarmSpec, Case, MetricName, Truth, World } from "../scenarios/types.ts";
import { alarm } from "../scenarios/vocabulary.ts";
import { buildWorld } from "../scenarios/world.ts";
import { drawSetting, type Needs, type Setting } from "./setting.ts";

export interface Family {
  readonly name: string;
  /** The class it is counted under; `unknown` where no listed cause is true, or the evidence cannot say. */
  readonly of: Cause;
  readonly story: string;
  /** How an engineer on call can tell, or why not. */
  readonly why: string;
  readonly needs?: Needs;
  readonly truth: Truth | ((setting: Setting) => Truth);
  readonly make: (setting: Setting) => Partial<World> & { readonly alarm: AlarmSpec };
}

export interface Incident extends Case {
  readonly family: string;
}

/** Draws until the alarm breaches in its own series. */
const TRIES = 40;

/** Returns one incident of the family, the same for the same seed. Throws where its alarm never breaches. */
export function incidentOf(family: Family, seed: string): Incident {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const name = `${family.name}-${seed}${attempt === 0 ? "" : `-${attempt}`}`;
    const setting = drawSetting(createRandom(name), family.needs ?? {});
    const told = family.make(setting);
    const world: World = {
      ...setting.world,
      ...told,
      metrics: { ...setting.world.metrics, ...told.metrics },
      ...(setting.young ? {} : { usual: { ...setting.world.usual, ...told.usual } }),
    };
    const truth = typeof family.truth === "function" ? family.truth(setting) : family.truth;
    const incident = {
      name,
      of: family.of,
      story: family.story,
      why: family.why,
      truth,
      world,
      family: family.name,
    };
    if (buildWorld(incident).breaches) return incident;
  }
  throw new Error(`The alarm of the family ${family.name} does not breach in ${TRIES} draws.`);
}

/** `count` incidents, the families in turn. */
export function incidentsOf(families: readonly Family[], count: number, seed: string): Incident[] {
  return Array.from({ length: count }, (_, index) => {
    const family = families[index % families.length];
    if (family === undefined) throw new Error("There is no family to draw from.");
    return incidentOf(family, `${seed}.${Math.floor(index / families.length) + 1}`);
  });
}

type Pair = readonly [datapoints: number, evaluations: number];

const OFTEN: readonly [Pair, ...Pair[]] = [
  [3, 3],
  [2, 3],
  [5, 5],
];

const COUNTED: readonly MetricName[] = ["requests", "errors5xx", "elb5xx", "requestsPerTarget"];

/**
 * An alarm in the periods of the service; `threshold` is for a minute of the story. A period that holds several minutes
 * counts as many times as much.
 */
export function alarmOf(
  s: Setting,
  metric: MetricName,
  comparison: Parameters<typeof alarm>[1],
  threshold: number,
  options: Parameters<typeof alarm>[3] = {},
): AlarmSpec {
  const period = options.period ?? s.period;
  const minutes = period / (s.world.minuteSeconds ?? 60);
  const sums = (options.statistic ?? (COUNTED.includes(metric) ? "Sum" : "")) === "Sum";
  const of = minutes > 1 ? ([1, 1] as const) : s.random.pick(OFTEN);
  return alarm(metric, comparison, sums ? threshold * minutes : threshold, { of, period, ...options });
}
