import { expect, it } from "vitest";
import { awsError, xml } from "../support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const account = "arn:aws:elasticloadbalancing:us-east-1:000000000000";
const arn = `${account}:targetgroup/checkout/6d0ecf831eec9f09`;
const bed = useAwsStub();

it("gives the dimensions of the CloudWatch series", async () => {
  bed.stub.on(
    "DescribeTargetGroups",
    groups(group(arn, `${account}:loadbalancer/app/front/50dc6c495c0c9188`)),
  );

  const readings = await bed.aws.loadBalancers.targetGroups([arn]);

  expect(readings).toEqual([
    {
      arn,
      loadBalancerDimension: "app/front/50dc6c495c0c9188",
      targetGroupDimension: "targetgroup/checkout/6d0ecf831eec9f09",
      healthCheckPath: "/health",
      healthCheckPort: "traffic-port",
    },
  ]);
  expect(bed.stub.calls("DescribeTargetGroups")).toMatchObject([{ "TargetGroupArns.member.1": arn }]);
});

it.each([
  ["is attached to nothing", ""],
  ["belongs to a network load balancer", `${account}:loadbalancer/net/front/50dc6c495c0c9188`],
])("leaves the load balancer out when the group %s", async (_name, balancer) => {
  bed.stub.on("DescribeTargetGroups", groups(group(arn, balancer)));

  const [reading] = await bed.aws.loadBalancers.targetGroups([arn]);

  expect(reading).not.toHaveProperty("loadBalancerDimension");
  expect(reading?.networkDimension).toBe(balancer === "" ? undefined : "net/front/50dc6c495c0c9188");
});

it("makes no call for no groups, because AWS would answer with all", async () => {
  bed.stub.on("DescribeTargetGroups", groups(group(arn, "")));

  const readings = await bed.aws.loadBalancers.targetGroups([]);

  expect(readings).toEqual([]);
  expect(bed.stub.calls("DescribeTargetGroups")).toHaveLength(0);
});

it("leaves a missing group out and still gives the others", async () => {
  const missing = `${account}:targetgroup/gone/0`;
  bed.stub.on("DescribeTargetGroups", (input) =>
    Object.values(input).includes(missing) ? awsError("TargetGroupNotFound") : groups(group(arn, "")),
  );

  const readings = await bed.aws.loadBalancers.targetGroups([missing, arn]);

  expect(readings.map((reading) => reading.arn)).toEqual([arn]);
});

it("gives states and reasons of the targets", async () => {
  bed.stub.on(
    "DescribeTargetHealth",
    xml(`<TargetHealthDescriptions>
      <member><Target><Id>10.0.0.4</Id><Port>8080</Port></Target><TargetHealth><State>unhealthy</State>
        <Reason>Target.ResponseCodeMismatch</Reason><Description>Codes: [500] &amp; more</Description></TargetHealth></member>
      <member><Target><Id>10.0.0.5</Id><Port>8080</Port></Target><TargetHealth><State>healthy</State></TargetHealth></member>
    </TargetHealthDescriptions>`),
  );

  const health = await bed.aws.loadBalancers.targetHealth(arn);

  expect(health).toEqual([
    {
      targetGroupArn: arn,
      id: "10.0.0.4",
      port: 8080,
      state: "unhealthy",
      reason: "Target.ResponseCodeMismatch",
      description: "Codes: [500] & more",
    },
    { targetGroupArn: arn, id: "10.0.0.5", port: 8080, state: "healthy" },
  ]);
});

it("does not take a missing group for one without targets", async () => {
  bed.stub.on("DescribeTargetHealth", awsError("TargetGroupNotFound"));

  const error = await rejection(bed.aws.loadBalancers.targetHealth(arn));

  expect(error).toMatchObject({
    code: "aws-failed",
    message: expect.stringContaining("TargetGroupNotFound"),
  });
});

function groups(...members: string[]) {
  return xml(`<TargetGroups>${members.join("")}</TargetGroups>`);
}

function group(groupArn: string, balancer: string): string {
  const balancers = balancer === "" ? "" : `<member>${balancer}</member>`;
  return `<member><TargetGroupArn>${groupArn}</TargetGroupArn><LoadBalancerArns>${balancers}</LoadBalancerArns>
    <HealthCheckPath>/health</HealthCheckPath><HealthCheckPort>traffic-port</HealthCheckPort></member>`;
}
