import {
  ListServicesCommand,
  ListTasksCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, isAlive, startTestRange, type TestRange } from "../../range-fixture.ts";

describe("tasks", () => {
  let test: TestRange;

  beforeEach(async () => {
    test = await startTestRange();
  });
  afterEach(() => test.range.stop());

  const messages = async () => ((await test.web()).events ?? []).map((event) => event.message);
  const steady = () => eventually(async () => (await messages())[0]?.endsWith("has reached a steady state."));

  it("reach a steady state at the desired count, each with a port of its own", async () => {
    await test.createWeb({ desiredCount: 2 });
    await steady();

    const service = await test.web();
    const tasks = await test.webTasks();
    const ports = tasks.map((task) => task.containers?.[0]?.networkBindings?.[0]?.hostPort);
    expect(service).toMatchObject({ runningCount: 2, pendingCount: 0, desiredCount: 2, status: "ACTIVE" });
    expect(service.deployments).toMatchObject([{ status: "PRIMARY", rolloutState: "COMPLETED" }]);
    expect(new Set(ports).size).toBe(2);
    const ids = tasks.map((task) => task.taskArn?.split("/").at(-1));
    expect(await messages()).toContain(
      `(service web) has started 2 tasks: (task ${ids[0]}) (task ${ids[1]}).`,
    );
    await eventually(async () => test.lines.length > 0);
    expect(test.lines[0]).toMatchObject({ group: "/ecs/web", message: "listening" });
    expect(test.lines[0]?.stream).toMatch(/^ecs\/web\/[0-9a-f]{32}$/);
  });

  it("are replaced after StopTask, which sends SIGTERM", async () => {
    await test.createWeb();
    await steady();
    const [task] = await test.webTasks();
    await eventually(async () => test.lines.some((line) => line.message === "listening"));

    await test.ecs.send(new StopTaskCommand({ cluster: "test", task: task?.taskArn, reason: "memory leak" }));

    const stopped = await eventually(async () =>
      (await test.webTasks("STOPPED")).find((one) => one.stoppedAt),
    );
    expect(stopped).toMatchObject({
      lastStatus: "STOPPED",
      stopCode: "UserInitiated",
      stoppedReason: "memory leak",
      containers: [{ exitCode: 143 }],
    });
    expect(test.lines.map((line) => line.message)).toContain("SIGTERM received");
    await steady();
    const [replacement] = await test.webTasks();
    expect(replacement?.taskArn).not.toBe(task?.taskArn);
    expect((await test.web()).deployments).toHaveLength(1);
  });

  it("that ignore SIGTERM get SIGKILL after stopTimeout", async () => {
    await test.createWeb({ environment: { IGNORE_TERM: "1" } });
    await steady();
    await eventually(async () => test.lines.some((line) => line.message === "listening"));
    const [task] = await test.webTasks();

    await test.ecs.send(new StopTaskCommand({ cluster: "test", task: task?.taskArn }));

    const stopped = await eventually(async () =>
      (await test.webTasks("STOPPED")).find((one) => one.stoppedAt),
    );
    const [container] = stopped.containers ?? [];
    expect(stopped.stoppedReason).toBe("Task stopped by user");
    expect(container).toMatchObject({ exitCode: 137 });
    expect(container?.reason).toBeUndefined();
    expect(Number(stopped.stoppedAt) - Number(stopped.stoppingAt)).toBeGreaterThanOrEqual(950);
  });

  it("over their memory limit are killed in the words of ECS", async () => {
    await test.createWeb({ memory: 128, environment: { EAT: "1" } });

    const stopped = await eventually(async () =>
      (await test.webTasks("STOPPED")).find((one) => one.stoppedAt),
    );
    expect(stopped).toMatchObject({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" }],
    });
  });

  it("whose image is missing fail to start", async () => {
    await test.createWeb({ image: "web:9" });

    const stopped = await eventually(async () =>
      (await test.webTasks("STOPPED")).find((one) => one.stoppedAt),
    );
    expect(stopped.stopCode).toBe("TaskFailedToStart");
    expect(stopped.containers?.[0]?.reason).toMatch(
      /^CannotPullContainerError: .*web:9 not found: manifest unknown/,
    );
    expect((await test.web()).deployments?.[0]?.failedTasks).toBeGreaterThan(0);
  });

  it("with a failing container health check are replaced", async () => {
    const healthCheck = { command: ["CMD-SHELL", "exit 1"], interval: 1, timeout: 1, retries: 1 };
    await test.createWeb({ container: { healthCheck } });

    const stopped = await eventually(async () =>
      (await test.webTasks("STOPPED")).find((one) => one.stoppedAt),
    );
    expect(stopped).toMatchObject({
      healthStatus: "UNHEALTHY",
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: "Task failed container health checks",
    });
  });

  it("are listed in pages, and only in their own cluster", async () => {
    await test.createWeb({ desiredCount: 3 });
    await steady();

    const first = await test.ecs.send(new ListTasksCommand({ cluster: "test", maxResults: 2 }));
    const second = await test.ecs.send(
      new ListTasksCommand({ cluster: "test", maxResults: 2, nextToken: first.nextToken }),
    );
    expect([first.taskArns?.length, second.taskArns?.length, second.nextToken]).toEqual([2, 1, undefined]);
    await expect(test.ecs.send(new ListServicesCommand({ cluster: "other" }))).rejects.toMatchObject({
      name: "ClusterNotFoundException",
    });
    const elsewhere = new UpdateServiceCommand({ cluster: "other", service: "web", desiredCount: 9 });
    await expect(test.ecs.send(elsewhere)).rejects.toMatchObject({ name: "ClusterNotFoundException" });
    await expect(
      test.ecs.send(new UpdateServiceCommand({ service: "web", desiredCount: 9 })),
    ).rejects.toMatchObject({
      name: "ClusterNotFoundException",
    });
  });

  it("leave no process behind when the range stops, one that ignores SIGTERM included", async () => {
    await test.createWeb({ desiredCount: 2, environment: { IGNORE_TERM: "1" } });
    await steady();
    const pids = [...test.range.ecs.state.tasks.values()].map(
      (task) => task.containers[0]?.process?.pid ?? 0,
    );

    await test.range.stop();

    expect(pids.every((pid) => pid > 0)).toBe(true);
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
