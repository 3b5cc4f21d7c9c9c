/**
 * Compares the log digest with Drain on the same lines in the same process: `node bench/log-digest.ts [lines]`.
 *
 * Drain gets bare messages, as its authors do; the digest gets whole lines and has to extract the message, fold
 * traces, abstract and rank. Accuracy is reported separately for the templates that the digest was tuned on and for
 * held-out ones.
 */
import { median } from "simple-statistics";
import { createLogDigest } from "../packages/log-templates/index.ts";
import { createIntake } from "../packages/log-templates/intake.ts";
import { renderCluster } from "../packages/log-templates/render-cluster.ts";
import { createDrain } from "./baselines/drain.ts";
import { type CorpusLine, groupingAccuracy, makeCorpus } from "./log-corpus.ts";

const lines = Number(process.argv[2] ?? 200_000);
const ROUNDS = 5;

/** Median of several runs, in milliseconds. */
function medianTime(run: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return median(times);
}

function rate(count: number, milliseconds: number): number {
  return Math.round((count / milliseconds) * 1000);
}

function digestOf(corpus: readonly CorpusLine[]): ReturnType<ReturnType<typeof createLogDigest>["finish"]> {
  const digest = createLogDigest({ onset: corpus[Math.floor(corpus.length / 2)]?.t ?? 0 });
  for (let i = 0; i < corpus.length; i += 10_000) digest.add(corpus.slice(i, i + 10_000));
  return digest.finish();
}

function accuracy(part: "tuning" | "seen" | "heldOut"): { digest: number; shown: number; drain: number } {
  const corpus = makeCorpus({ lines: 20_000, part, seed: 11 });
  const truth = corpus.map((line) => line.template);
  const intake = createIntake();
  const clusters = corpus.map((line) => intake.add(line, line.t));
  const drain = createDrain();
  return {
    digest: groupingAccuracy(truth, clusters),
    shown: groupingAccuracy(
      truth,
      clusters.map(
        (cluster) => cluster && `${cluster.level} ${renderCluster(cluster, cluster.level).template}`,
      ),
    ),
    drain: groupingAccuracy(
      truth,
      corpus.map((line) => drain.add(line.content)),
    ),
  };
}

const corpus = makeCorpus({ lines, part: "all" });
const rssBefore = process.memoryUsage().rss;
const result = digestOf(corpus);
const rssDelta = (process.memoryUsage().rss - rssBefore) / 1024 / 1024;
const ours = rate(
  lines,
  medianTime(() => digestOf(corpus)),
);
const drains = rate(
  lines,
  medianTime(() => {
    const drain = createDrain();
    for (const line of corpus) drain.add(line.content);
  }),
);
console.log(
  `lines                      ${lines} (${(result.totals.bytes / 1024 / 1024).toFixed(1)} MB), ${ROUNDS} rounds, median`,
);
console.log(`digest                     ${ours} lines/s`);
console.log(`Drain (paper, in TS)       ${drains} lines/s`);
console.log(`ratio                      ${(ours / drains).toFixed(2)}`);
console.log(`patterns, tokens           ${result.patterns.length}, ${result.tokens}`);
console.log(`memory (RSS delta)         ${rssDelta.toFixed(1)} MB`);
for (const part of ["tuning", "seen", "heldOut"] as const) {
  const { digest, shown, drain } = accuracy(part);
  console.log(
    `grouping accuracy, ${part.padEnd(8)} digest ${digest.toFixed(3)}  as shown ${shown.toFixed(3)}  Drain ${drain.toFixed(3)}`,
  );
}
