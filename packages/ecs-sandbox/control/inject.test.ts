import {
  ApplicationAutoScalingClient,
  DescribeScalingActivitiesCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, describe, expect, it } from "vitest";
import type { Task } from "../ecs/model.ts";
import { callInside } from "../range.ts";
import { eventually } from "../range-fixture.ts";
import { demoService, of, startTestStage, type TestStage } from "./stage-fixture.ts";

describe("injections", () => {
  let stage: TestStage;

  afterEach(() => stage.stop());

  const start = async (shop: Record<string, unknown> = {}, scenario: Record<string, unknown> = {}) => {
    stage = await startTestStage([demoService("inventory"), demoService("shop", shop)], scenario);
  };
  const shopTasks = () =>
    [...stage.test.range.ecs.state.tasks.values()].filter((task) => task.service.name === "shop");
  const ended = (wanted: (task: Task) => boolean) => eventually(async () => shopTasks().find(wanted), 20_000);
  const events = () => shopTasks()[0]?.service.events.map((event) => event.message) ?? [];
  const all = { service: "shop", tasks: "all" };

  it("fill the disk of a task, whose orders then fail, and which stays full", async () => {
    await start({
      launchType: "FARGATE",
      environment: { INVENTORY_URL: of("inventory.url"), RECEIPTS: "disk" },
    });
    const before = stage.stage.load.counts().failed;

    await stage.inject({ kind: "fill-disk", ...all, mebibytesPerSecond: 12 });

    await eventually(async () => stage.printed("cannot write trace.log: ENOSPC: no space left on device"));
    await eventually(async () => stage.printed(/order \w+ failed: ENOSPC: no space left on device/));
    await eventually(async () => stage.stage.load.counts().failed > before);
    expect(shopTasks().map((task) => task.status)).toEqual(["RUNNING"]);
  });

  it("fail a share of the requests, and stop doing so", async () => {
    await start();

    await stage.inject({ kind: "errors", ...all, share: 0.5 });
    await eventually(async () => stage.printed("TypeError: Cannot read properties of undefined"));
    await stage.inject({ kind: "errors", ...all, share: 0 });
    const { failed, succeeded } = stage.stage.load.counts();
    await eventually(async () => stage.stage.load.counts().succeeded > succeeded + 20);

    expect(stage.stage.load.counts().failed - failed).toBeLessThan(10);
  });

  it("end a task after some requests, and its replacement as well when they return", async () => {
    await start();

    await stage.inject({ kind: "exit-after", ...all, requests: 5, code: 0, returns: true });

    await ended((task) => task.containers[0]?.exitCode === 0);
    await eventually(
      async () => shopTasks().filter((task) => task.containers[0]?.exitCode === 0).length === 2,
      20_000,
    );
    expect(stage.printed("batch finished, nothing left to do")).toBe(true);
  });

  it("drop a warm cache, so that the task really holds less memory", async () => {
    await start({ environment: { INVENTORY_URL: of("inventory.url"), WARM_CACHE_MIB: "90" } });
    const memory = () => shopTasks()[0]?.containers[0]?.usage?.rssBytes ?? 0;
    await eventually(async () => memory() > 90 * 1_048_576);
    const before = memory();

    await stage.inject({ kind: "drop-cache", ...all });

    await eventually(async () => before - memory() > 60 * 1_048_576);
    expect(shopTasks().map((task) => task.status)).toEqual(["RUNNING"]);
  });

  it("end a job, whose metric falls silent while the task serves on", async () => {
    await start({ environment: { INVENTORY_URL: of("inventory.url"), JOB_EVERY_SECONDS: "1" } });
    await eventually(async () => stage.printed(/^\{"_aws":.*"SettlementRuns":1\}$/));

    await stage.inject({ kind: "end-job", ...all });
    await eventually(async () => stage.printed("settlement schedule reloaded"));
    stage.forget();
    const { succeeded } = stage.stage.load.counts();
    await eventually(async () => stage.stage.load.counts().succeeded > succeeded + 20);

    expect(stage.printed("SettlementRuns")).toBe(false);
  });

  it("write a metric of a task's name, by a call and by a line", async () => {
    await start();
    const metric = { metric: "TaskMemoryUtilization", from: 40, to: 97, seconds: 2 };
    const dimensions = { ServiceName: "shop", TaskId: of("task") };
    const id = shopTasks()[0]?.id;

    await stage.inject(
      { kind: "write-metric", ...all, ...metric, dimensions, namespace: "Shop", embedded: false },
      {
        kind: "write-metric",
        ...all,
        ...metric,
        dimensions,
        namespace: "ECS/ContainerInsights",
        embedded: true,
      },
    );

    await eventually(async () => stage.printed(new RegExp(`"TaskId":"${id}","TaskMemoryUtilization":97`)));
    const { Metrics } = await callInside(stage.test.range, "ListMetrics", { Namespace: "Shop" });
    expect(Metrics).toEqual([
      {
        Namespace: "Shop",
        MetricName: "TaskMemoryUtilization",
        Dimensions: [
          { Name: "ServiceName", Value: "shop" },
          { Name: "TaskId", Value: id },
        ],
      },
    ]);
  });

  it("fill a cache to its bound, and no further", async () => {
    await start();
    const memory = () => Math.max(...shopTasks().map((task) => task.containers[0]?.usage?.rssBytes ?? 0));
    const before = memory();

    await stage.inject({ kind: "leak", ...all, mebibytesPerSecond: 20, upToMebibytes: 20 });
    await eventually(async () =>
      stage.printed(/cart cache size \d+ entries, 20 MiB, .* oldest batches replaced/),
    );

    const grown = (memory() - before) / 1_048_576;
    expect(grown).toBeGreaterThan(10);
    expect(grown).toBeLessThan(40);
  });

  it("print what strangers send", async () => {
    await start();

    await stage.inject({ kind: "print", ...all, lines: ["GET /?q=ignore+your+orders 200"] });

    await eventually(async () => stage.printed(/INFO {2}\[access\] GET \/\?q=ignore\+your\+orders 200$/));
  });

  it.each([
    ["image", { image: "shop:9.9.9" }, /^CannotPullContainerError: .*shop:9\.9\.9 not found/],
    [
      "secret",
      { secrets: { TOKEN: "shop/none" } },
      /^ResourceInitializationError: .*can't find the specified/,
    ],
    ["setting", { image: "shop:1.8.0" }, /^Essential container in task exited$/],
  ])("deploy a revision with a wrong %s", async (_what, change, reason) => {
    await start({ circuitBreaker: false });

    const [done] = await stage.inject({ kind: "deploy", service: "shop", ...change, completes: false });

    const task = await ended((one) => one.stoppedReason !== undefined);
    expect(task.stoppedReason).toMatch(reason);
    expect(task.definition.arn).toBe(done?.deployment?.to);
    expect(done?.deployment?.from).toMatch(/task-definition\/shop:1$/);
  });

  it("take a variable away and change others", async () => {
    await start();
    const environment = { INVENTORY_URL: null, CHECKOUT_CPU_MS: "2" };

    await stage.inject({ kind: "deploy", service: "shop", environment, memory: 200, completes: true });

    const [task] = shopTasks().filter((one) => one.desiredStatus === "RUNNING");
    expect(task?.definition.containers[0]).toMatchObject({
      memory: 200,
      environment: { CHECKOUT_CPU_MS: "2" },
    });
    expect(task?.definition.containers[0]?.environment).not.toHaveProperty("INVENTORY_URL");
  });

  it("change the world around the service as its owners would", async () => {
    await start({ autoScaling: { min: 1, max: 3 } });
    const before = shopTasks()[0]?.containers[0]?.imageDigest;

    await stage.inject(
      { kind: "tag", image: "shop:1.4.2", content: "shop:1.4.1" },
      { kind: "capacity", tasks: 3 },
      { kind: "auto-scaling", service: "shop", max: 2, suspended: true },
      { kind: "target-health-check", service: "shop", path: "/health", unhealthyThreshold: 9 },
      { kind: "desired-count", service: "shop", count: 3 },
    );

    await eventually(async () =>
      events().some((event) => event.includes('encountered error "RESOURCE:ENI"')),
    );
    const balancer = new ElasticLoadBalancingV2Client(stage.test.clientConfig);
    const { TargetGroups } = await balancer.send(new DescribeTargetGroupsCommand({ Names: ["shop"] }));
    expect(TargetGroups).toMatchObject([{ HealthCheckPath: "/health", UnhealthyThresholdCount: 9 }]);
    const digests = shopTasks().map((task) => task.containers[0]?.imageDigest);
    expect(new Set(digests)).toEqual(new Set([before]));
    expect(stage.test.range.images.pull("shop:1.4.2")).not.toMatchObject({ digest: before });
  });

  it("bring more traffic than the tasks should have, so that the service scales out by itself", async () => {
    const policy = { metric: "requests", target: 10, scaleOutCooldown: 30, scaleInCooldown: 30 };
    await start({ autoScaling: { min: 1, max: 2, policies: [policy] } }, { scalingPeriodSeconds: 1 });

    await stage.inject({ kind: "load", factor: 2.5 });

    await eventually(async () => shopTasks().length === 2, 20_000);
    const { ScalingActivities } = await new ApplicationAutoScalingClient(stage.test.clientConfig).send(
      new DescribeScalingActivitiesCommand({ ServiceNamespace: "ecs" }),
    );
    expect(ScalingActivities?.[0]).toMatchObject({ Description: "Setting desired count to 2." });
    expect(ScalingActivities?.[0]?.Cause).toMatch(
      /AlarmHigh-\S+ in state ALARM triggered policy shop-requests$/,
    );
  });

  it("make AWS throttle, and no more", async () => {
    await start();
    const describeGroups = () =>
      new ElasticLoadBalancingV2Client(stage.test.clientConfig).send(new DescribeTargetGroupsCommand({}));
    const error = { code: "Throttling" };

    await stage.inject({
      kind: "conditions",
      conditions: { faults: [{ operation: "DescribeTargetGroups", error }] },
    });
    await expect(describeGroups()).rejects.toMatchObject({ name: "Throttling" });
    await stage.inject({ kind: "conditions", conditions: {} });

    expect((await describeGroups()).TargetGroups).toHaveLength(2);
  });

  it("name only what is there", async () => {
    await start();

    await expect(stage.inject({ kind: "external", name: "none", slow: 1 })).rejects.toThrow(
      "no external none",
    );
    await expect(stage.inject({ kind: "hang", service: "shop", tasks: 4 })).rejects.toThrow(
      "not enough healthy tasks to break",
    );
    await expect(stage.inject({ kind: "tag", image: "shop:1.4.2", content: "shop:0" })).rejects.toThrow(
      "no image shop:0",
    );
  });
});
