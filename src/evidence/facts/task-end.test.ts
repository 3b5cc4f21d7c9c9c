import { describe, expect, it } from "vitest";
import type { ContainerReading, TaskDefinitionReading, TaskReading } from "../../domain/reading.ts";
import { classifyStop } from "./stop-class.ts";
import { endOf } from "./task-end.ts";
import { runningTaskFacts, stoppedTaskFacts } from "./task-facts.ts";

const OOM = "OutOfMemoryError: Container killed due to memory usage";
const ARN = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7";

const exited = (...containers: ContainerReading[]): TaskReading => ({
  arn: "arn:aws:ecs:eu-west-1:123456789012:task/production/0123456789abcdef0123456789abcdef",
  id: "0123456789abcdef0123456789abcdef",
  lastStatus: "STOPPED",
  desiredStatus: "STOPPED",
  taskDefinition: ARN,
  startedAt: "2026-11-23T06:00:00.000Z",
  stoppedAt: "2026-11-23T07:00:00.000Z",
  stopCode: "EssentialContainerExited",
  stoppedReason: "Essential container in task exited",
  containers,
});

interface Declared {
  readonly name: string;
  readonly essential?: boolean;
  readonly memoryMiB?: number;
  readonly ports?: readonly number[];
}

const definition = (...containers: Declared[]): TaskDefinitionReading => ({
  arn: ARN,
  family: "web",
  revision: 7,
  memory: "512",
  containers: containers.map((container) => ({
    image: `${container.name}:1`,
    essential: true,
    environmentNames: [],
    secretNames: [],
    ports: [],
    ...container,
  })),
});

describe("what ended a task", () => {
  /** github.com/DataDog/datadog-agent/issues/29319 */
  it("is a sidecar that was killed for memory, with its own limit", () => {
    const task = exited(
      { name: "app", exitCode: 143 },
      { name: "datadog-agent", exitCode: 137, reason: OOM },
    );

    const end = endOf(
      task,
      definition({ name: "app", ports: [8080] }, { name: "datadog-agent", memoryMiB: 256 }),
    );

    expect(end.endedBy).toMatchObject({
      name: "datadog-agent",
      memoryLimitMiB: 256,
      limitOf: "container",
      sidecar: true,
    });
  });

  it("is no container that is not essential, whatever its own end", () => {
    const task = exited({ name: "app", exitCode: 3 }, { name: "otel", exitCode: 137, reason: OOM });
    const known = definition({ name: "app" }, { name: "otel", essential: false });

    expect(endOf(task, known).endedBy?.name).toBe("app");
    expect(classifyStop(task, known)).toBe("crashed");
    // Without the definition ECS's only words are taken.
    expect(classifyStop(task)).toBe("out-of-memory");
  });

  /** github.com/aws/aws-cdk/issues/32877 */
  it("is no container that another service put beside the task", () => {
    const guard = {
      name: "aws-guardduty-agent-a1b2c3",
      exitCode: 1,
      reason: "CannotPullContainerError: denied",
    };
    const task = exited({ name: "app", exitCode: 0 }, guard);
    const known = definition({ name: "app" });

    expect(endOf(task, known).endedBy?.name).toBe("app");
    expect(classifyStop(task, known)).toBe("exited-successfully");
  });

  /** github.com/aws/amazon-ecs-service-connect-agent/issues/155: it is essential, and in no task definition. */
  it("is the proxy of Service Connect where the application was only stopped after it", () => {
    const proxy = { name: "ecs-service-connect-nconQf", exitCode: 1 };
    const known = definition({ name: "app" });

    expect(endOf(exited({ name: "app", exitCode: 143 }, proxy), known).endedBy?.name).toBe(proxy.name);
    expect(endOf(exited({ name: "app", exitCode: 1 }, proxy), known).endedBy?.name).toBe("app");
    expect(
      endOf(exited({ name: "app", exitCode: 143 }, { ...proxy, exitCode: 143 }), known).endedBy,
    ).toBeUndefined();
  });

  it("is not all that ends: a task may run on without a container", () => {
    const task = {
      ...exited({ name: "app" }, { name: "otel", exitCode: 137, reason: OOM }),
      lastStatus: "RUNNING",
    };

    const [fact] = runningTaskFacts([task], 0, [
      definition({ name: "app" }, { name: "otel", essential: false, memoryMiB: 64 }),
    ]);

    expect(fact?.data).toMatchObject({ ended: [{ name: "otel", exitCode: 137, memoryLimitMiB: 64 }] });
    expect(fact?.statement).toContain("without container otel (exit 137");
  });

  it("is told of an init container that keeps the task from starting", () => {
    const task = {
      ...exited({ name: "migrate", exitCode: 1 }, { name: "app" }),
      stopCode: "TaskFailedToStart",
      stoppedReason: "dependency container migrate did not exit successfully",
    };

    expect(
      endOf(task, definition({ name: "migrate", essential: false }, { name: "app" })).explaining,
    ).toMatchObject([{ name: "migrate", exitCode: 1 }, { name: "app" }]);
  });

  it.each([
    ["one that failed beside one that ECS stopped", 1, 143, "one"],
    ["one that was killed beside one that ECS stopped", 137, 143, "one"],
    ["one that left beside one that ECS stopped", 0, 143, "one"],
    ["none of two that were killed", 137, 137, undefined],
  ])("is %s", (_case, one, other, expected) => {
    const task = exited({ name: "one", exitCode: one }, { name: "other", exitCode: other });

    expect(endOf(task, definition({ name: "one" }, { name: "other" })).endedBy?.name).toBe(expected);
  });

  it("has the limit of the task where the container has none", () => {
    const task = exited({ name: "app", exitCode: 137, reason: OOM });

    expect(endOf(task, definition({ name: "app" })).endedBy).toMatchObject({
      memoryLimitMiB: 512,
      limitOf: "task",
    });
  });

  it("is said in the fact's sentence, with what is not in the task definition", () => {
    const task = exited(
      { name: "app", exitCode: 143 },
      { name: "datadog-agent", exitCode: 137, reason: OOM },
      { name: "aws-guardduty-agent-a1b2c3", reason: "CannotPullContainerError: denied" },
    );

    const [fact] = stoppedTaskFacts([task], 0, [
      definition({ name: "app", ports: [80] }, { name: "datadog-agent", memoryMiB: 256 }),
    ]);

    expect(fact?.statement).toContain("ended by container datadog-agent");
    expect(fact?.statement).toContain("aws-guardduty-agent-a1b2c3 (not in the task definition)");
    expect(fact?.data).toMatchObject({ class: "out-of-memory", endedBy: "datadog-agent" });
  });
});
