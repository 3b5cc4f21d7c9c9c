import { describe, expect, it } from "vitest";
import { ago, NOW } from "../../../test/samples/facts.ts";
import type {
  ContainerDefinitionReading,
  DeploymentReading,
  ServiceReading,
  TargetHealthReading,
  TaskDefinitionReading,
  TaskReading,
} from "../../domain/reading.ts";
import { linesWithinBounds, withinBounds } from "../bounds.ts";
import type { FactDraft } from "../source.ts";
import { diffDefinitions } from "./change-facts.ts";
import { eventFacts } from "./event-facts.ts";
import { deploymentFacts, isInProgress, serviceFact } from "./service-facts.ts";
import { targetFacts } from "./target-facts.ts";
import { runningTaskFacts, stoppedTaskFacts } from "./task-facts.ts";

const now = Date.parse(NOW);
const dataOf = (facts: readonly FactDraft[]) => facts.map((fact) => fact.data);

const deployment = (given: Partial<DeploymentReading> = {}): DeploymentReading => ({
  id: "ecs-svc/1",
  status: "PRIMARY",
  taskDefinition: "arn:aws:ecs:us-east-1:000000000000:task-definition/shop:7",
  desired: 3,
  running: 3,
  pending: 0,
  failedTasks: 0,
  ...given,
});

const service = (given: Partial<ServiceReading> = {}): ServiceReading => ({
  arn: "arn:aws:ecs:us-east-1:000000000000:service/production/shop",
  status: "ACTIVE",
  desired: 3,
  running: 2,
  pending: 1,
  taskDefinition: "arn:aws:ecs:us-east-1:000000000000:task-definition/shop:7",
  controller: "ECS",
  deployments: [deployment()],
  events: [],
  targetGroupArns: [],
  ...given,
});

const task = (id: string, given: Partial<TaskReading> = {}): TaskReading => ({
  arn: `arn:aws:ecs:us-east-1:000000000000:task/production/${id}`,
  id,
  lastStatus: "RUNNING",
  desiredStatus: "RUNNING",
  taskDefinition: "arn:aws:ecs:us-east-1:000000000000:task-definition/shop:7",
  containers: [],
  ...given,
});

describe("the service's facts", () => {
  it("say how many tasks run of how many", () => {
    expect(serviceFact(service()).statement).toBe(
      "Service ACTIVE: 2 of 3 tasks running, 1 pending, task definition shop:7.",
    );
  });

  it.each([
    ["IN_PROGRESS alone, all running: steady", { rolloutState: "IN_PROGRESS" }, 1, false],
    ["IN_PROGRESS alone, some missing", { rolloutState: "IN_PROGRESS", running: 2 }, 1, true],
    ["IN_PROGRESS beside another one", { rolloutState: "IN_PROGRESS" }, 2, true],
    ["COMPLETED beside another one", { rolloutState: "COMPLETED" }, 2, false],
    ["FAILED", { rolloutState: "FAILED", running: 0 }, 1, false],
    ["without a state, alone", {}, 1, false],
    ["without a state, beside another one", {}, 2, true],
  ])("know whether a deployment runs: %s", (_, given, count, expected) => {
    expect(isInProgress(deployment(given), count)).toBe(expected);
  });

  it("say how long before the onset a deployment began, negative when after it", () => {
    const facts = deploymentFacts(
      service({
        deployments: [deployment({ createdAt: ago(600) }), deployment({ createdAt: ago(-60) }), deployment()],
      }),
      now,
    );

    expect(facts.map((fact) => "secondsBeforeOnset" in fact.data && fact.data.secondsBeforeOnset)).toEqual([
      600,
      -60,
      false,
    ]);
  });

  it("count events that speak of trouble and leave out old ones and steady states", () => {
    const at = ago(60);
    const events = [
      { at, message: "(service shop) has reached a steady state." },
      {
        at,
        message:
          "(service shop) (port 8080) is unhealthy in (target-group x) due to (reason Request timed out)",
      },
      {
        at,
        message:
          "(service shop) (port 8081) is unhealthy in (target-group x) due to (reason Request timed out)",
      },
      {
        at,
        message:
          "(service shop) was unable to place a task because no container instance met all of its requirements.",
      },
      { at, message: "(service shop) is unable to consistently start tasks successfully." },
      {
        at,
        message:
          "(service shop) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::000000000000:role/shop').",
      },
      {
        at,
        message:
          "(service shop) was unable to place a task. Reason: Fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: /prod/KEY.",
      },
      { at, message: "(service shop) operations are being throttled on ELB. Will try again later." },
      { at, message: "(service shop) was unable to scale in due to 2 protected tasks" },
      { at: ago(9_999), message: "(service shop) was unable to place a task. Reason: RESOURCE:CPU." },
    ];

    expect(dataOf(eventFacts(service({ events }), now - 3_600_000))).toMatchObject([
      { class: "unhealthy", count: 2 },
      { class: "placement-failure", count: 1 },
      { class: "start-impaired" },
      { class: "start-failure" },
      { class: "start-failure" },
      { class: "throttled" },
      { class: "protected" },
    ]);
  });
});

