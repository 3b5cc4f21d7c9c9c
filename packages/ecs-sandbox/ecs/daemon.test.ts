import {
  DescribeContainerInstancesCommand,
  ListContainerInstancesCommand,
  ListTasksCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, startTestRange, type TestRange } from "../range-fixture.ts";
import { newInstance } from "./capacity.ts";

describe("the hosts of a cluster", () => {
  let test: TestRange;

  beforeEach(async () => {
    test = await startTestRange();
    const cluster = test.range.ecs.state.clusters.get("test");
    if (cluster) cluster.instances = [...cluster.instances, newInstance(1, new Date())];
  });
  afterEach(() => test.range.stop());

  const daemon = () =>
    test.createWeb({ service: { schedulingStrategy: "DAEMON", desiredCount: undefined, launchType: "EC2" } });
  const hosts = async () => (await test.webTasks()).map((task) => task.containerInstanceArn);

  it("each run one task of a daemon service", async () => {
    await daemon();

    await eventually(async () => (await test.web()).runningCount === 2);
    expect(await test.web()).toMatchObject({ schedulingStrategy: "DAEMON", desiredCount: 2 });
    expect(new Set(await hosts()).size).toBe(2);
  });

  it("are its only count: ECS refuses another one in its own words", async () => {
    await daemon();

    const update = new UpdateServiceCommand({ cluster: "test", service: "web", desiredCount: 3 });

    await expect(test.ecs.send(update)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message:
        "The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again",
    });
  });

  it("are listed and described, and tasks by the host that they run on", async () => {
    await test.createWeb({ desiredCount: 2 });
    await eventually(async () => (await test.web()).runningCount === 2);

    const { containerInstanceArns = [] } = await test.ecs.send(
      new ListContainerInstancesCommand({ cluster: "test" }),
    );
    const { containerInstances } = await test.ecs.send(
      new DescribeContainerInstancesCommand({ cluster: "test", containerInstances: containerInstanceArns }),
    );
    expect(containerInstances).toMatchObject(
      [1, 1].map((runningTasksCount) => ({ status: "ACTIVE", agentConnected: true, runningTasksCount })),
    );
    const [containerInstance] = containerInstanceArns;
    const listed = await test.ecs.send(new ListTasksCommand({ cluster: "test", containerInstance }));
    expect(listed.taskArns).toHaveLength(1);
  });

  it("take their tasks with them when they are terminated", async () => {
    await test.createWeb({ desiredCount: 2 });
    await eventually(async () => (await test.web()).runningCount === 2);
    const cluster = test.range.ecs.state.clusters.get("test");
    const [task] = test.range.ecs.state.tasks.values();
    if (!cluster || !task?.instance) throw new Error("There is no task on a host.");

    cluster.instances = cluster.instances.filter((one) => one !== task.instance);
    test.range.ecs.lifecycle.loseHost(task, `Host EC2 (instance ${task.instance.ec2InstanceId}) terminated.`);

    const stopped = await eventually(async () =>
      (await test.webTasks("STOPPED")).find((one) => one.stoppedAt !== undefined),
    );
    expect(stopped).toMatchObject({
      stopCode: "TerminationNotice",
      stoppedReason: expect.stringMatching(/^Host EC2 \(instance i-[0-9a-f]+\) terminated\.$/),
      containers: [{ exitCode: 137 }],
    });
    await eventually(async () => (await test.web()).runningCount === 2);
    expect(new Set(await hosts()).size).toBe(1);
  });

  it.each([
    [{ startedBy: "x", serviceName: "web" }, "startedBy must be the only filter that you use."],
    [{ serviceName: "nobody" }, "Service not found."],
  ])("ListTasks refuses the filters %j", async (filters, words) => {
    await test.createWeb();

    await expect(test.ecs.send(new ListTasksCommand({ cluster: "test", ...filters }))).rejects.toThrow(words);
  });
});
