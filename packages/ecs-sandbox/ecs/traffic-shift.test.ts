import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ServiceDeployment,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LoadBalancer } from "../elbv2/model.ts";
import { eventually, startTestRange, type TestRange } from "../range-fixture.ts";
import { beginDeployment } from "./deployments.ts";

describe("a deployment that shifts traffic", () => {
  let test: TestRange;
  let balancer: LoadBalancer;

  beforeEach(async () => {
    test = await startTestRange();
    balancer = await test.range.elb.createLoadBalancer("web", { withAlternate: true });
  });
  afterEach(() => test.range.stop());

  const steady = () =>
    eventually(async () => (await test.web()).deployments?.[0]?.rolloutState === "COMPLETED");

  async function createWeb(deploymentConfiguration: object, service: object = {}): Promise<void> {
    await test.createWeb({
      desiredCount: 2,
      service: {
        deploymentConfiguration,
        loadBalancers: [
          {
            targetGroupArn: balancer.group.arn,
            containerName: "web",
            containerPort: 8080,
            advancedConfiguration: {
              alternateTargetGroupArn: balancer.alternate?.arn,
              productionListenerRule: "rule/1",
            },
          },
        ],
        ...service,
      },
    });
    await eventually(async () => test.range.ecs.state.services.values().next().value?.steady);
  }

  async function release(image: string): Promise<string> {
    await test.registerWeb({ image });
    const { service } = await test.ecs.send(
      new UpdateServiceCommand({ cluster: "test", service: "web", taskDefinition: "web" }),
    );
    return service?.currentServiceDeployment ?? "";
  }

  async function deployment(arn: string): Promise<ServiceDeployment> {
    const { serviceDeployments } = await test.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
    );
    return serviceDeployments?.[0] ?? {};
  }

  /** Which versions answer ten requests in a row. */
  async function versions(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (let request = 0; request < 10; request += 1) {
      const [version = ""] = (await (await fetch(balancer.url)).text()).split(" ");
      counts[version] = (counts[version] ?? 0) + 1;
    }
    return counts;
  }

  const atStage = (arn: string, stage: string) =>
    eventually(async () => {
      const seen = await deployment(arn);
      return seen.lifecycleStage === stage && seen;
    });

  it("puts the tasks of the new revision behind the alternate group, shifts all traffic, bakes with both and cleans up", async () => {
    await createWeb({ strategy: "BLUE_GREEN", bakeTimeInMinutes: 2 });

    const arn = await release("web:2");

    const baking = await atStage(arn, "BAKE_TIME");
    expect(baking).toMatchObject({
      status: "IN_PROGRESS",
      deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 2 },
      sourceServiceRevisions: [
        { requestedTaskCount: 2, runningTaskCount: 2, requestedProductionTrafficWeight: 0 },
      ],
      targetServiceRevision: {
        requestedTaskCount: 2,
        runningTaskCount: 2,
        requestedProductionTrafficWeight: 100,
      },
    });
    expect(await versions()).toEqual({ "2": 10 });
    expect([balancer.group.targets.size, balancer.alternate?.targets.size]).toEqual([2, 2]);
    await steady();
    expect(await deployment(arn)).toMatchObject({ status: "SUCCESSFUL", lifecycleStage: "CLEAN_UP" });
    expect(await test.webTasks()).toHaveLength(2);
    expect((await test.web()).loadBalancers).toMatchObject([
      {
        targetGroupArn: balancer.group.arn,
        advancedConfiguration: { alternateTargetGroupArn: balancer.alternate?.arn },
      },
    ]);
    const { serviceRevisions } = await test.ecs.send(
      new DescribeServiceRevisionsCommand({
        serviceRevisionArns: [baking.targetServiceRevision?.arn ?? ""],
      }),
    );
    expect(serviceRevisions?.[0]?.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn).toBe(
      balancer.alternate?.arn,
    );
  });

  it("goes back to the first group with the next deployment", async () => {
    await createWeb({ strategy: "BLUE_GREEN", bakeTimeInMinutes: 0 });
    const first = await release("web:2");
    await eventually(async () => (await deployment(first)).status === "SUCCESSFUL");

    const second = await release("web:1");
    await eventually(async () => (await deployment(second)).status === "SUCCESSFUL");

    expect(await versions()).toEqual({ "1": 10 });
    expect(balancer.group.weight).toBe(100);
  });

  it("gives a canary its share, and what the stop with ROLLBACK asks for takes it away again", async () => {
    await createWeb({
      strategy: "CANARY",
      canaryConfiguration: { canaryPercent: 20, canaryBakeTimeInMinutes: 600 },
    });
    const arn = await release("web:2");
    await atStage(arn, "PRODUCTION_TRAFFIC_SHIFT");
    await eventually(async () => balancer.alternate?.weight === 20);
    expect(await versions()).toEqual({ "1": 8, "2": 2 });
    expect(await deployment(arn)).toMatchObject({
      targetServiceRevision: { requestedProductionTrafficWeight: 20 },
      sourceServiceRevisions: [{ requestedProductionTrafficWeight: 80 }],
    });

    await test.ecs.send(
      new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" }),
    );

    const ended = await eventually(async () => {
      const seen = await deployment(arn);
      return seen.status === "ROLLBACK_SUCCESSFUL" && seen;
    });
    expect(ended.rollback?.reason).toContain("StopServiceDeployment");
    expect(await versions()).toEqual({ "1": 10 });
    expect(await test.webTasks()).toHaveLength(2);
  });

  it("shifts step by step when it is linear", async () => {
    await createWeb({
      strategy: "LINEAR",
      linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 1 },
      bakeTimeInMinutes: 0,
    });
    const seen = new Set<number | undefined>();

    const arn = await release("web:2");
    await eventually(async () => {
      seen.add(balancer.alternate?.weight);
      return (await deployment(arn)).status === "SUCCESSFUL";
    });

    expect([...seen]).toEqual([0, 40, 80, 100]);
  });

  it.each([
    ["CONTINUE", "SUCCESSFUL", "2"],
    ["ROLLBACK", "ROLLBACK_SUCCESSFUL", "1"],
  ] as const)("waits at a pause until somebody says %s", async (action, status, version) => {
    const pause = { targetType: "PAUSE", lifecycleStages: ["POST_SCALE_UP"] };
    await createWeb({ strategy: "BLUE_GREEN", bakeTimeInMinutes: 0, lifecycleHooks: [pause] });
    const arn = await release("web:2");
    const paused = await atStage(arn, "POST_SCALE_UP");
    const [hook] = paused.lifecycleHookDetails ?? [];
    expect(hook).toMatchObject({ targetType: "PAUSE", status: "AWAITING_ACTION", timeoutAction: "ROLLBACK" });

    await test.ecs.send(
      new ContinueServiceDeploymentCommand({ serviceDeploymentArn: arn, hookId: hook?.hookId, action }),
    );

    await eventually(async () => (await deployment(arn)).status === status);
    expect(await versions()).toEqual({ [version]: 10 });
  });

  it("goes back by itself when nobody answers a pause in time", async () => {
    const pause = {
      targetType: "PAUSE",
      lifecycleStages: ["PRE_SCALE_UP"],
      timeoutConfiguration: { timeoutInMinutes: 1, action: "ROLLBACK" },
    };
    await createWeb({ strategy: "BLUE_GREEN", lifecycleHooks: [pause] });

    const arn = await release("web:2");

    const ended = await eventually(async () => {
      const seen = await deployment(arn);
      return seen.status === "ROLLBACK_SUCCESSFUL" && seen;
    });
    expect(ended.lifecycleHookDetails?.[0]?.status).toBe("TIMED_OUT");
  });

  it("is CodeDeploy's where the service says so: task sets and no deployments, and ECS refuses a new definition", async () => {
    await createWeb(
      { strategy: "BLUE_GREEN", bakeTimeInMinutes: 600 },
      { deploymentController: { type: "CODE_DEPLOY" } },
    );
    await test.registerWeb({ image: "web:2" });
    const [service] = test.range.ecs.state.services.values();
    const definition = test.range.ecs.state.taskDefinitions.get("web")?.at(-1);
    if (service && definition) beginDeployment(test.range.ecs.state, service, definition);

    await eventually(async () => balancer.alternate?.weight === 100);
    const web = await test.web();
    expect(web.deploymentController?.type).toBe("CODE_DEPLOY");
    expect(web.deployments).toEqual([]);
    expect(web.taskSets).toMatchObject([
      {
        status: "PRIMARY",
        startedBy: "CODE_DEPLOY",
        externalId: expect.stringMatching(/^d-/),
        runningCount: 2,
        loadBalancers: [{ targetGroupArn: balancer.alternate?.arn }],
      },
      { status: "ACTIVE", runningCount: 2, loadBalancers: [{ targetGroupArn: balancer.group.arn }] },
    ]);
    expect(
      web.events?.some(({ message }) =>
        /^\(service web, taskSet ecs-svc\/\d+\) has started/.test(message ?? ""),
      ),
    ).toBe(true);
    const update = new UpdateServiceCommand({ cluster: "test", service: "web", taskDefinition: "web" });
    await expect(test.ecs.send(update)).rejects.toThrow("CODE_DEPLOY deployment controller");
  });
});