describe("a sick target", () => {
  it("has what its check asks and expects, as the target group says it", () => {
    const group = {
      arn: "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/1",
      targetGroupDimension: "targetgroup/web/1",
      healthCheckPath: "/ready",
      healthCheckPort: "traffic-port",
      healthCheckProtocol: "HTTPS",
      healthCheckCodes: "200-299",
      healthCheckTimeoutSeconds: 5,
    };
    const target = { targetGroupArn: group.arn, id: "10.0.0.1", port: 8080, state: "unhealthy" };

    expect(dataOf(targetFacts(group, [target], []))).toMatchObject([
      { check: "HTTPS /ready, expects 200-299, within 5 s" },
    ]);
    expect(
      dataOf(targetFacts({ arn: group.arn, targetGroupDimension: group.targetGroupDimension }, [target], [])),
    ).not.toMatchObject([{ check: expect.anything() }]);
  });
});

describe("events in words that no class knows", () => {
  /** docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html */
  it.each([
    "(service shop) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.",
    "(service shop) could not launch 2 tasks for deployment (deployment ecs-svc/1).",
    "(service shop) IAM trust relationship of role shop has been misconfigured or changed.",
    "(service shop) Timed out waiting for Amazon ECS Agent to start.",
    "(service shop) a sentence that AWS writes next year.",
  ])("are facts as they are: %s", (message) => {
    expect(eventFacts(service({ events: [{ at: ago(60), message }] }), now - 3_600_000)).toMatchObject([
      { provenance: "control-plane", data: { class: "other", message } },
    ]);
  });

  it.each([
    "(service shop) has reached a steady state.",
    "(service shop) has started 2 tasks: (task 0123456789abcdef0123456789abcdef).",
    "(service shop) has stopped 1 running tasks: (task 0123456789abcdef0123456789abcdef).",
    "(service shop) registered 1 targets in (target-group arn:aws:elasticloadbalancing:x)",
    "(service shop) deregistered 1 targets in (target-group arn:aws:elasticloadbalancing:x)",
    "(service shop) has begun draining connections on 1 tasks.",
    "(service shop) (deployment ecs-svc/1) deployment completed.",
    "(service shop) is not AZ balanced with 2 tasks in a, 0 tasks in b. AZ Rebalancing in progress.",
  ])("are left out where all goes well: %s", (message) => {
    expect(eventFacts(service({ events: [{ at: ago(60), message }] }), now - 3_600_000)).toEqual([]);
  });
});

describe("the tasks' facts", () => {
  it("have the age, where it is known", () => {
    const facts = runningTaskFacts([task("a", { startedAt: ago(90), health: "UNHEALTHY" }), task("b")], now);

    expect(dataOf(facts)).toMatchObject([{ ageSeconds: 90, health: "UNHEALTHY" }, { taskId: "b" }]);
    expect(facts[1]?.data).not.toHaveProperty("ageSeconds");
  });

  it("group stopped tasks by what stopped them, their revision and exit codes", () => {
    const oom = {
      stoppedReason: "OutOfMemoryError: Container killed due to memory usage",
      lastStatus: "STOPPED",
    };
    const containers = [{ name: "app", exitCode: 137 }];
    const facts = stoppedTaskFacts(
      [
        task("a", { ...oom, containers, startedAt: ago(1000), stoppedAt: ago(100) }),
        task("b", { ...oom, containers, startedAt: ago(400), stoppedAt: ago(300) }),
        task("c", { ...oom, containers, taskDefinition: "shop:8", stoppedAt: ago(200) }),
        task("d", { ...oom, containers, stoppedAt: ago(9_999) }),
      ],
      now - 3_600_000,
    );

    expect(dataOf(facts)).toMatchObject([
      {
        class: "out-of-memory",
        count: 2,
        taskIds: ["a", "b"],
        firstAt: ago(300),
        lastAt: ago(100),
        medianLifeSeconds: 900,
      },
      { class: "out-of-memory", count: 1, taskDefinition: "shop:8" },
    ]);
    expect(facts[1]?.data).not.toHaveProperty("medianLifeSeconds");
  });
});

