/** The data that a localisation is made from; the format of `opsagent eval --localise` (docs/evaluation.md). */
import { z } from "zod";

/** What people read on a terminal: one line. */
const Name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, "no control characters");

/** More values would be a mistake in the window: two weeks of minutes. */
const MOST_VALUES = 20_160;

/** `requests` are arriving load; every other kind is a sign of a fault when it rises. */
export const SeriesKind = z.enum(["requests", "errors", "error-share", "latency", "saturation", "restarts"]);

export type SeriesKind = z.infer<typeof SeriesKind>;

/** `from` calls `to`. Only a trusted edge explains; an untrusted one is named in the reasons. */
export const Edge = z.strictObject({
  from: Name,
  to: Name,
  source: Name,
  trust: z.enum(["trusted", "untrusted"]),
});

export type Edge = z.infer<typeof Edge>;

/**
 * Values one period apart from `start` on, null where there is none. `requests`, `errors` and `restarts` are counts a
 * period; the unit of the others does not matter. `quantile` says which one a latency is (0.99 for p99).
 */
export const ServiceSeries = z.strictObject({
  service: Name,
  kind: SeriesKind,
  metric: Name.optional(),
  quantile: z.number().gt(0).lt(1).optional(),
  start: z.iso.datetime({ offset: true }),
  periodSeconds: z.number().int().min(1).max(86_400),
  values: z.array(z.number().nullable()).max(MOST_VALUES),
  /** True for counts that are reported only when they are not zero. */
  absentIsZero: z.boolean().optional(),
});

export type ServiceSeries = z.infer<typeof ServiceSeries>;

export const LocalisationInput = z
  .strictObject({
    services: z.array(Name).min(1).max(2000),
    edges: z.array(Edge).max(20_000),
    series: z.array(ServiceSeries).max(20_000),
    alarm: z.strictObject({ service: Name, at: z.iso.datetime({ offset: true }) }),
  })
  .superRefine(({ services, edges, series, alarm }, context) => {
    const known = new Set<string>();
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    for (const [index, name] of services.entries()) {
      if (known.has(name)) complain(["services", index], `"${name}" is listed twice`);
      known.add(name);
    }
    const check = (name: string, ...path: (string | number)[]) => {
      if (!known.has(name)) complain(path, `"${name}" is not one of services`);
    };
    for (const [index, { from, to }] of edges.entries()) {
      check(from, "edges", index, "from");
      check(to, "edges", index, "to");
    }
    for (const [index, { service, kind, quantile }] of series.entries()) {
      check(service, "series", index, "service");
      if (quantile !== undefined && kind !== "latency")
        complain(["series", index, "quantile"], "only a latency has a quantile");
    }
    check(alarm.service, "alarm", "service");
  });

export type LocalisationInput = z.infer<typeof LocalisationInput>;

export type InputResult =
  | { readonly ok: true; readonly input: LocalisationInput }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The most problems named at once. */
const MOST_PROBLEMS = 10;

/** Reads JSON text. Each problem begins with the path of the bad field, such as `edges.3.to`. Never throws. */
export function readInput(text: string): InputResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      problems: [`not JSON: ${error instanceof Error ? error.message : String(error)}`],
    };
  }
  const parsed = LocalisationInput.safeParse(value);
  if (parsed.success) return { ok: true, input: parsed.data };
  const problems = parsed.error.issues
    .slice(0, MOST_PROBLEMS)
    .map(({ path, message }) => `${path.length === 0 ? "the file" : path.map(String).join(".")}: ${message}`);
  const left = parsed.error.issues.length - problems.length;
  return { ok: false, problems: left > 0 ? [...problems, `and ${left} more`] : problems };
}
