import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type AwsAdapters, createAwsAdapters } from "../../src/adapters/aws/index.ts";
import type { LogLine } from "../../src/domain/reading.ts";
import { type SandboxProcess, startSandbox } from "../support/sandbox-process.ts";

const target = { cluster: "drill", service: "shop" };
let sandbox: SandboxProcess | undefined;
let aws: AwsAdapters;
let started: Promise<unknown>;

const waiting = { timeout: 20_000, interval: 100 };

beforeAll(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  sandbox = await startSandbox();
  aws = createAwsAdapters({ region: "us-east-1", endpoint: sandbox.endpoint });
  // The start answers only after its baseline: what is read here is there long before.
  started = sandbox.control("POST", "/scenarios/traffic-spike/start").catch(() => undefined);
  const { control } = sandbox;
  await vi.waitUntil(async () => isSteady(await control("GET", "/state")), waiting);
});

afterAll(async () => {
  await sandbox?.stop();
  await started;
  vi.unstubAllEnvs();
});

it("reads a service, its tasks and its task definition", async () => {
  const service = await aws.ecs.service(target);
  const { running } = await aws.ecs.tasks(target);
  const task = await aws.ecs.task(target, running[0]?.arn ?? "");
  const definition = await aws.ecs.taskDefinition(service?.taskDefinition ?? "");

  expect(service).toMatchObject({ status: "ACTIVE", controller: "ECS", minimumHealthyPercent: 100 });
  expect(service?.deployments[0]).toMatchObject({ status: "PRIMARY", rolloutState: "COMPLETED" });
  expect(running).toHaveLength(service?.desired ?? -1);
  expect(task).toMatchObject({ arn: running[0]?.arn, lastStatus: "RUNNING" });
  expect(definition?.containers[0]).toMatchObject({
    name: "shop",
    logs: { group: "/ecs/shop", streamPrefix: "ecs/shop/" },
  });
  expect(definition?.containers[0]?.environmentNames).toContain("NODE_ENV");
  expect(JSON.stringify(definition)).not.toContain("production");
});

it("reads the target group, its health and the series behind its dimensions", async () => {
  const service = await aws.ecs.service(target);
  const desired = service?.desired ?? -1;
  const [group] = await aws.loadBalancers.targetGroups(service?.targetGroupArns ?? []);
  const health = await vi.waitUntil(async () => {
    const found = await aws.loadBalancers.targetHealth(group?.arn ?? "");
    return found.every(({ state }) => state === "healthy") && found;
  }, waiting);
  const dimensions = {
    LoadBalancer: group?.loadBalancerDimension ?? "",
    TargetGroup: group?.targetGroupDimension ?? "",
  };
  const requests = { namespace: "AWS/ApplicationELB", name: "RequestCount", dimensions };
  const memory = {
    namespace: "AWS/ECS",
    name: "MemoryUtilization",
    dimensions: { ClusterName: "drill", ServiceName: "shop" },
  };
  const queries = [
    { id: "requests", metric: { ...requests, statistic: "Sum", periodSeconds: 5 } },
    { id: "memory p99", metric: { ...memory, statistic: "p99", periodSeconds: 5 } },
  ];
  const series = await vi.waitUntil(async () => {
    const read = await aws.metrics.series(queries, lastMinute());
    return [...read.values()].every((points) => points.some(({ v }) => v > 0)) && read;
  }, waiting);

  expect(health).toHaveLength(desired);
  expect([...series.keys()]).toEqual(["requests", "memory p99"]);
});

it("reads logs and scaling limits", async () => {
  const lines: LogLine[] = [];
  for await (const page of aws.logs.lines("/ecs/shop", lastMinute())) lines.push(...page);
  const limits = await aws.scaling.limits(target);
  const activities = await aws.scaling.activities(target);

  expect(lines[0]).toMatchObject({ stream: expect.stringContaining("ecs/shop/") });
  expect(limits).toMatchObject({ suspended: false });
  expect(activities).toEqual([]);
});

it("reads an alarm and how it came to its state", async () => {
  const cloudWatch = new CloudWatchClient({ region: "us-east-1", endpoint: sandbox?.endpoint ?? "" });
  await cloudWatch.send(new PutMetricAlarmCommand(memoryAlarm));

  const transitions = await vi.waitUntil(async () => {
    const found = await aws.alarms.transitions("memory", lastMinute());
    return found.length > 0 && found;
  }, waiting);
  const alarm = await aws.alarms.alarm("memory");

  expect(transitions[0]).toMatchObject({ from: "INSUFFICIENT_DATA", to: "ALARM" });
  expect(alarm).toMatchObject({
    state: "ALARM",
    metric: "MemoryUtilization",
    dimensions: { ClusterName: "drill", ServiceName: "shop" },
    statistic: "Maximum",
    periodSeconds: 5,
    threshold: 0,
  });
});