describe("the targets' facts", () => {
  const group = { arn: "g", targetGroupDimension: "targetgroup/shop/1" };
  const target = (id: string, given: Partial<TargetHealthReading> = {}): TargetHealthReading => ({
    targetGroupArn: "g",
    id,
    port: 80,
    state: "unhealthy",
    ...given,
  });
  const at = (id: string, container: { privateAddress?: string; hostPort?: number }) =>
    task(id, { containers: [{ name: "app", ...container }] });

  it("find the task by its address, or by its host port", () => {
    const facts = targetFacts(
      group,
      [target("10.0.0.1"), target("i-1", { port: 32768 })],
      [at("a", { privateAddress: "10.0.0.1", hostPort: 32768 }), at("b", { hostPort: 32768 })],
    );

    expect(dataOf(facts)).toMatchObject([{ taskId: "a" }, { taskId: "b" }]);
  });

  it("name no task when two could be meant: the wrong one would be stopped", () => {
    const facts = targetFacts(
      group,
      [target("i-1", { port: 8080 })],
      [at("a", { hostPort: 8080 }), at("b", { hostPort: 8080 })],
    );

    expect(facts[0]?.data).not.toHaveProperty("taskId");
  });

  it("tell a check on a port that no container opens", () => {
    const definition = { containers: [{ ports: [8080] }] } as unknown as TaskDefinitionReading;
    const asking = (healthCheckPort: string) =>
      targetFacts({ ...group, healthCheckPort }, [target("10.0.0.1")], [], definition)[0];

    expect(asking("9090")).toMatchObject({
      data: { wrongPort: 9090 },
      statement: expect.stringContaining("its check asks port 9090, which no container opens"),
    });
    expect(asking("8080")?.data).not.toHaveProperty("wrongPort");
    expect(asking("traffic-port")?.data).not.toHaveProperty("wrongPort");
  });

  it("count the healthy ones", () => {
    const facts = targetFacts(
      group,
      [target("x", { state: "healthy" }), target("y", { state: "draining" })],
      [],
    );

    expect(dataOf(facts)).toMatchObject([{ state: "draining" }, { state: "healthy", target: "1 of 2" }]);
  });
});

describe("what changed between two task definitions", () => {
  const container = (given: Partial<ContainerDefinitionReading> = {}): ContainerDefinitionReading => ({
    name: "app",
    image: "shop:1",
    essential: true,
    environmentNames: ["A", "B"],
    secretNames: [],
    ports: [80],
    ...given,
  });
  const definition = (
    revision: number,
    ...containers: ContainerDefinitionReading[]
  ): TaskDefinitionReading => ({
    arn: `arn:aws:ecs:us-east-1:000000000000:task-definition/shop:${revision}`,
    family: "shop",
    revision,
    memory: "512",
    containers,
  });
  const changed = (given: Partial<ContainerDefinitionReading>) =>
    diffDefinitions(definition(1, container()), definition(2, container(given)));

  it.each([
    [{ image: "shop:2" }, "app image", "shop:1", "shop:2"],
    [{ memoryMiB: 256 }, "app memory", "none", "256"],
    [{ environmentNames: ["A"] }, "app environment names", "A, B", "A"],
    [{ secretNames: ["KEY"] }, "app secret names", "none", "KEY"],
    [{ ports: [8080] }, "app ports", "80", "8080"],
    [{ healthCheck: "CMD curl" }, "app health check", "none", "CMD curl"],
    [{ command: "node b.js" }, "app command", "none", "node b.js"],
    [{ cpu: 256 }, "app cpu", "none", "256"],
  ])("%j", (given, what, before, after) => {
    expect(changed(given)).toEqual([{ what, before, after }]);
  });

  it("is nothing when only the order differs", () => {
    expect(changed({ environmentNames: ["B", "A"] })).toEqual([]);
  });

  it("tells containers that came and went, and the task's own size", () => {
    const after = { ...definition(2, container({ name: "web" })), memory: "256" };

    expect(diffDefinitions(definition(1, container()), after)).toEqual([
      { what: "task memory", before: "512", after: "256" },
      { what: "container app", before: "shop:1", after: "absent" },
      { what: "container web", before: "absent", after: "shop:1" },
    ]);
  });
});

describe("the bounds of an evidence pack", () => {
  it("leave an ordinary pack as it is", () => {
    const drafts = [serviceFact(service()), ...runningTaskFacts([task("a")], now)];

    expect(withinBounds(drafts)).toEqual({ facts: drafts, gaps: [] });
  });

  it("name what was left out under the source that guardrails look for", () => {
    const group = { arn: "g", targetGroupDimension: "targetgroup/shop/1" };
    const targets = Array.from({ length: 100 }, (_, index) => ({
      targetGroupArn: "g",
      id: `10.0.0.${index}`,
      state: "unhealthy",
    }));

    const { facts, gaps } = withinBounds([...targetFacts(group, targets, []), serviceFact(service())]);

    expect(facts.at(-1)?.kind).toBe("service");
    expect(facts).toHaveLength(61);
    expect(gaps).toMatchObject([{ source: "target-health", code: "too-much", important: true }]);
  });

  it("shorten long texts, redacted before the cut", () => {
    const secret = `AKIA${"ABCDEFGHIJKLMNOP"}`;
    const long = serviceFact(service({ status: `${"x".repeat(390)} ${secret} ${"y".repeat(1_000)}` }));

    const [fact] = withinBounds([long]).facts;

    expect(fact?.statement.length).toBeLessThanOrEqual(401);
    expect(JSON.stringify(fact)).not.toContain("AKIAABC");
  });

  it("keep the newest lines", () => {
    const lines = Array.from({ length: 100 }, (_, index) => `${index} ${"語".repeat(400)}`);

    const kept = linesWithinBounds(lines);

    expect(kept.at(-1)).toBe(lines.at(-1));
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(32 * 1024);
    expect(linesWithinBounds(["a", "b"])).toEqual(["a", "b"]);
  });
});
