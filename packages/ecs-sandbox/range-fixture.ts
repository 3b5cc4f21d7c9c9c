/** A range for tests: tiny programs as images, recorded metrics and logs, the real AWS SDK in front. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Service, Task } from "@aws-sdk/client-ecs";
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import { callInside, createRange, type Range } from "./range.ts";
import type { MetricSample, MetricSink } from "./telemetry/types.ts";
import type { AwsService } from "./wire/service.ts";

/** What a test works with. */
export interface TestRange {
  readonly range: Range;
  readonly endpoint: string;
  readonly clientConfig: Record<string, unknown>;
  readonly ecs: ECSClient;
  readonly samples: MetricSample[];
  readonly lines: { readonly group: string; readonly stream: string; readonly message: string }[];
  /** Registers and creates the service `web` (one container `web`, port 8080) in the cluster `test`. */
  createWeb(options?: WebOptions): Promise<void>;
  registerWeb(options?: WebOptions): Promise<void>;
  web(): Promise<Service>;
  webTasks(desiredStatus?: "RUNNING" | "STOPPED"): Promise<Task[]>;
}

/** What may differ in the service `web`. */
interface WebOptions {
  readonly image?: string;
  readonly desiredCount?: number;
  readonly memory?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly targetGroupArn?: string;
  readonly grace?: number;
  readonly service?: Record<string, unknown>;
  readonly container?: Record<string, unknown>;
  /** Containers beside `web`. */
  readonly others?: readonly Record<string, unknown>[];
  /** Limit of the whole task in MiB. */
  readonly taskMemory?: number;
}

/** Answers its PORT with its version; `/healthz` answers HEALTH. SIGTERM ends it, unless it is told to ignore it. */
const program = `
process.on("disconnect", () => process.exit(1));
process.on("SIGTERM", () => { console.log("SIGTERM received"); if (!process.env.IGNORE_TERM) process.exit(143); });
if (process.env.CRASH) { console.error("Error: cannot start"); process.exit(1); }
const kept = []; if (process.env.EAT) setInterval(() => kept.push(Buffer.alloc(4e6, 1)), 20);
require("node:http").createServer((q, r) => {
  r.statusCode = q.url === "/healthz" ? Number(process.env.HEALTH || 200) : Number(process.env.STATUS || 200);
  r.end(process.env.VERSION + " " + process.pid);
}).listen(process.env.PORT, "127.0.0.1", () => console.log("listening"));
`;

/** Starts a range with the images `web:1` and `web:2`. Metrics are recorded, and go to the other sink as well. Call `range.stop()` when done. */
export async function startTestRange(
  extraServices: readonly AwsService[] = [],
  alsoTo?: MetricSink,
): Promise<TestRange> {
  const samples: MetricSample[] = [];
  const lines: { group: string; stream: string; message: string }[] = [];
  const range = createRange({
    metricSink: {
      put(put) {
        samples.push(...put);
        alsoTo?.put(put);
      },
    },
    logSink: {
      createGroup: () => {},
      put: (group, stream, put) => lines.push(...put.map(({ message }) => ({ group, stream, message }))),
    },
    extraServices,
  });
  for (const version of ["1", "2"]) {
    const argv = [process.execPath, "-e", program] as const;
    range.images.push(`web:${version}`, { argv: [...argv], environment: { VERSION: version } });
  }
  const endpoint = await range.start();
  const clientConfig = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const ecs = new ECSClient(clientConfig);
  await callInside(range, "CreateCluster", {
    clusterName: "test",
    settings: [{ name: "containerInsights", value: "enhanced" }],
  });

  async function registerWeb(options: WebOptions = {}): Promise<void> {
    await callInside(range, "RegisterTaskDefinition", {
      family: "web",
      ...(options.taskMemory === undefined ? {} : { memory: String(options.taskMemory) }),
      containerDefinitions: [
        {
          name: "web",
          image: options.image ?? "web:1",
          cpu: 256,
          memory: options.memory ?? 256,
          stopTimeout: 1,
          portMappings: [{ containerPort: 8080 }],
          environment: Object.entries(options.environment ?? {}).map(([name, value]) => ({ name, value })),
          ...options.container,
        },
        ...(options.others ?? []),
      ],
    });
  }

  return {
    range,
    endpoint,
    clientConfig,
    ecs,
    samples,
    lines,
    registerWeb,
    async createWeb(options = {}) {
      await registerWeb(options);
      await callInside(range, "CreateService", {
        cluster: "test",
        serviceName: "web",
        taskDefinition: "web",
        desiredCount: options.desiredCount ?? 1,
        healthCheckGracePeriodSeconds: options.grace ?? 0,
        ...(options.targetGroupArn
          ? {
              loadBalancers: [
                { targetGroupArn: options.targetGroupArn, containerName: "web", containerPort: 8080 },
              ],
            }
          : {}),
        ...options.service,
      });
    },
    async web() {
      const described = await ecs.send(new DescribeServicesCommand({ cluster: "test", services: ["web"] }));
      const [service] = described.services ?? [];
      if (!service) throw new Error("There is no service web.");
      return service;
    },
    async webTasks(desiredStatus = "RUNNING") {
      const listed = await ecs.send(
        new ListTasksCommand({ cluster: "test", serviceName: "web", desiredStatus }),
      );
      if (!listed.taskArns?.length) return [];
      const described = await ecs.send(new DescribeTasksCommand({ cluster: "test", tasks: listed.taskArns }));
      return described.tasks ?? [];
    },
  };
}

/** Waits until `probe` answers something other than false or undefined, and returns it. */
export async function eventually<T>(
  probe: () => Promise<T | false | undefined>,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer !== false && answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Not so within ${timeoutMs} ms: ${probe.toString()}`);
    await sleep(50);
  }
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
