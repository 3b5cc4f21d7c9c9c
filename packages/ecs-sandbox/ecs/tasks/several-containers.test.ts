import { DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, startTestRange, type TestRange } from "../../range-fixture.ts";
import { guardDutyAgent, guardDutyImage } from "../injected-agent.ts";

describe("a task of several containers", () => {
  let test: TestRange;

  beforeEach(async () => {
    test = await startTestRange();
    const node = (program: string) => ({ argv: [process.execPath, "-e", program] as const });
    test.range.images.push(
      "migrate:1",
      node('console.log("migrated"); process.exit(Number(process.env.CODE ?? 0))'),
    );
    test.range.images.push("agent:1", node("setInterval(() => {}, 1000)"));
    test.range.images.push(
      "glutton:1",
      node("const all = []; setInterval(() => all.push(Buffer.alloc(20e6, 1)), 100)"),
    );
  });
  afterEach(() => test.range.stop());

  const running = () =>
    eventually(async () => (await test.webTasks()).find((one) => one.lastStatus === "RUNNING"));
  const stopped = () =>
    eventually(async () => (await test.webTasks("STOPPED")).find((one) => one.stoppedAt !== undefined));
  const migrate = (code: string) => ({
    container: { dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }] },
    others: [
      {
        name: "migrate",
        image: "migrate:1",
        memory: 128,
        essential: false,
        environment: [{ name: "CODE", value: code }],
      },
    ],
  });
  const containersOf = (task: Awaited<ReturnType<typeof running>>) =>
    (task.containers ?? []).map(({ name, lastStatus, exitCode, reason }) => ({
      name,
      lastStatus,
      exitCode,
      reason,
    }));

  it("starts its container after the one that it waits for has ended well, which stays shown with its code", async () => {
    await test.createWeb(migrate("0"));

    const task = await running();
    expect(containersOf(task)).toEqual([
      { name: "web", lastStatus: "RUNNING", exitCode: undefined, reason: undefined },
      { name: "migrate", lastStatus: "STOPPED", exitCode: 0, reason: undefined },
    ]);
    await eventually(async () => test.lines.some(({ message }) => message === "listening"));
    expect(test.lines[0]?.message).toBe("migrated");
  });

  it("fails to start when the one that it waits for ends badly: only that one has a code", async () => {
    await test.createWeb(migrate("3"));

    const task = await stopped();
    expect(task).toMatchObject({ stopCode: "TaskFailedToStart", stoppedReason: "Task failed to start" });
    expect(containersOf(task)).toEqual([
      { name: "web", lastStatus: "STOPPED", exitCode: undefined, reason: undefined },
      { name: "migrate", lastStatus: "STOPPED", exitCode: 3, reason: undefined },
    ]);
  });

  it("goes on when a sidecar that is not essential is killed at its own memory limit", async () => {
    await test.createWeb({
      others: [{ name: "sidecar", image: "glutton:1", memory: 160, essential: false }],
    });

    const task = await eventually(async () =>
      (await test.webTasks()).find((one) => one.containers?.some(({ exitCode }) => exitCode !== undefined)),
    );
    expect(task.lastStatus).toBe("RUNNING");
    expect(containersOf(task)[1]).toEqual({
      name: "sidecar",
      lastStatus: "STOPPED",
      exitCode: 137,
      reason: "OutOfMemoryError: Container killed due to memory usage",
    });
  });

  it("is measured without a container that has ended", async () => {
    await test.createWeb({
      others: [{ name: "sidecar", image: "glutton:1", memory: 160, essential: false }],
    });
    await eventually(async () =>
      (await test.webTasks())[0]?.containers?.some(
        ({ name, exitCode }) => name === "sidecar" && exitCode === 137,
      ),
    );
    const from = test.samples.length;

    const later = await eventually(async () => {
      const found = test.samples.slice(from + 20).filter(({ name }) => name === "MemoryUtilization");
      return found.length > 1 && found;
    });

    // Both together reserve 416 MiB; the one that is left is far from a third of it.
    expect(later.at(-1)?.value).toBeLessThan(33);
  });

  it("ends when an essential sidecar is killed, with the codes of both", async () => {
    await test.createWeb({ others: [{ name: "sidecar", image: "glutton:1", memory: 160 }] });

    const task = await stopped();
    expect(task).toMatchObject({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
    });
    expect(containersOf(task)).toMatchObject([
      { name: "web", exitCode: 143, reason: undefined },
      { name: "sidecar", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
    ]);
  });

  it("waits for a container to become healthy", async () => {
    await test.createWeb({
      container: { dependsOn: [{ containerName: "agent", condition: "HEALTHY" }] },
      others: [
        {
          name: "agent",
          image: "agent:1",
          memory: 128,
          healthCheck: { command: ["CMD-SHELL", "true"], interval: 1 },
        },
      ],
    });

    expect(containersOf(await running())).toMatchObject([
      { lastStatus: "RUNNING" },
      { lastStatus: "RUNNING" },
    ]);
  });

  it("shows an agent that AWS adds, in no task definition, with the reason why its image cannot be had, and runs", async () => {
    const cluster = test.range.ecs.state.clusters.get("test");
    if (cluster) cluster.injected = guardDutyAgent();
    test.range.images.refuse(guardDutyImage, "forbidden");

    await test.createWeb();

    const task = await running();
    expect(containersOf(task)).toMatchObject([
      { name: "web", lastStatus: "RUNNING" },
      { name: expect.stringMatching(/^aws-guardduty-agent-/), lastStatus: "STOPPED", exitCode: undefined },
    ]);
    expect(task.containers?.[1]?.reason).toMatch(
      /^CannotPullContainerError: pull image manifest has been retried 1 time\(s\): failed to resolve ref .*403 Forbidden$/,
    );
    const { taskDefinition } = await test.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: "web" }),
    );
    expect(taskDefinition?.containerDefinitions?.map(({ name }) => name)).toEqual(["web"]);
  });

  it.each([
    [{ containerName: "nobody", condition: "START" }, "which is not there"],
    [{ containerName: "agent", condition: "SUCCESS" }, "is essential"],
  ])("is refused with the dependency %j", async (dependency, words) => {
    const registered = test.registerWeb({
      container: { dependsOn: [dependency] },
      others: [{ name: "agent", image: "agent:1", memory: 128 }],
    });

    await expect(registered).rejects.toThrow(words);
  });
});
