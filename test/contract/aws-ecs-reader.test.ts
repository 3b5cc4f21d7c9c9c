import { describe, expect, it } from "vitest";
import { awsError, json } from "../support/aws-stub-answers.ts";
import type { StubInput } from "../support/aws-stub-server.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const target = { cluster: "shop", service: "checkout" };
const account = "arn:aws:ecs:us-east-1:000000000000";
const bed = useAwsStub();

describe("service", () => {
  it("is read with its deployments, events and limits", async () => {
    bed.stub.on("DescribeServices", json({ services: [checkout] }));

    const service = await bed.aws.ecs.service(target);

    expect(service).toEqual({
      arn: `${account}:service/shop/checkout`,
      status: "ACTIVE",
      desired: 4,
      running: 3,
      pending: 1,
      taskDefinition: `${account}:task-definition/checkout:7`,
      controller: "ECS",
      healthCheckGraceSeconds: 30,
      minimumHealthyPercent: 50,
      maximumPercent: 200,
      circuitBreaker: { enabled: true, rollback: false },
      deployments: [
        {
          id: "ecs-svc/1",
          status: "PRIMARY",
          rolloutState: "IN_PROGRESS",
          taskDefinition: `${account}:task-definition/checkout:7`,
          desired: 4,
          running: 3,
          pending: 1,
          failedTasks: 2,
          createdAt: "2025-11-01T10:00:00.500Z",
        },
      ],
      events: [{ at: "2025-11-01T10:00:00.000Z", message: "(service checkout) has reached a steady state." }],
      targetGroupArns: ["arn:tg"],
    });
    expect(bed.stub.calls("DescribeServices")).toEqual([{ cluster: "shop", services: ["checkout"] }]);
  });

  it.each([
    ["missing", { services: [], failures: [{ arn: "checkout", reason: "MISSING" }] }],
    ["inactive", { services: [{ ...checkoutStatus("INACTIVE") }], failures: [] }],
  ])("is undefined when it is %s", async (_name, answer) => {
    bed.stub.on("DescribeServices", json(answer));

    const service = await bed.aws.ecs.service(target);

    expect(service).toBeUndefined();
  });

  it("is an error when ECS gives another reason, or the cluster is wrong", async () => {
    bed.stub.on(
      "DescribeServices",
      json({ services: [], failures: [{ arn: "checkout", reason: "BROKEN" }] }),
      awsError("ClusterNotFoundException", { message: "Cluster not found." }),
    );

    const broken = await rejection(bed.aws.ecs.service(target));
    const wrongCluster = await rejection(bed.aws.ecs.service(target));

    expect(broken).toMatchObject({ code: "aws-failed", message: expect.stringContaining("BROKEN") });
    expect(wrongCluster).toMatchObject({
      code: "service-not-found",
      message: "ECS DescribeServices failed with ClusterNotFoundException (HTTP 400): Cluster not found.",
    });
  });
});

describe("tasks", () => {
  it("are read with exit codes, reasons and addresses, stopped ones newest first", async () => {
    bed.stub.on("ListTasks", ({ desiredStatus }) =>
      json({ taskArns: desiredStatus === "RUNNING" ? [arn("r1")] : [arn("s1"), arn("s2"), arn("gone")] }),
    );
    bed.stub.on(
      "DescribeTasks",
      json({ tasks: [runningTask, stoppedTask("s1", 100), stoppedTask("s2", 200)], failures }),
    );

    const { running, stopped } = await bed.aws.ecs.tasks(target);

    expect(running).toEqual([
      {
        arn: arn("r1"),
        id: "r1",
        lastStatus: "RUNNING",
        desiredStatus: "RUNNING",
        health: "UNHEALTHY",
        taskDefinition: "td:7",
        startedBy: "ecs-svc/1",
        startedAt: "1970-01-01T00:00:50.000Z",
        containers: [{ name: "app", health: "UNHEALTHY", hostPort: 32768, privateAddress: "10.0.0.4" }],
      },
    ]);
    expect(stopped.map(({ id }) => id)).toEqual(["s2", "s1"]);
    expect(stopped[0]).toMatchObject({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      stoppedAt: "1970-01-01T00:03:20.000Z",
      containers: [{ name: "app", exitCode: 137, reason: "OutOfMemoryError: killed" }],
    });
    for (const call of [...bed.stub.calls("ListTasks"), ...bed.stub.calls("DescribeTasks")]) {
      expect(call).toMatchObject({ cluster: "shop" });
    }
  });

  it("are counted once, by what ECS says last, when one stops between the two lists", async () => {
    bed.stub.on("ListTasks", json({ taskArns: [arn("s1")] }));
    bed.stub.on("DescribeTasks", json({ tasks: [stoppedTask("s1", 100)] }));

    const { running, stopped } = await bed.aws.ecs.tasks(target);

    expect(running).toEqual([]);
    expect(stopped).toHaveLength(1);
    expect(bed.stub.calls("DescribeTasks")).toMatchObject([{ tasks: [arn("s1")] }]);
  });

  it("stay bounded when 3 000 have stopped: the newest of the first thousand", async () => {
    bed.stub.on("ListTasks", ({ desiredStatus, ...page }) =>
      desiredStatus === "STOPPED" ? pageOf(3_000, page) : json({ taskArns: [] }),
    );
    bed.stub.on("DescribeTasks", ({ tasks }) =>
      json({ tasks: (tasks as string[]).map((task) => stoppedTask(idOf(task), Number(idOf(task)))) }),
    );

    const { stopped } = await bed.aws.ecs.tasks(target);

    expect(stopped).toHaveLength(200);
    expect(stopped.map(({ id }) => id).slice(0, 2)).toEqual(["999", "998"]);
    expect(bed.stub.calls("ListTasks")).toHaveLength(11);
    expect(bed.stub.calls("DescribeTasks").map(({ tasks }) => (tasks as string[]).length)).toEqual(
      Array(10).fill(100),
    );
  });

  it("obey the caller's limit, and ask nothing more when there are none", async () => {
    bed.stub.on("ListTasks", ({ desiredStatus, ...page }) =>
      desiredStatus === "RUNNING" ? pageOf(300, page) : json({}),
    );
    bed.stub.on("DescribeTasks", ({ tasks }) =>
      json({ tasks: (tasks as string[]).map((task) => ({ ...runningTask, taskArn: task })) }),
    );

    const { running, stopped } = await bed.aws.ecs.tasks(target, { limit: 5 });

    expect(running).toHaveLength(5);
    expect(stopped).toEqual([]);
    expect(bed.stub.calls("ListTasks")).toHaveLength(2);
  });

  it("of a missing service are an error that says so", async () => {
    bed.stub.on("ListTasks", awsError("ServiceNotFoundException"));

    const error = await rejection(bed.aws.ecs.tasks(target));

    expect(error).toMatchObject({ code: "service-not-found", retryable: false });
  });
});

