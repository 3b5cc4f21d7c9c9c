/**
 * Speed of ranking services, and a smoke figure on random graphs with a known culprit.
 * `node bench/localisation.ts [graphs] [first seed]`. The graphs are made by the hand that made the algorithm, and by the
 * rules that it follows: the figure shows that nothing is broken, and says nothing about accuracy.
 */
import { type LocalisationInput, localise } from "../packages/localisation/index.ts";
import { ALARM_AT, LENGTH, madeSeries, minute } from "../test/samples/localisation/made-graph.ts";
import { seededRandom } from "../test/samples/series/seeded-random.ts";

const GRAPHS = Number(process.argv[2] ?? 300);
const FIRST_SEED = Number(process.argv[3] ?? 1);
const KINDS = ["errors", "latency", "saturation", "restarts"] as const;

interface Case {
  readonly input: LocalisationInput;
  readonly culprit: string;
  /** Calls between the alarm's service and the culprit. */
  readonly hops: number;
}

/** Services that call later ones; a fault that moves up to callers with delays; at times an unrelated one. */
function randomCase(seed: number, count: number): Case {
  const random = seededRandom(seed);
  const services = Array.from({ length: count }, (_, index) => `s${index}`);
  const pairs = services.slice(1).flatMap((_, index) => {
    const to = index + 1;
    const callers = new Set(
      Array.from({ length: random.integer(1, 2) }, () => random.integer(Math.max(0, to - 8), to - 1)),
    );
    return [...callers].map((from) => [from, to] as const);
  });
  const culprit = random.integer(1, count - 1);
  const rises = new Map<number, { kind: (typeof KINDS)[number]; at: number; factor: number; hops: number }>();
  rises.set(culprit, {
    kind: KINDS[random.integer(0, 3)] ?? "errors",
    at: random.integer(20, 34),
    factor: random.uniform(1.5, 8),
    hops: 0,
  });
  for (let from = culprit - 1; from >= 0; from--) {
    const broken = pairs.filter(([caller, callee]) => caller === from && rises.has(callee));
    const first = broken
      .map(([, callee]) => rises.get(callee))
      .sort((a, b) => (a?.at ?? 0) - (b?.at ?? 0))[0];
    if (first === undefined || random.uniform(0, 1) > 0.9) continue;
    const kind = random.uniform(0, 1) < 0.5 ? "errors" : "latency";
    const factor = random.uniform(1.3, 6);
    rises.set(from, { kind, at: first.at + random.integer(0, 3), factor, hops: first.hops + 1 });
  }
  const [alarm] = [...rises]
    .filter(([, { at }]) => at < ALARM_AT)
    .sort((a, b) => b[1].hops - a[1].hops)[0] ?? [culprit];
  if (random.uniform(0, 1) < 0.3) {
    const other = random.integer(0, count - 1);
    if (!rises.has(other))
      rises.set(other, { kind: "saturation", at: random.integer(20, 40), factor: 2, hops: 0 });
  }
  const series = services.flatMap((service, index) =>
    (["requests", "errors", "latency", "saturation", "restarts"] as const).map((kind) => {
      const rise = rises.get(index);
      return madeSeries(service, kind, { seed, ...(rise?.kind === kind ? { rise } : {}) });
    }),
  );
  const edges = pairs.map(([from, to]) => ({
    from: `s${from}`,
    to: `s${to}`,
    source: "made",
    trust: "trusted" as const,
  }));
  const input = { services, edges, series, alarm: { service: `s${alarm}`, at: minute(ALARM_AT) } };
  return { input, culprit: `s${culprit}`, hops: rises.get(alarm)?.hops ?? 0 };
}

const byHops = new Map<
  string,
  { runs: number; first: number; three: number; undecided: number; wrong: number }
>();
for (let seed = FIRST_SEED; seed < FIRST_SEED + GRAPHS; seed++) {
  const { input, culprit, hops } = randomCase(seed, 10 + (seed % 21));
  const { verdict, ranked } = localise(input);
  const place = ranked.find(({ service }) => service === culprit)?.rank ?? Number.POSITIVE_INFINITY;
  for (const key of ["all", hops > 2 ? "3+ hops" : `${hops} hops`]) {
    const row = byHops.get(key) ?? { runs: 0, first: 0, three: 0, undecided: 0, wrong: 0 };
    row.runs++;
    if (place === 1) row.first++;
    if (place <= 3) row.three++;
    if (verdict.kind !== "service") row.undecided++;
    else if (verdict.services[0] !== culprit) row.wrong++;
    byHops.set(key, row);
  }
}
for (const [key, { runs, first, three, undecided, wrong }] of [...byHops].sort()) {
  const share = (part: number) => `${((100 * part) / runs).toFixed(1)} %`.padStart(7);
  console.log(
    `${key.padEnd(8)} ${String(runs).padStart(4)} graphs  accuracy@1 ${share(first)}  @3 ${share(three)}  no single verdict ${share(undecided)}  wrong verdict ${share(wrong)}`,
  );
}

const { input } = randomCase(FIRST_SEED, 50);
const times = Array.from({ length: 12 }, () => {
  const before = performance.now();
  localise(input);
  return performance.now() - before;
});
const sorted = times.toSorted((a, b) => a - b);
console.log(
  `\n50 services x ${LENGTH} minutes, ${input.series.length} series, ${input.edges.length} edges: median ${sorted[6]?.toFixed(0)} ms, worst ${sorted.at(-1)?.toFixed(0)} ms (asked: 1000 ms)`,
);
