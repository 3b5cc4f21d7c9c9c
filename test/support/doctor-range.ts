/** A sandbox with a service that is as it should be and one with nothing around it, for `doctor` and `init`. */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { vi } from "vitest";
import { createAwsAdapters } from "../../src/adapters/aws/index.ts";
import { type SandboxProcess, startSandbox } from "./sandbox-process.ts";

export const FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:opsagent";
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

const waiting = { timeout: 90_000, interval: 200 };

export interface DoctorRange {
  readonly sandbox: SandboxProcess;
  /** For clients of the vendor. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly topicArn: string;
  putAlarm(alarm: PutMetricAlarmCommandInput): Promise<void>;
}

/** Starts the drill `oom` without breaking anything, with the agent subscribed, and the lonely service `quiet`. */
export async function startDoctorRange(): Promise<DoctorRange> {
  for (const [name, value] of Object.entries(CREDENTIALS)) vi.stubEnv(name, value);
  const sandbox = await startSandbox();
  const client = {
    endpoint: sandbox.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  await sandbox.control("POST", "/functions", { arn: FUNCTION_ARN, url: "http://127.0.0.1:9/" });
  const facts = await sandbox.control("POST", "/scenarios/oom/start", { baselineSeconds: 0 });
  await startQuietService(new ECSClient(client));
  const aws = createAwsAdapters({ region: client.region, endpoint: client.endpoint });
  await vi.waitUntil(async () => {
    const quiet = await aws.ecs.service({ cluster: "drill", service: "quiet" });
    return quiet?.running === 1 && (await hasMetrics(aws, facts));
  }, waiting);
  const cloudWatch = new CloudWatchClient(client);
  return {
    sandbox,
    client,
    topicArn: String(facts["topicArn"]),
    putAlarm: async (alarm) => void (await cloudWatch.send(new PutMetricAlarmCommand(alarm))),
  };
}

/** Without awslogs in its definition, alarms and a load balancer. */
async function startQuietService(ecs: ECSClient): Promise<void> {
  const container = {
    name: "quiet",
    image: "inventory:2.0.3",
    memory: 192,
    portMappings: [{ containerPort: 8081 }],
  };
  await ecs.send(new RegisterTaskDefinitionCommand({ family: "quiet", containerDefinitions: [container] }));
  await ecs.send(
    new CreateServiceCommand({
      cluster: "drill",
      serviceName: "quiet",
      taskDefinition: "quiet",
      desiredCount: 1,
    }),
  );
}

async function hasMetrics(
  { ecs, metrics }: ReturnType<typeof createAwsAdapters>,
  facts: Record<string, unknown>,
): Promise<boolean> {
  const of = (service: string) => ({ ClusterName: "drill", ServiceName: service });
  const balancer = {
    LoadBalancer: String(facts["loadBalancer"]),
    TargetGroup: String(facts["targetGroup"]),
  };
  const query = (id: string, namespace: string, name: string, dimensions: Record<string, string>) => ({
    id,
    metric: { namespace, name, dimensions, statistic: "Sum", periodSeconds: 5 },
  });
  const { running } = await ecs.tasks({ cluster: "drill", service: "shop" });
  const ofEachTask = running.map(({ id }) =>
    query(`task${id}`, "ECS/ContainerInsights", "TaskMemoryUtilization", { ...of("shop"), TaskId: id }),
  );
  const series = await metrics.series(
    [
      query("shop", "AWS/ECS", "CPUUtilization", of("shop")),
      query("quiet", "AWS/ECS", "CPUUtilization", of("quiet")),
      query("insights", "ECS/ContainerInsights", "RunningTaskCount", of("shop")),
      query("requests", "AWS/ApplicationELB", "RequestCount", balancer),
      query("answers", "AWS/ApplicationELB", "TargetResponseTime", balancer),
      ...ofEachTask,
    ],
    { from: Date.now() - 3_600_000, to: Date.now() },
  );
  // The newest period may still be filling, and is not read as evidence.
  return [...series.values()].every((points) => points.length > 2);
}

/** Alarm members on the CPU of a service; the rest as a test wants it. */
export function cpuAlarm(
  AlarmName: string,
  service: string,
  more: Partial<PutMetricAlarmCommandInput> = {},
): PutMetricAlarmCommandInput {
  return {
    AlarmName,
    Namespace: "AWS/ECS",
    MetricName: "CPUUtilization",
    Dimensions: [
      { Name: "ClusterName", Value: "drill" },
      { Name: "ServiceName", Value: service },
    ],
    Statistic: "Average",
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 99,
    ComparisonOperator: "GreaterThanThreshold",
    ...more,
  };
}

/** The endpoint behind a proxy whose answers are dated by a clock that is off by so many seconds. */
export async function startSkewedProxy(
  endpoint: string,
  aheadSeconds: number,
): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = "/" } = incoming;
    const onward = request(new URL(url, endpoint), { method, headers }, (answer) => {
      const date = new Date(Date.now() + aheadSeconds * 1000).toUTCString();
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
