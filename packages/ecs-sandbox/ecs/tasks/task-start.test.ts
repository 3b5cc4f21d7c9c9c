import { DescribeServiceRevisionsCommand, ListServiceDeploymentsCommand } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callInside } from "../../range.ts";
import { eventually, startTestRange, type TestRange } from "../../range-fixture.ts";

describe("the start of a task", () => {
  let test: TestRange;

  beforeEach(async () => {
    test = await startTestRange();
  });
  afterEach(() => test.range.stop());

  const failed = () =>
    eventually(async () => (await test.webTasks("STOPPED")).find((one) => one.stoppedAt !== undefined));
  const running = () =>
    eventually(async () => (await test.webTasks()).find((one) => one.lastStatus === "RUNNING"));
  const secretsOf = (valueFrom: string) => ({ secrets: [{ name: "VERSION", valueFrom }] });

  it.each([
    [
      "access-denied",
      /^CannotPullContainerError: .*pull access denied for .*\.dkr\.ecr\..*ecr:BatchGetImage/,
    ],
    [
      "timeout",
      /^CannotPullContainerError: .*request canceled while waiting for connection \(Client\.Timeout/,
    ],
    ["no-space", /^CannotPullContainerError: .*no space left on device$/],
  ] as const)("fails in the words of ECS when its pull ends in %s", async (problem, words) => {
    test.range.images.refuse("web:1", problem);

    await test.createWeb();

    const task = await failed();
    expect(task.stopCode).toBe("TaskFailedToStart");
    expect(task.stoppedReason).toMatch(words);
    expect(task.containers?.[0]?.reason).toMatch(words);
    test.range.images.refuse("web:1", undefined);
    await running();
  });

  it("keeps the digest of its revision when the tag moves, until a deployment is forced", async () => {
    await test.createWeb();
    const before = await running();
    const moved = test.range.images.push("web:1", {
      argv: [process.execPath, "-e", "setInterval(() => {}, 1000)"],
    });

    await callInside(test.range, "StopTask", { cluster: "test", task: before.taskArn });
    const replacement = await eventually(async () =>
      (await test.webTasks()).find((one) => one.lastStatus === "RUNNING" && one.taskArn !== before.taskArn),
    );
    await callInside(test.range, "UpdateService", {
      cluster: "test",
      service: "web",
      forceNewDeployment: true,
    });
    const forced = await eventually(async () =>
      (await test.webTasks()).find((one) => one.containers?.[0]?.imageDigest === moved),
    );

    expect(before.containers?.[0]?.imageDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(replacement.containers?.[0]?.imageDigest).toBe(before.containers?.[0]?.imageDigest);
    expect(forced.containers?.[0]?.image).toBe("web:1");
    const listed = await test.ecs.send(
      new ListServiceDeploymentsCommand({ cluster: "test", service: "web" }),
    );
    const arns = (listed.serviceDeployments ?? []).flatMap((one) => one.targetServiceRevisionArn ?? []);
    const { serviceRevisions } = await test.ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns }),
    );
    expect(serviceRevisions?.map((one) => one.containerImages?.[0]?.imageDigest)).toEqual([
      moved,
      before.containers?.[0]?.imageDigest,
    ]);
  });

  it("gives a container its secrets, a field of a JSON secret included, and shows only where they come from", async () => {
    const arn = test.range.secrets.put("shop/release", JSON.stringify({ version: "7.7.7" }));
    const valueFrom = `${arn}:version::`;

    await test.createWeb({ container: { ...secretsOf(valueFrom), portMappings: [{ containerPort: 8080 }] } });

    const task = await running();
    const port = task.containers?.[0]?.networkBindings?.[0]?.hostPort;
    const answer = await eventually(async () =>
      (await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined))?.text(),
    );
    expect(answer).toContain("7.7.7");
    const shown = await callInside(test.range, "DescribeTaskDefinition", { taskDefinition: "web" });
    expect(JSON.stringify(shown)).toContain(valueFrom);
    expect(JSON.stringify(shown)).not.toContain("7.7.7");
  });

  it.each([
    ["missing", "asm", "ResourceNotFoundException: Secrets Manager can't find the specified secret."],
    ["access-denied", "asm", "is not authorized to perform: secretsmanager:GetSecretValue on resource:"],
    ["timeout", "asm", "context deadline exceeded. Please check your task network configuration."],
    ["parameter", "ssm", "invalid ssm parameters: /shop/none"],
  ] as const)("fails in the words of ECS for a secret that is %s", async (problem, store, words) => {
    const arn = test.range.secrets.put("shop/token", "x");
    if (problem !== "parameter") test.range.secrets.refuse("shop/token", problem);

    await test.createWeb({ container: secretsOf(problem === "parameter" ? "/shop/none" : arn) });

    const task = await failed();
    expect(task.stopCode).toBe("TaskFailedToStart");
    expect(task.stoppedReason).toContain(
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ",
    );
    expect(task.stoppedReason).toContain(`from ${store}: service call has been retried 1 time(s): `);
    expect(task.stoppedReason).toContain(words);
    expect(task.pullStartedAt).toBeUndefined();
  });

  it("waits for room in its cluster, and says once what is missing", async () => {
    const cluster = test.range.ecs.state.clusters.get("test");
    if (cluster) cluster.capacity = { memory: 600 };

    await test.createWeb({ desiredCount: 3 });

    const events = () => test.web().then((web) => (web.events ?? []).map((event) => event.message ?? ""));
    const isAboutRoom = (message: string) => message.includes("was unable to place a task");
    await eventually(async () => (await events()).some(isAboutRoom));
    await eventually(async () => (await test.web()).runningCount === 2);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect((await events()).filter(isAboutRoom)).toEqual([
      expect.stringMatching(
        /^\(service web\) was unable to place a task because no container instance met all of its requirements\. The closest matching \(container-instance [0-9a-f]{32}\) has insufficient memory available\. For more/,
      ),
    ]);
    if (cluster) cluster.capacity = { memory: 900 };
    await eventually(async () => (await test.web()).runningCount === 3);
  });

  it.each([
    [{ cpu: 256 }, "EC2", "has insufficient CPU units available"],
    [{ tasks: 0 }, "EC2", "No Container Instances were found in your cluster"],
    [{ tasks: 1 }, "EC2", 'encountered error "RESOURCE:ENI"'],
    [{ cpu: 256 }, "FARGATE", "Reason: Capacity is unavailable at this time. Please try again later or in a"],
    [
      { tasks: 1 },
      "FARGATE",
      "Reason: You've reached the limit on the number of tasks you can run concurrently",
    ],
  ] as const)("has no room in %j on %s", async (capacity, launchType, words) => {
    const cluster = test.range.ecs.state.clusters.get("test");
    if (cluster) cluster.capacity = capacity;

    await test.createWeb({ desiredCount: 2, service: { launchType } });

    await eventually(async () => (await test.web()).events?.some((event) => event.message?.includes(words)));
    expect((await test.web()).launchType).toBe(launchType);
  });
});
