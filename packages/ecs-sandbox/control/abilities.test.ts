/** Injections and services of kinds that need the range's own parts: limits, cookies, sidecars, pools, a past. */
import { DescribeServicesCommand, DescribeTasksCommand, ListTasksCommand } from "@aws-sdk/client-ecs";
import { afterEach, describe, expect, it } from "vitest";
import { callInside } from "../range.ts";
import { eventually } from "../range-fixture.ts";
import { demoService, of, startTestStage, type TestStage } from "./stage-fixture.ts";

describe("what the range can do", () => {
  let stage: TestStage;

  afterEach(() => stage.stop());

  const start = async (shop: Record<string, unknown> = {}, scenario: Record<string, unknown> = {}) => {
    stage = await startTestStage([demoService("inventory"), demoService("shop", shop)], scenario);
  };
  const shopTasks = () =>
    [...stage.test.range.ecs.state.tasks.values()].filter((task) => task.service.name === "shop");
  const health = () =>
    [...(stage.stage.balancers.get("shop")?.group.targets.values() ?? [])].map(
      ({ health: one }) => one.state,
    );
  const memory = () => (shopTasks()[0]?.containers[0]?.usage?.rssBytes ?? 0) / 1_048_576;
  const cores = () => shopTasks().map((task) => task.containers[0]?.usage?.cpuCores ?? 0);
  const all = { service: "shop", tasks: "all" };

  it("give memory back at a bound, again and again", async () => {
    await start();
    await eventually(async () => memory() > 0);
    const before = memory();

    // Slow enough for a busy machine to see it low before it is high again.
    const climb = { mebibytesPerSecond: 8, upToMebibytes: 70, fallsAfterSeconds: 1, again: true };
    await stage.inject({ kind: "leak", ...all, ...climb });

    for (const _round of [1, 2]) {
      await eventually(async () => memory() - before > 55, 40_000);
      await eventually(async () => memory() - before < 38, 40_000);
    }
    expect(stage.printed("working set 70 MiB released")).toBe(true);
  }, 180_000);

  it("hang for a while, and be well again", async () => {
    await start();

    await stage.inject({ kind: "hang", ...all, seconds: 5 });

    await eventually(async () => health().includes("unhealthy"), 20_000);
    await eventually(async () => health().every((state) => state === "healthy"), 20_000);
    expect(stage.printed(/price table lock taken after 5\.\d s/)).toBe(true);
    expect(shopTasks()).toHaveLength(1);
  });

  it("hold a task to its CPU, so that its checks fail when it has too much to do", async () => {
    const environment = { INVENTORY_URL: of("inventory.url"), CHECKOUT_CPU_MS: "20" };
    await start({ cpu: 256, cpuIsLimit: true, healthCheckGracePeriodSeconds: 600, environment });
    expect(shopTasks()[0]?.definition.cpu).toBe(256);

    await stage.inject({ kind: "load", factor: 5 });

    await eventually(async () => health().includes("unhealthy"), 30_000);
    expect(Math.max(...cores())).toBeLessThan(0.33);
  });

  it("keep a client at its task by a cookie, and no other", async () => {
    const environment = { INVENTORY_URL: of("inventory.url"), CHECKOUT_CPU_MS: "8" };
    await start(
      { desiredCount: 2, stickinessSeconds: 600, environment },
      { load: { service: "shop", perSecond: 4 } },
    );

    await stage.inject({ kind: "client", perSecond: 30 });

    await eventually(
      async () => Math.max(...cores()) > 0.15 && Math.max(...cores()) > 3 * Math.min(...cores()),
      20_000,
    );
  });

  it("run another container beside the service's own, whose faults are its own", async () => {
    const agent = { name: "telemetry", image: "telemetry-agent:0.108.1", cpu: 32, memory: 128 };
    const environment = { EXPORT_URL: "http://127.0.0.1:9" };
    await start({ sidecars: [{ ...agent, environment }] });
    await eventually(async () => stage.printed(/ERROR \[exporter\] exporting failed, dropping data: Post/));
    expect(
      shopTasks()[0]?.containers.map(({ definition }) => [definition.name, definition.essential]),
    ).toEqual([
      ["shop", true],
      ["telemetry", false],
    ]);

    await stage.inject({ kind: "leak", ...all, container: "telemetry", mebibytesPerSecond: 60 });

    await eventually(async () => shopTasks()[0]?.containers[1]?.exitCode === 137, 20_000);
    expect(shopTasks().map((task) => [task.status, task.containers[0]?.status])).toEqual([
      ["RUNNING", "RUNNING"],
    ]);
  });

  it("end a task with its essential sidecar", async () => {
    const agent = {
      name: "telemetry",
      image: "telemetry-agent:0.108.1",
      cpu: 32,
      memory: 128,
      essential: true,
    };
    await start({ sidecars: [agent] });

    await stage.inject({ kind: "leak", ...all, container: "telemetry", mebibytesPerSecond: 60 });

    const task = await eventually(async () => shopTasks().find((one) => one.status === "STOPPED"), 20_000);
    expect([task.stopCode, task.containers[1]?.exitCode]).toEqual(["EssentialContainerExited", 137]);
  });

  it("cut a task off from what it calls, while its own checks pass", async () => {
    const environment = { INVENTORY_URL: of("inventory.url"), INVENTORY_TIMEOUT_MS: "300" };
    await start({ environment });

    await stage.inject({ kind: "cut-off", ...all });

    await eventually(async () =>
      stage.printed(/timeout of 300ms exceeded, connect ETIMEDOUT 127\.0\.0\.1:\d+/),
    );
    expect(health()).toEqual(["healthy"]);
  });

  it("read a secret's new value in tasks that start later, of a revision that is the same", async () => {
    const secrets = { INVENTORY_URL: "shop/inventory-url" };
    await start(
      { secrets, environment: { CHECKOUT_CPU_MS: "1" } },
      { secrets: { "shop/inventory-url": of("inventory.url") } },
    );
    const [before] = shopTasks();

    await stage.inject(
      { kind: "secret", name: "shop/inventory-url", value: "http://127.0.0.1:9" },
      { kind: "deploy", service: "shop", completes: true },
    );

    await eventually(async () => stage.printed(/ECONNREFUSED 127\.0\.0\.1:9/));
    const [after] = shopTasks().filter((task) => task.desiredStatus === "RUNNING");
    expect(after?.definition.containers).toEqual(before?.definition.containers);
    expect(after?.definition.revision).toBe(2);
  });

  it("create no alarm before the injection where something goes on already", async () => {
    await start({}, { prelude: [{ kind: "print", ...all, lines: ["POST /import 202"] }] });
    const alarms = async () => (await callInside(stage.test.range, "DescribeAlarms", {}))["MetricAlarms"];

    expect(await alarms()).toEqual([]);
    await stage.stage.arm();
    expect(await alarms()).toMatchObject([{ AlarmName: "shop-tasks" }]);
  });

  it("show a past: metrics of days before, and tasks that have run for as long", async () => {
    const name = { ClusterName: "test", ServiceName: "shop" };
    const past = {
      namespace: "AWS/ECS",
      metric: "MemoryUtilization",
      dimensions: name,
      hours: 30,
      level: 30,
    };
    await start({}, { runsSinceHours: 30, history: [{ ...past, climbsTo: 60 }] });
    const { ecs } = stage.test;

    const hour = Math.floor(Date.now() / 3_600_000) * 3600;
    const data = await callInside(stage.test.range, "GetMetricData", {
      StartTime: hour - 26 * 3600,
      EndTime: hour - 25 * 3600,
      MetricDataQueries: [
        {
          Id: "m",
          MetricStat: {
            Metric: {
              Namespace: past.namespace,
              MetricName: past.metric,
              Dimensions: Object.entries(name).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: 300,
            Stat: "Average",
          },
        },
      ],
    });
    const [series] = data["MetricDataResults"] as readonly { readonly Values: readonly number[] }[];
    expect(series?.Values).toHaveLength(12);
    expect(Math.max(...(series?.Values ?? []))).toBeLessThan(37);

    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: "test", serviceName: "shop" }));
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: "test", tasks: taskArns }));
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: "test", services: ["shop"] }));
    const hours = (date: Date | undefined) => (Date.now() - (date?.getTime() ?? 0)) / 3_600_000;
    for (const date of [
      tasks?.[0]?.startedAt,
      services?.[0]?.deployments?.[0]?.createdAt,
      services?.[0]?.createdAt,
    ])
      expect(hours(date)).toBeCloseTo(30, 1);
  });
});