it("answers undefined or an error of ours for what does not exist", async () => {
  const service = await aws.ecs.service({ ...target, service: "gone" });
  const limits = await aws.scaling.limits({ ...target, service: "gone" });
  const alarm = await aws.alarms.alarm("gone");
  const definition = await aws.ecs.taskDefinition("gone:1");
  const wrongCluster = await aws.ecs.service({ ...target, cluster: "gone" }).catch(asValue);
  const missingGroup = await aws.logs
    .lines("/ecs/gone", lastMinute())
    [Symbol.asyncIterator]()
    .next()
    .catch(asValue);

  expect([service, limits, alarm, definition]).toEqual([undefined, undefined, undefined, undefined]);
  expect(wrongCluster).toMatchObject({ code: "service-not-found" });
  expect(missingGroup).toMatchObject({ code: "aws-failed" });
});

/** A rejection that waits for its turn without a handler would end the whole run. */
function asValue(error: unknown): unknown {
  return error;
}

it("reads the alarms that fire, and says what this endpoint does not offer", async () => {
  const firing = await aws.firingAlarms.firing();
  const changes = await aws.changeLog.changes(["shop"], lastMinute()).catch(asValue);
  const history = await aws.deploymentHistory.deployments(target).catch(asValue);

  expect(firing.every(({ state }) => state === "ALARM")).toBe(true);
  expect(changes).toMatchObject({ code: "aws-unsupported" });
  // Either the sandbox has a history, or the agent takes it for a source that is not there.
  if (!Array.isArray(history)) expect(history).toMatchObject({ code: "aws-unsupported" });
});

it("stops a task and finds its reason, then scales", async () => {
  const { running } = await aws.ecs.tasks(target);
  const victim = running[0]?.arn ?? "";

  const stopped = await aws.actuator.stopTask(target, victim, "incident i-1");
  const refused = await aws.actuator.stopTask(target, `${victim}x`, "incident i-1");
  const scaled = await aws.actuator.setDesiredCount(target, running.length + 1);
  const found = await vi.waitUntil(
    async () => (await aws.ecs.tasks(target)).stopped.find(({ arn }) => arn === victim),
    waiting,
  );
  const service = await aws.ecs.service(target);

  expect(stopped.outcome).toBe("accepted");
  expect(refused.outcome).toBe("refused");
  expect(scaled.outcome).toBe("accepted");
  expect(found).toMatchObject({ stopCode: "UserInitiated", stoppedReason: "incident i-1" });
  expect(service?.desired).toBe(running.length + 1);
});

it("begins a deployment of an older revision, and ends one that goes on", async () => {
  const ecs = new ECSClient({ region: "us-east-1", endpoint: sandbox?.endpoint ?? "" });
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: "shop:1" }));
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: "shop",
      containerDefinitions: taskDefinition?.containerDefinitions,
    }),
  );
  const deployments = () =>
    ecs
      .send(new ListServiceDeploymentsCommand({ cluster: target.cluster, service: target.service }))
      .then(({ serviceDeployments = [] }) => serviceDeployments);

  const deployed = await aws.actuator.setTaskDefinition(target, "shop:2");
  const [ongoing] = await deployments();
  const rolledBack = await aws.actuator.rollBackDeployment(target, ongoing?.serviceDeploymentArn ?? "");
  const missing = await aws.actuator.rollBackDeployment(target, `${ongoing?.serviceDeploymentArn}x`);
  const noRevision = await aws.actuator.setTaskDefinition(target, "shop:9");
  const over = await vi.waitUntil(
    async () => (await deployments()).find(({ status }) => status === "ROLLBACK_SUCCESSFUL"),
    waiting,
  );
  const tooLate = await aws.actuator.rollBackDeployment(target, over.serviceDeploymentArn ?? "");
  const service = await aws.ecs.service(target);

  expect(deployed.outcome).toBe("accepted");
  expect(rolledBack.outcome).toBe("accepted");
  expect(missing).toMatchObject({ outcome: "refused", code: "ServiceDeploymentNotFoundException" });
  expect(noRevision).toMatchObject({ outcome: "refused", code: "ClientException" });
  expect(over.serviceDeploymentArn).toBe(ongoing?.serviceDeploymentArn);
  expect(tooLate).toMatchObject({ outcome: "refused", code: "ConflictException" });
  expect(service?.taskDefinition).toMatch(/shop:1$/);
});

const memoryAlarm = {
  AlarmName: "memory",
  Namespace: "AWS/ECS",
  MetricName: "MemoryUtilization",
  Dimensions: [
    { Name: "ClusterName", Value: "drill" },
    { Name: "ServiceName", Value: "shop" },
  ],
  Statistic: "Maximum" as const,
  Period: 5,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: "GreaterThanThreshold" as const,
};

function isSteady({ services }: Record<string, unknown>): boolean {
  const list = services as readonly { readonly name: string; readonly steady: boolean }[];
  return list.some(({ name, steady }) => name === "shop" && steady);
}

/** Up to and with this moment: alarm history of just now counts. */
function lastMinute() {
  const now = Date.now();
  return { from: now - 60_000, to: now };
}
