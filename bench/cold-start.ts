/** Builds the Lambda bundle and measures fresh processes that load it and handle a first event. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { buildLambda } from "../scripts/build.ts";

/** What DESIGN.md holds the product to. */
const BAR = { bundleBytes: 2_000_000, importMs: 150 } as const;

interface Sample {
  /** From the start of the import to its end: the handler is ready. */
  readonly importMs: number;
  /** From the start of the process, Node's own start included, until the handler is ready. */
  readonly readyMs: number;
  /** A first event from handler call to answer, with store and engine opened; it names no service, so nothing is read. */
  readonly firstEventMs: number;
  readonly peakMiB: number;
}

const PROBE = `
const before = performance.now();
const { handler } = await import(process.argv[1]);
const ready = performance.now();
const log = console.log;
console.log = () => {};
await handler({ Records: [{ Sns: { Message: "{}" } }] }, { getRemainingTimeInMillis: () => 300000 });
const answered = performance.now();
log(JSON.stringify({
  importMs: ready - before,
  readyMs: ready,
  firstEventMs: answered - ready,
  peakMiB: process.resourceUsage().maxRSS / 1024,
}));
process.exit(0);
`;

const runs = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), "opsagent-cold-start-"));
try {
  const bundle = await buildLambda(folder);
  const samples = Array.from({ length: runs + 1 }, () => measure(folder)).slice(1);
  const median = (field: keyof Sample) => middle(samples.map((sample) => sample[field]));
  const worst = Math.max(...samples.map((sample) => sample.importMs));
  const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;
  console.log(`Node ${process.versions.node}, ${availableParallelism()} x ${cpus()[0]?.model}; median of ${runs} processes
bundle             ${kib(bundle.bytes)} (bar: ${kib(BAR.bundleBytes)}), of which ${kib(bundle.initialBytes)} are read at the start
import             ${median("importMs").toFixed(0)} ms (bar: ${BAR.importMs} ms), slowest ${worst.toFixed(0)} ms
handler ready      ${median("readyMs").toFixed(0)} ms after the start of the process
first event        ${median("firstEventMs").toFixed(0)} ms more until its answer, without any call to AWS
peak memory        ${median("peakMiB").toFixed(0)} MiB resident`);
  if (bundle.bytes > BAR.bundleBytes || median("importMs") > BAR.importMs) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measure(bundle: string): Sample {
  const output = execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", PROBE, join(bundle, "lambda.mjs")],
    {
      cwd: bundle,
      encoding: "utf8",
      env: { OPSAGENT_DIAGNOSER: "rules", OPSAGENT_STORE: `sqlite:${join(bundle, "store.db")}` },
    },
  );
  return JSON.parse(output) as Sample;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