describe("a database and its pools", () => {
  let stage: TestStage;

  afterEach(() => stage.stop());

  it("lose a pool for good, refuse who comes late, and say so in the check", async () => {
    const environment = {
      DATABASE_ADDRESS: of("stock-db.address"),
      DB_POOL_SIZE: "2",
      DB_ACQUIRE_TIMEOUT_MS: "200",
      HEALTH_CHECK_DEPTH: "pool",
    };
    stage = await startTestStage([demoService("inventory", { environment }), demoService("shop")], {
      externals: [{ name: "stock-db", kind: "database" }],
    });
    const health = () =>
      [...(stage.stage.balancers.get("inventory")?.group.targets.values() ?? [])].map(
        ({ health: one }) => one,
      );

    await stage.inject({ kind: "external", name: "stock-db", others: 40, hangUp: true });
    await eventually(async () => stage.printed("FATAL: sorry, too many clients already"));
    await stage.inject({ kind: "external", name: "stock-db", others: 0 });
    stage.forget();
    await eventually(async () => stage.printed(/reservation \d+ confirmed|order \w+ placed/), 20_000);
    await stage.inject({ kind: "lose-pool", service: "inventory", tasks: "all" });

    await eventually(async () =>
      stage.printed(/not ready: timeout of 500ms exceeded while waiting for a connection/),
    );
    await eventually(async () => health()[0]?.state === "unhealthy", 20_000);
    expect(health()[0]).toMatchObject({
      reason: "Target.ResponseCodeMismatch",
      description: "Health checks failed with these codes: [503]",
    });
  });
});