describe("task", () => {
  it.each([
    ["one that ECS no longer knows", { tasks: [], failures }],
    ["one of another service", { tasks: [{ taskArn: arn("r1"), group: "service:payments" }] }],
  ])("is undefined for %s", async (_name, answer) => {
    bed.stub.on("DescribeTasks", json(answer));

    const task = await bed.aws.ecs.task(target, arn("r1"));

    expect(task).toBeUndefined();
  });

  it("is read by its ARN", async () => {
    bed.stub.on("DescribeTasks", json({ tasks: [{ ...runningTask, group: "service:checkout" }] }));

    const task = await bed.aws.ecs.task(target, arn("r1"));

    expect(task).toMatchObject({ id: "r1", lastStatus: "RUNNING" });
    expect(bed.stub.calls("DescribeTasks")).toEqual([{ cluster: "shop", tasks: [arn("r1")] }]);
  });
});

const checkout = {
  serviceArn: `${account}:service/shop/checkout`,
  status: "ACTIVE",
  desiredCount: 4,
  runningCount: 3,
  pendingCount: 1,
  taskDefinition: `${account}:task-definition/checkout:7`,
  deploymentController: { type: "ECS" },
  healthCheckGracePeriodSeconds: 30,
  deploymentConfiguration: {
    minimumHealthyPercent: 50,
    maximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: false },
  },
  deployments: [
    {
      id: "ecs-svc/1",
      status: "PRIMARY",
      rolloutState: "IN_PROGRESS",
      taskDefinition: `${account}:task-definition/checkout:7`,
      desiredCount: 4,
      runningCount: 3,
      pendingCount: 1,
      failedTasks: 2,
      createdAt: 1761991200.5,
    },
  ],
  events: [{ id: "1", createdAt: 1761991200, message: "(service checkout) has reached a steady state." }],
  loadBalancers: [
    { targetGroupArn: "arn:tg", containerName: "app", containerPort: 80 },
    { targetGroupArn: "arn:tg", containerName: "app", containerPort: 81 },
  ],
};

function checkoutStatus(status: string) {
  return { serviceArn: `${account}:service/shop/checkout`, status };
}

const failures = [{ arn: arn("gone"), reason: "MISSING" }];

const runningTask = {
  taskArn: arn("r1"),
  lastStatus: "RUNNING",
  desiredStatus: "RUNNING",
  healthStatus: "UNHEALTHY",
  taskDefinitionArn: "td:7",
  startedBy: "ecs-svc/1",
  startedAt: 50,
  containers: [
    {
      name: "app",
      healthStatus: "UNHEALTHY",
      networkBindings: [{ hostPort: 32768, containerPort: 80 }],
      networkInterfaces: [{ privateIpv4Address: "10.0.0.4" }],
    },
  ],
};

function stoppedTask(id: string, stoppedAt: number) {
  return {
    taskArn: arn(id),
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    taskDefinitionArn: "td:7",
    stoppedAt,
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [{ name: "app", exitCode: 137, reason: "OutOfMemoryError: killed" }],
  };
}

function arn(id: string): string {
  return `${account}:task/shop/${id}`;
}

function idOf(taskArn: string): string {
  return taskArn.slice(taskArn.lastIndexOf("/") + 1);
}

/** One page of ListTasks out of so many tasks; the token is the next task's number. */
function pageOf(total: number, { nextToken, maxResults }: StubInput) {
  const from = Number(nextToken ?? 0);
  const to = Math.min(total, from + Number(maxResults));
  const taskArns = Array.from({ length: to - from }, (_, index) => arn(String(from + index)));
  return json({ taskArns, ...(to < total ? { nextToken: String(to) } : {}) });
}
