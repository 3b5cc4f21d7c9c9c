import {
  DescribeServicesCommand,
  ListTasksCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Conditions } from "./conditions.ts";
import { callInside } from "./range.ts";
import { eventually, startTestRange, type TestRange } from "./range-fixture.ts";

describe("conditions", () => {
  let world: TestRange;

  beforeEach(async () => {
    world = await startTestRange();
    await world.createWeb();
    await eventually(async () => (await world.web()).runningCount === 1);
  });
  afterEach(() => world.range.stop());

  it("let the API show an older ECS than the scheduler acts on", async () => {
    const seen = async () => {
      const [{ desiredCount, runningCount }, { taskArns }] = await Promise.all([
        world.web(),
        world.ecs.send(new ListTasksCommand({ cluster: "test", serviceName: "web" })),
      ]);
      return { desiredCount, runningCount, tasks: taskArns?.length };
    };
    const inside = async () => {
      const { services } = await callInside(world.range, "DescribeServices", {
        cluster: "test",
        services: ["web"],
      });
      return (services as { runningCount: number }[])[0]?.runningCount;
    };
    world.range.setConditions(Conditions.parse({ staleReadsSeconds: 3 }));

    const updated = await world.ecs.send(
      new UpdateServiceCommand({ cluster: "test", service: "web", desiredCount: 2 }),
    );
    await eventually(async () => (await inside()) === 2, 2_500);

    expect(updated.service?.desiredCount).toBe(2);
    expect(await seen()).toEqual({ desiredCount: 1, runningCount: 1, tasks: 1 });
    await eventually(async () => (await world.web()).runningCount === 2);
    expect(await seen()).toEqual({ desiredCount: 2, runningCount: 2, tasks: 2 });
  });

  it("let a task that was stopped be listed and described as running for a while", async () => {
    const [task] = await world.webTasks();
    world.range.setConditions(Conditions.parse({ staleReadsSeconds: 2 }));

    const stopped = await world.ecs.send(new StopTaskCommand({ cluster: "test", task: task?.taskArn }));
    const [shown] = await world.webTasks();

    expect(stopped.task?.desiredStatus).toBe("STOPPED");
    expect(shown).toMatchObject({ taskArn: task?.taskArn, lastStatus: "RUNNING", desiredStatus: "RUNNING" });
    await eventually(async () => (await world.webTasks()).every(({ taskArn }) => taskArn !== task?.taskArn));
  });

  it("throttle the endpoint and nothing inside", async () => {
    world.range.setConditions(
      Conditions.parse({
        throttling: [{ service: "ecs", operations: ["DescribeServices"], burst: 0, perSecond: 0 }],
      }),
    );
    const input = { cluster: "test", services: ["web"] };

    await expect(world.ecs.send(new DescribeServicesCommand(input))).rejects.toMatchObject({
      name: "ThrottlingException",
    });
    await expect(callInside(world.range, "DescribeServices", input)).resolves.toBeDefined();
    world.range.setConditions(Conditions.parse({}));
    await expect(world.ecs.send(new DescribeServicesCommand(input))).resolves.toBeDefined();
  });
});
