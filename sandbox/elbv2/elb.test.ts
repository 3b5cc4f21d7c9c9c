import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, startTestRange, type TestRange } from "../range-fixture.ts";
import type { LoadBalancer } from "./elb.ts";

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

  it("answers 503 without targets and an error for an unknown target group", async () => {
    const answer = await fetch(balancer.url);

    expect(answer.status).toBe(503);
    const unknown = new DescribeTargetHealthCommand({ TargetGroupArn: `${balancer.group.arn}x` });
    await expect(client.send(unknown)).rejects.toMatchObject({ name: "TargetGroupNotFoundException" });
  });
});
