import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, startTestRange, type TestRange } from "../range-fixture.ts";
import { matches } from "./health-checker.ts";
import type { LoadBalancer } from "./model.ts";

describe("load balancer", () => {
  let test: TestRange;
  let balancer: LoadBalancer;
  let client: ElasticLoadBalancingV2Client;

  beforeEach(async () => {
    test = await startTestRange();
    balancer = await test.range.elb.createLoadBalancer("web");
    client = new ElasticLoadBalancingV2Client(test.clientConfig);
  });
  afterEach(() => test.range.stop());

  async function targetHealth() {
    const described = await client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: balancer.group.arn }),
    );
    return (described.TargetHealthDescriptions ?? []).map((one) => one.TargetHealth);
  }
  const states = (wanted: string) =>
    eventually(async () => {
      const all = await targetHealth();
      return all.length > 0 && all.every((one) => one?.State === wanted) && all;
    });
  const sum = (name: string) =>
    test.samples
      .filter((sample) => sample.name === name && "TargetGroup" in sample.dimensions)
      .reduce((total, sample) => total + sample.value, 0);

  it("takes turns over healthy targets and counts what it served", async () => {
    await test.createWeb({ desiredCount: 2, targetGroupArn: balancer.group.arn });
    await states("healthy");

    const answers = await Promise.all([1, 2, 3, 4].map(async () => (await fetch(balancer.url)).text()));

    expect(new Set(answers).size).toBe(2);
    await eventually(async () => sum("RequestCount") === 4 && sum("HTTPCode_Target_2XX_Count") === 4);
    await eventually(async () => sum("HealthyHostCount") >= 2);
    expect(sum("RequestCountPerTarget")).toBe(4);
    expect(sum("HTTPCode_Target_5XX_Count")).toBe(0);
    expect(test.samples.some((sample) => sample.name.includes("5XX"))).toBe(false);
    expect(test.samples.filter((sample) => sample.name === "TargetResponseTime")).toHaveLength(8);
    const groups = await client.send(
      new DescribeTargetGroupsCommand({ TargetGroupArns: [balancer.group.arn] }),
    );
    expect(groups.TargetGroups).toMatchObject([
      { HealthCheckPath: "/healthz", Matcher: { HttpCode: "200" } },
    ]);
  });

  it("answers by itself while its rule has a fixed response, so that no target sees a request", async () => {
    await test.createWeb({ targetGroupArn: balancer.group.arn });
    await states("healthy");

    balancer.answerItself(404);
    const refused = await fetch(balancer.url);
    balancer.answerItself(undefined);
    const served = await fetch(balancer.url);

    expect([refused.status, served.status]).toEqual([404, 200]);
    await eventually(async () => sum("RequestCount") === 1);
    const fixed = test.samples.filter(({ name }) => name === "HTTP_Fixed_Response_Count");
    expect(fixed.map(({ value, dimensions }) => [value, Object.keys(dimensions)])).toEqual([
      [1, ["LoadBalancer"]],
    ]);
  });

  it("says why a target is unhealthy, fails open and leaves the task alone during the grace period", async () => {
    const environment = { HEALTH: "503", STATUS: "500" };
    await test.createWeb({ environment, targetGroupArn: balancer.group.arn, grace: 60 });

    const [health] = await states("unhealthy");
    const answer = await fetch(balancer.url);

    expect(health).toMatchObject({
      Reason: "Target.ResponseCodeMismatch",
      Description: "Health checks failed with these codes: [503]",
    });
    expect(answer.status).toBe(500);
    await eventually(async () => sum("HTTPCode_Target_5XX_Count") === 1 && sum("UnHealthyHostCount") > 0);
    expect(await test.webTasks("STOPPED")).toEqual([]);
  });

  it("makes ECS replace a task that fails its checks after the grace period", async () => {
    await test.createWeb({ environment: { HEALTH: "503" }, targetGroupArn: balancer.group.arn, grace: 1 });

    const stopped = await eventually(async () =>
      (await test.webTasks("STOPPED")).find((one) => one.stoppedAt),
    );

    expect(stopped.stoppedReason).toBe(
      `Task failed ELB health checks in (target-group ${balancer.group.arn})`,
    );
    const id = stopped.taskArn?.split("/").at(-1);
    const events = ((await test.web()).events ?? []).map((event) => event.message).join("\n");
    expect(events).toContain(`(task ${id}) (port`);
    expect(events).toContain(
      `is unhealthy in (target-group ${balancer.group.arn}) due to (reason Health checks failed with these codes: [503])`,
    );
  });

  it("checks another path, port or status as soon as it is told to", async () => {
    const modify = (change: object) =>
      client.send(new ModifyTargetGroupCommand({ TargetGroupArn: balancer.group.arn, ...change }));
    await test.createWeb({
      environment: { STATUS: "404" },
      targetGroupArn: balancer.group.arn,
      grace: 60,
    });
    await states("healthy");

    await modify({ HealthCheckPath: "/health" });
    const [otherPath] = await states("unhealthy");
    await modify({ Matcher: { HttpCode: "200,400-404" } });
    await states("healthy");
    await modify({ HealthCheckPort: "9" });
    const [otherPort] = await states("unhealthy");

    expect(otherPath?.Description).toBe("Health checks failed with these codes: [404]");
    expect(otherPort).toMatchObject({
      Reason: "Target.FailedHealthChecks",
      Description: "Health checks failed",
    });
    expect(await test.webTasks("STOPPED")).toEqual([]);
  });

  it("counts a check that takes too long as a time-out, and each registered target as registering first", async () => {
    const seen = new Set<string>();
    const watch = setInterval(
      () =>
        targetHealth().then(
          (all) => {
            for (const one of all) seen.add(`${one?.State} ${one?.Reason}`);
          },
          () => {},
        ),
      20,
    );
    const program = `process.on("disconnect", () => process.exit(1));
      require("node:http").createServer(() => {}).listen(process.env.PORT, "127.0.0.1");`;
    test.range.images.push("silent:1", { argv: [process.execPath, "-e", program] });
    await test.createWeb({ image: "silent:1", targetGroupArn: balancer.group.arn, grace: 60 });

    const [health] = await states("unhealthy");

    clearInterval(watch);
    // The watch may not have looked again since.
    seen.add(`${health?.State} ${health?.Reason}`);
    const impatient = fetch(balancer.url, { signal: AbortSignal.timeout(300) });
    await expect(impatient).rejects.toThrow("timeout");
    await eventually(async () => sum("RequestCount") === 1 && sum("HTTPCode_ELB_4XX_Count") === 1);
    expect(health).toMatchObject({ Reason: "Target.Timeout", Description: "Request timed out" });
    expect([...seen]).toEqual([
      "initial Elb.RegistrationInProgress",
      "initial Elb.InitialHealthChecking",
      "unhealthy Target.Timeout",
    ]);
  });

  it("shows a target as draining for the deregistration delay, and forgets it then", async () => {
    const TargetGroupArn = balancer.group.arn;
    const attribute = { Key: "deregistration_delay.timeout_seconds", Value: "1" };
    await test.createWeb({ targetGroupArn: TargetGroupArn });
    await states("healthy");

    await client.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [attribute] }));
    await test.range.ecs.service.operations["UpdateService"]?.({
      cluster: "test",
      service: "web",
      desiredCount: 0,
    });

    const [health] = await states("draining");
    expect(health).toMatchObject({ Reason: "Target.DeregistrationInProgress" });
    const { Attributes } = await client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    expect(Attributes).toContainEqual(attribute);
    await eventually(async () => (await targetHealth()).length === 0);
  });

  it("keeps a client with its cookie at one target, and lets others take turns", async () => {
    const sticky = await test.range.elb.createLoadBalancer("sticky", { stickinessSeconds: 60 });
    await test.createWeb({ desiredCount: 2, targetGroupArn: sticky.group.arn });
    await eventually(async () => {
      const targets = [...sticky.group.targets.values()];
      return targets.length === 2 && targets.every(({ health }) => health.state === "healthy");
    });
    const ask = async (cookie = "") => {
      const answer = await fetch(sticky.url, { headers: { cookie } });
      return { text: await answer.text(), set: answer.headers.get("set-cookie") ?? "" };
    };

    const first = await ask();
    const cookie = `theme=dark; ${first.set.split(";")[0]}`;
    const kept = await Promise.all([1, 2, 3, 4].map(() => ask(cookie)));
    const others = await Promise.all([1, 2, 3, 4].map(() => ask("AWSALB=0123")));

    expect(first.set).toMatch(/^AWSALB=[0-9a-f]{32}; Expires=.* GMT; Path=\/$/);
    expect(new Set(kept.map(({ text }) => text))).toEqual(new Set([first.text]));
    expect(new Set(others.map(({ text }) => text)).size).toBe(2);
    const { Attributes } = await client.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn: sticky.group.arn }),
    );
    expect(Attributes).toEqual(
      expect.arrayContaining([
        { Key: "stickiness.enabled", Value: "true" },
        { Key: "stickiness.lb_cookie.duration_seconds", Value: "60" },
      ]),
    );
  });

  it("answers 503 without targets and an error for an unknown target group", async () => {
    const answer = await fetch(balancer.url);

    expect(answer.status).toBe(503);
    const unknown = new DescribeTargetHealthCommand({ TargetGroupArn: `${balancer.group.arn}x` });
    await expect(client.send(unknown)).rejects.toMatchObject({ name: "TargetGroupNotFoundException" });
  });
});

describe("a matcher", () => {
  it.each([
    ["200", [200]],
    ["200,204", [200, 204]],
    ["200-204", [200, 201, 204]],
    ["200-201,404", [200, 201, 404]],
  ])("%s takes %j and nothing else", (matcher, wanted) => {
    const statuses = [199, 200, 201, 204, 205, 404, 500];

    const taken = statuses.filter((status) => matches(matcher, status));

    expect(taken).toEqual(wanted);
  });
});
