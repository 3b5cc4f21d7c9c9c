import { UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LoadBalancer } from "../../packages/ecs-sandbox/elbv2/model.ts";
import { eventually, startTestRange, type TestRange } from "../../packages/ecs-sandbox/range-fixture.ts";
import { type AwsAdapters, createAwsAdapters } from "../../src/adapters/aws/index.ts";
import { deploymentFacts, serviceFact } from "../../src/evidence/facts/service-facts.ts";

/** Shapes of services as the sandbox's real processes have them, read by the real adapters. */

const target = { cluster: "test", service: "web" };
let test: TestRange;
let aws: AwsAdapters;
let balancer: LoadBalancer;

beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  test = await startTestRange();
  aws = createAwsAdapters({ region: "us-east-1", endpoint: test.endpoint });
  balancer = await test.range.elb.createLoadBalancer("web", { withAlternate: true });
});

afterEach(async () => {
  await test.range.stop();
  vi.unstubAllEnvs();
});

async function release(deploymentConfiguration: object): Promise<void> {
  const group = { targetGroupArn: balancer.group.arn, containerName: "web", containerPort: 8080 };
  const advancedConfiguration = {
    alternateTargetGroupArn: balancer.alternate?.arn,
    productionListenerRule: "rule/1",
  };
  await test.createWeb({
    desiredCount: 2,
    service: { deploymentConfiguration, loadBalancers: [{ ...group, advancedConfiguration }] },
  });
  await eventually(async () => test.range.ecs.state.services.values().next().value?.steady);
  await test.registerWeb({ image: "web:2" });
  await test.ecs.send(new UpdateServiceCommand({ ...target, taskDefinition: "web" }));
}

async function primary() {
  const [service, history] = await Promise.all([
    aws.ecs.service(target, { tags: true }),
    aws.deploymentHistory.deployments(target),
  ]);
  if (service === undefined) throw new Error("no service");
  const [first] = deploymentFacts(service, Date.now(), history);
  return { service, history, data: first?.kind === "deployment" ? first.data : undefined };
}

const holding = (what: string) =>
  eventually(async () => {
    const seen = await primary();
    return seen.data?.holding === what && seen;
  });

it("reads a blue/green deployment that bakes: both groups, all of the traffic, in progress", async () => {
  await release({ strategy: "BLUE_GREEN", bakeTimeInMinutes: 60 });

  const { service, data } = await holding("bake");

  expect(service.targetGroupArns).toEqual([balancer.group.arn, balancer.alternate?.arn]);
  expect(serviceFact(service).data).toMatchObject({ strategy: "BLUE_GREEN", bakeMinutes: 60 });
  expect(data).toMatchObject({ inProgress: true, stage: "BAKE_TIME", productionWeight: 100 });
});

it("reads a canary at its first share of the traffic", async () => {
  await release({
    strategy: "CANARY",
    bakeTimeInMinutes: 5,
    canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 60 },
  });

  const { service, data } = await eventually(async () => {
    const seen = await primary();
    return seen.data?.productionWeight === 10 && seen;
  });

  expect(data).toMatchObject({ holding: "shift", stage: "PRODUCTION_TRAFFIC_SHIFT" });
  expect(service).toMatchObject({ strategy: "CANARY", bakeMinutes: 5, shiftMinutes: 60 });
});

it("takes a paused deployment back by stopping it", async () => {
  await release({
    strategy: "BLUE_GREEN",
    bakeTimeInMinutes: 5,
    lifecycleHooks: [
      {
        targetType: "PAUSE",
        lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
        timeoutConfiguration: { timeoutInMinutes: 600, action: "CONTINUE" },
      },
    ],
  });
  const { data, history } = await holding("pause");
  expect(data).toMatchObject({ hookOnTimeout: "CONTINUE", productionWeight: 0 });
  expect(data?.secondsBeforeOnset).toBeUndefined();

  const stopped = await aws.actuator.rollBackDeployment(target, history[0]?.arn ?? "");

  expect(stopped.outcome).toBe("accepted");
  await eventually(async () => (await primary()).history[0]?.status === "ROLLBACK_SUCCESSFUL");
});

it("reads a DAEMON, and the hosts that its tasks run on", async () => {
  await test.createWeb({
    service: { schedulingStrategy: "DAEMON", desiredCount: undefined, launchType: "EC2" },
  });
  await eventually(async () => (await test.web()).runningCount === 1);

  const service = await aws.ecs.service(target);
  const { running } = await aws.ecs.tasks(target);
  const hosts = await aws.hosts.hosts(
    target,
    running.flatMap(({ host }) => host ?? []),
  );

  expect(service).toMatchObject({ schedulingStrategy: "DAEMON", launchType: "EC2" });
  expect(hosts).toMatchObject([{ status: "ACTIVE", agentConnected: true }]);
});
