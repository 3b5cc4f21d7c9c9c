import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { createAwsAdapters } from "../../src/adapters/aws/index.ts";
import { type Answer, awsError, delayed, json, raw, reset, xml } from "../support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const target = { cluster: "shop", service: "checkout" };
const bed = useAwsStub({ connectMs: 200, answerMs: 200 });
const service = json({
  services: [{ serviceArn: "arn", status: "ACTIVE", desiredCount: 1, runningCount: 1 }],
});

describe("a read is tried again", () => {
  it.each([
    ["a throttle", awsError("ThrottlingException")],
    ["a 503", awsError("ServiceUnavailable", { status: 503 })],
    ["a reset", reset("after-body")],
    ["no answer in time", delayed(400, service)],
  ])("after %s", async (_name, answer) => {
    bed.stub.on("DescribeServices", answer, service);

    const reading = await bed.aws.ecs.service(target);

    expect(reading?.desired).toBe(1);
    expect(bed.stub.calls("DescribeServices")).toHaveLength(2);
  });

  it("also on the XML wire", async () => {
    bed.stub.on(
      "DescribeTargetHealth",
      awsError("Throttling", { message: "Rate exceeded" }),
      xml("<TargetHealthDescriptions></TargetHealthDescriptions>"),
    );

    const health = await bed.aws.loadBalancers.targetHealth("arn:tg");

    expect(health).toEqual([]);
    expect(bed.stub.calls("DescribeTargetHealth")).toHaveLength(2);
  });
});

describe("a read that fails says what to do", () => {
  const page = raw(502, "text/html", "<html>Bad Gateway</html>");
  const cases: readonly (readonly [string, Answer, number, object])[] = [
    ["denied", awsError("AccessDeniedException"), 1, { code: "aws-denied", retryable: false }],
    ["throttled", awsError("ThrottlingException"), 3, { code: "aws-throttled", retryable: true }],
    ["reset", reset("before-body"), 3, { code: "aws-unreachable", retryable: true }],
    ["timeout", delayed(400, service), 3, { code: "aws-unreachable", retryable: true }],
    ["wrong parameter", awsError("InvalidParameterException"), 1, { code: "aws-failed", retryable: false }],
    [
      "server fault",
      awsError("ServerException", { status: 500 }),
      3,
      { code: "aws-failed", retryable: true },
    ],
    [
      "a gateway's page",
      page,
      3,
      { code: "aws-failed", retryable: true, remedy: expect.stringContaining("proxy") },
    ],
    ["truncated", raw(200, "application/json", '{"services":['), 1, { code: "aws-failed", retryable: false }],
  ];

  it.each(cases)("%s", async (_name, answer, attempts, expected) => {
    bed.stub.on("DescribeServices", answer);

    const error = await rejection(bed.aws.ecs.service(target));

    expect(error).toMatchObject({ ...expected, message: expect.stringContaining("ECS DescribeServices") });
    expect(bed.stub.calls("DescribeServices")).toHaveLength(attempts);
  });

  it("with the IAM action that is missing, on each wire", async () => {
    bed.stub.on("DescribeServices", awsError("AccessDeniedException"));
    bed.stub.on("FilterLogEvents", awsError("AccessDeniedException"));
    bed.stub.on("GetMetricData", awsError("AccessDeniedException"));
    bed.stub.on("DescribeAlarms", awsError("AccessDenied", { status: 403 }));
    bed.stub.on("DescribeTargetHealth", awsError("AccessDenied", { status: 403 }));
    bed.stub.on("DescribeScalableTargets", awsError("AccessDeniedException"));
    const { ecs, logs, metrics, alarms, loadBalancers, scaling } = bed.aws;
    const metric = { namespace: "n", name: "m", dimensions: {}, statistic: "Sum", periodSeconds: 60 };
    const window = { from: 0, to: 1_000 };

    const errors = await Promise.all([
      rejection(ecs.service(target)),
      rejection(logs.lines("/ecs/checkout", window)[Symbol.asyncIterator]().next()),
      rejection(metrics.series([{ id: "m", metric }], window)),
      rejection(alarms.alarm("a")),
      rejection(loadBalancers.targetHealth("arn:tg")),
      rejection(scaling.limits(target)),
    ]);

    for (const [index, action] of [
      "ecs:DescribeServices",
      "logs:FilterLogEvents",
      "cloudwatch:GetMetricData",
      "cloudwatch:DescribeAlarms",
      "elasticloadbalancing:DescribeTargetHealth",
      "application-autoscaling:DescribeScalableTargets",
    ].entries()) {
      const remedy = expect.stringContaining(`Allow ${action} `);
      expect(errors[index]).toMatchObject({ code: "aws-denied", remedy });
    }
  });

  it("when nobody listens", async () => {
    const { endpoint } = bed.stub;
    await bed.stub.close();
    const { ecs } = createAwsAdapters({ region: "us-east-1", endpoint });

    const error = await rejection(ecs.service(target));

    expect(error).toMatchObject({
      code: "aws-unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  it("when the name does not resolve", async () => {
    const { ecs } = createAwsAdapters({ region: "us-east-1", endpoint: "http://ecs.invalid" });

    const error = await rejection(ecs.service(target));

    expect(error).toMatchObject({ code: "aws-unreachable" });
  });

  it("without credentials", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    vi.stubEnv("AWS_PROFILE", "there-is-no-such-profile");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");

    const error = await rejection(bed.aws.ecs.service(target));

    expect(error).toMatchObject({ code: "aws-denied", remedy: expect.stringContaining("credentials") });
  });
});

describe("the caller's signal", () => {
  it("ends a read from a slow server at once, without another try", async () => {
    bed.stub.on("DescribeServices", delayed(5_000, service));
    const patient = createAwsAdapters({ region: "us-east-1", endpoint: bed.stub.endpoint });
    const started = performance.now();

    const error = await rejection(patient.ecs.service(target, { signal: AbortSignal.timeout(100) }));

    expect(error).toMatchObject({ code: "aws-unreachable", retryable: true });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(bed.stub.calls("DescribeServices")).toHaveLength(1);
  });

  it("ends a read that waits for its next try", async () => {
    bed.stub.on("DescribeServices", awsError("ThrottlingException"));
    const stop = new AbortController();
    const reading = bed.aws.ecs.service(target, { signal: stop.signal });
    await vi.waitFor(() => expect(bed.stub.calls("DescribeServices")).toHaveLength(1), { interval: 1 });
    await sleep(30); // for the answer to arrive
    const started = performance.now();

    stop.abort();
    const error = await rejection(reading);

    expect(error).toMatchObject({ code: "aws-unreachable" });
    expect(performance.now() - started).toBeLessThan(30);
  });

  it("ends a read that still looks for credentials", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `${bed.stub.endpoint}/credentials`);
    bed.stub.on("", delayed(5_000, json({}))); // asked for credentials, the stub sees no operation
    const started = performance.now();

    const error = await rejection(bed.aws.ecs.service(target, { signal: AbortSignal.timeout(200) }));

    expect(error).toMatchObject({ code: "aws-unreachable" });
    expect(performance.now() - started).toBeLessThan(600);
    expect(bed.stub.calls("")).toHaveLength(1);
  });

  it("that has fired before sends nothing", async () => {
    bed.stub.on("DescribeServices", service);

    const error = await rejection(bed.aws.ecs.service(target, { signal: AbortSignal.abort() }));

    expect(error).toMatchObject({ code: "aws-unreachable" });
    expect(bed.stub.calls("DescribeServices")).toHaveLength(0);
  });
});
