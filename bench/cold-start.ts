/** Builds the Lambda functions and measures new processes that load each until ready for a first event. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { median, quantile } from "simple-statistics";
import { packedPolicy } from "../infra/packed-policy.ts";
import { buildLambda, FUNCTIONS, type FunctionName } from "../scripts/build.ts";

/** The limits of each function. */
const BAR = { bundleBytes: 2_000_000, importMs: 150 } as const;

interface Sample {
  /** From the start of the import to its end. */
  readonly importMs: number;
  /** Processor time of the import, which a busy machine distorts less. */
  readonly importCpuMs: number;
  /** From the start of the process, Node's own start included, until configuration is read and everything is wired. */
  readonly readyMs: number;
  readonly peakMiB: number;
}

/** An event of a running task, which is only noted. */
const NOTED = {
  source: "aws.ecs",
  "detail-type": "ECS Task State Change",
  id: "1",
  time: "2026-11-29T00:00:00Z",
  region: "us-east-1",
  resources: [],
  detail: {
    clusterArn: "arn:aws:ecs:us-east-1:000000000000:cluster/test",
    taskArn: "arn:aws:ecs:us-east-1:000000000000:task/test/1",
    group: "service:shop",
    lastStatus: "RUNNING",
    desiredStatus: "RUNNING",
  },
};

/** A first event that reaches the function's own code and makes no AWS call. */
const FIRST_EVENT: Readonly<Record<FunctionName, unknown>> = {
  // No state to replay: the durable SDK refuses it, once the function is wired.
  lambda: { DurableExecutionArn: "arn", CheckpointToken: "token" },
  dispatcher: NOTED,
  single: NOTED,
  http: {
    version: "2.0",
    rawPath: "/health",
    rawQueryString: "",
    headers: { host: "localhost" },
    requestContext: { domainName: "localhost", http: { method: "GET", path: "/health" } },
    isBase64Encoded: false,
  },
};

const PROBE = `
const before = performance.now();
const cpuBefore = process.cpuUsage();
const { handler } = await import(process.argv[1]);
const imported = performance.now();
const { user, system } = process.cpuUsage(cpuBefore);
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
const context = { awsRequestId: "1", getRemainingTimeInMillis: () => 300000 };
await handler(JSON.parse(process.argv[2]), context).then(() => undefined, () => undefined);
write(JSON.stringify({
  importMs: imported - before,
  importCpuMs: (user + system) / 1000,
  readyMs: performance.now(),
  peakMiB: process.resourceUsage().maxRSS / 1024,
}));
process.exit(0);
`;

const runs = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), "opsagent-cold-start-"));
try {
  const bundle = await buildLambda(folder);
  writeFileSync(
    join(folder, "policy.json"),
    packedPolicy("services: { shop: { modes: { scale: approve } } }"),
  );
  const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;
  console.log(
    `Node ${process.versions.node}, ${availableParallelism()} x ${cpus()[0]?.model}; median of ${runs} processes
A process that imports nothing: ${median(Array.from({ length: runs }, emptyProcess)).toFixed(0)} ms until it is ready
bars, for each function: import ${BAR.importMs} ms, bundle ${kib(BAR.bundleBytes)}; all files together: ${kib(bundle.bytes)}
`,
  );
  // In turn, so that other load of the machine affects all alike; the first round fills caches.
  const rounds = Array.from({ length: runs + 1 }, () => FUNCTIONS.map((name) => measure(folder, name))).slice(
    1,
  );
  for (const [index, name] of FUNCTIONS.entries()) {
    const samples = rounds.flatMap((round) => round[index] ?? []);
    const all = (field: keyof Sample) => samples.map((sample) => sample[field]);
    const importMs = all("importMs");
    const { bytes, initialBytes } = bundle.functions[name];
    console.log(`${name}
  bundle           ${kib(bytes)}, of which ${kib(initialBytes)} are read at the start
  import           ${median(importMs).toFixed(0)} ms, fastest ${Math.min(...importMs).toFixed(0)}, 95th percentile ${quantile(importMs, 0.95).toFixed(0)}; ${median(all("importCpuMs")).toFixed(0)} ms of processor time
  handler ready    ${median(all("readyMs")).toFixed(0)} ms after the start of the process, configuration read and wired
  peak memory      ${median(all("peakMiB")).toFixed(0)} MiB resident`);
    if (bytes > BAR.bundleBytes || median(importMs) > BAR.importMs) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measure(bundle: string, name: FunctionName): Sample {
  const output = execFileSync(
    process.execPath,
    ["--input-type=module", "--eval", PROBE, join(bundle, `${name}.mjs`), JSON.stringify(FIRST_EVENT[name])],
    {
      cwd: bundle,
      encoding: "utf8",
      env: {
        AWS_REGION: "us-east-1",
        OPSAGENT_DIAGNOSER: "rules",
        OPSAGENT_POLICY: join(bundle, "policy.json"),
        OPSAGENT_INCIDENT_FUNCTION: "arn:aws:lambda:us-east-1:000000000000:function:bench:live",
        OPSAGENT_STORE: "dynamodb:bench",
      },
    },
  );
  return JSON.parse(output) as Sample;
}

function emptyProcess(): number {
  const print = "process.stdout.write(String(performance.now()))";
  return Number(
    execFileSync(process.execPath, ["--input-type=module", "--eval", print], { encoding: "utf8" }),
  );
}
