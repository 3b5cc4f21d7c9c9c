import type { LocalisationInput } from "../../../packages/localisation/index.ts";
import { seededRandom } from "../series/seeded-random.ts";

export const START = Date.UTC(2026, 10, 30, 9);
/** Minutes of a made series, and the one of the alarm. */
export const LENGTH = 60;
export const ALARM_AT = 45;

type Series = LocalisationInput["series"][number];

/** A rise by a factor from a minute on; `value` where the normal level is zero. */
export interface Rise {
  readonly at: number;
  readonly factor: number;
}

const LEVELS = { requests: 600, errors: 3, "error-share": 0.01, latency: 80, saturation: 40, restarts: 0 };

/** A series about its kind's level with 4 % noise that rises as told; restarts rise from zero to the factor. */
export function madeSeries(
  service: string,
  kind: Series["kind"],
  { rise, level = LEVELS[kind], seed = 1, ...rest }: Partial<Series> & MadeShape = {},
): Series {
  const random = seededRandom(
    seed * 1009 + [...(service + kind)].reduce((n, c) => n * 31 + c.charCodeAt(0), 7),
  );
  const values = Array.from({ length: LENGTH }, (_, index) => {
    const raised = rise !== undefined && index >= rise.at;
    const base = raised ? (level === 0 ? rise.factor : level * rise.factor) : level;
    return base * (1 + 0.04 * random.normal());
  });
  return { service, kind, start: minute(0), periodSeconds: 60, values, ...rest };
}

export interface MadeShape {
  readonly rise?: Rise | undefined;
  readonly level?: number;
  readonly seed?: number;
}

export function minute(index: number): string {
  return new Date(START + index * 60_000).toISOString();
}

/**
 * Services with steady requests and latency. `edges` are "caller callee"; `rises` maps "service kind" to the minute and
 * the factor of its rise; "service untold" leaves out its series.
 */
export function madeInput(
  edges: readonly string[],
  rises: Readonly<Record<string, readonly [at: number, factor: number]>>,
  { alarm = "web", more = [], untold = [], seed = 1, trust = "trusted" }: MadeOptions = {},
): LocalisationInput {
  const named = edges.flatMap((edge) => edge.split(" "));
  const risen = Object.keys(rises).map((key) => key.split(" ")[0] ?? "");
  const services = [...new Set([...named, ...risen, ...more, alarm])];
  const kindsOf = (service: string) =>
    new Set([
      "requests",
      "latency",
      ...Object.keys(rises).flatMap((key) => {
        const [name, kind] = key.split(" ");
        return name === service && kind !== undefined ? [kind] : [];
      }),
    ] as Series["kind"][]);
  const series = services
    .filter((service) => !untold.includes(service))
    .flatMap((service) =>
      [...kindsOf(service)].map((kind) => {
        const given = rises[`${service} ${kind}`];
        return madeSeries(service, kind, {
          seed,
          rise: given === undefined ? undefined : { at: given[0], factor: given[1] },
        });
      }),
    );
  return {
    services,
    edges: edges.map((edge) => {
      const [from = "", to = ""] = edge.split(" ");
      return { from, to, source: "made", trust };
    }),
    series,
    alarm: { service: alarm, at: minute(ALARM_AT) },
  };
}

export interface MadeOptions {
  readonly alarm?: string;
  /** Services without edges. */
  readonly more?: readonly string[];
  /** Services without series. */
  readonly untold?: readonly string[];
  readonly seed?: number;
  readonly trust?: "trusted" | "untrusted";
}
