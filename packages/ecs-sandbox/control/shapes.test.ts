/** Shapes of services and injections around them that are of today's ECS. */
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { afterEach, describe, expect, it } from "vitest";
import type { Task } from "../ecs/model.ts";
import { eventually } from "../range-fixture.ts";
import { demoService, of, startTestStage, type TestStage } from "./stage-fixture.ts";

describe("a scenario", () => {
  let stage: TestStage;

  afterEach(() => stage.stop());

  const start = async (shop: Record<string, unknown> = {}, scenario: Record<string, unknown> = {}) => {
    stage = await startTestStage([demoService("inventory"), demoService("shop", shop)], scenario);
  };
  const shopTasks = () =>
    [...stage.test.range.ecs.state.tasks.values()].filter((task) => task.service.name === "shop");
  const ended = (wanted: (task: Task) => boolean) => eventually(async () => shopTasks().find(wanted), 20_000);
  const all = { service: "shop", tasks: "all" };
  const streamOf = (words: string) => stage.test.lines.find(({ message }) => message.includes(words));

  it("lets every task end with a code and last lines, without a deployment", async () => {
    await start();

    await stage.inject({
      kind: "crash",
      ...all,
      afterSeconds: 0.2,
      code: 70,
      lines: ["panic: no currency"],
      returns: true,
    });

    const first = await ended((task) => task.status === "STOPPED");
    expect([first.stopCode, first.containers[0]?.exitCode]).toEqual(["EssentialContainerExited", 70]);
    const second = await ended((task) => task !== first && task.status === "STOPPED");
    expect(second.containers[0]?.exitCode).toBe(70);
    expect(streamOf("panic: no currency")?.stream).toContain(first.id);
  });

  it("prints lines as they are, again and again", async () => {
    await start();

    await stage.inject({ kind: "print", ...all, lines: ["Error: refused"], raw: true, everySeconds: 0.1 });

    await eventually(
      async () => stage.test.lines.filter(({ message }) => message === "Error: refused").length > 3,
    );
  });

  it("has services that share a log group, and one whose lines go through a router", async () => {
    await start({
      logGroup: "/platform",
      fireLens: { Name: "cloudwatch_logs", log_group_name: "/apps/shop", log_stream_prefix: "from-" },
      sidecars: [
        {
          name: "log_router",
          image: "aws-for-fluent-bit:2.34.0",
          cpu: 32,
          memory: 128,
          logRouter: { group: "routers" },
        },
      ],
      dependsOn: { log_router: "START" },
    });

    await eventually(
      async () => streamOf("listening on port") !== undefined && streamOf("fluent bit") !== undefined,
    );
    expect(streamOf("fluent bit")).toMatchObject({
      group: "routers",
      stream: expect.stringMatching(/^firelens\/log_router\//),
    });
    const lines = stage.test.lines.filter(({ group }) => group === "/apps/shop");
    expect(lines[0]?.stream).toMatch(/^from-shop-firelens-[0-9a-f]{32}$/);
  });

  it("loses a host with everything on it, and Spot tasks when AWS takes them back", async () => {
    await start({ desiredCount: 2 }, { hosts: 2 });

    await stage.inject({ kind: "lose-host", service: "shop" });
    const lost = await ended((task) => task.status === "STOPPED");
    expect([lost.stopCode, lost.stoppedReason]).toEqual([
      "TerminationNotice",
      expect.stringMatching(/^Host EC2 \(instance i-[0-9a-f]+\) terminated\.$/),
    ]);
    const reason = "Your Spot Task was interrupted.";
    await stage.inject({ kind: "stop-tasks", ...all, tasks: 1, reason, code: "SpotInterruption" });
    const interrupted = await ended((task) => task.stopCode === "SpotInterruption");
    expect(interrupted.stoppedReason).toBe(reason);
  });

  it("shifts a release to the alternate group, whose name alarms can use", async () => {
    const rollout = { strategy: "BLUE_GREEN", bakeTimeInMinutes: 0 };
    const alarms = [
      {
        AlarmName: "shop-hosts",
        Namespace: "AWS/ApplicationELB",
        MetricName: "UnHealthyHostCount",
        Statistic: "Maximum",
        Dimensions: [{ Name: "TargetGroup", Value: of("shop.alternateTargetGroup") }],
        Period: 5,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: "GreaterThanThreshold",
      },
    ];
    await start({ rollout }, { alarms });

    await stage.inject({ kind: "deploy", service: "shop", image: "shop:1.4.1", completes: true });

    const balancer = stage.stage.balancers.get("shop");
    expect([balancer?.group.weight, balancer?.alternate?.weight]).toEqual([0, 100]);
    const { services } = await stage.test.ecs.send(
      new DescribeServicesCommand({ cluster: "test", services: ["shop"] }),
    );
    expect(services?.[0]?.loadBalancers?.[0]?.advancedConfiguration?.alternateTargetGroupArn).toBe(
      balancer?.alternate?.arn,
    );
  });

  it("has CodeDeploy release where the service says so", async () => {
    await start({ controller: "CODE_DEPLOY", circuitBreaker: false });

    await stage.inject({ kind: "deploy", service: "shop", image: "shop:1.4.1", completes: false });

    await eventually(async () => stage.stage.balancers.get("shop")?.alternate?.weight === 100, 20_000);
    expect(shopTasks()).toHaveLength(2);
  });
});
