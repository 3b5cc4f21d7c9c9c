import { createServer } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { createAwsAdapters } from "../../src/adapters/aws/index.ts";
import { awsError, delayed, json, raw, reset } from "../support/aws-stub-answers.ts";
import { useAwsStub } from "../support/use-aws-stub.ts";

const target = { cluster: "shop", service: "checkout" };
const taskArn = "arn:aws:ecs:us-east-1:000000000000:task/shop/0123abcd";
const deploymentArn =
  "arn:aws:ecs:us-east-1:000000000000:service-deployment/shop/checkout/NCWGC2ZR-taawPAYrIaU5";
const bed = useAwsStub({ connectMs: 300, answerMs: 300 });

describe("what AWS is told", () => {
  it("stops a task of the cluster with a reason", async () => {
    bed.stub.on("StopTask", json({ task: { taskArn } }));

    const actuation = await bed.aws.actuator.stopTask(target, taskArn, "incident i-1");

    expect(actuation.outcome).toBe("accepted");
    expect(bed.stub.calls("StopTask")).toEqual([{ cluster: "shop", task: taskArn, reason: "incident i-1" }]);
  });

  it("changes the desired count and nothing else", async () => {
    bed.stub.on("UpdateService", json({ service: { desiredCount: 6 } }));

    const actuation = await bed.aws.actuator.setDesiredCount(target, 6);

    expect(actuation).toEqual({ outcome: "accepted", detail: "desired count of checkout is 6" });
    expect(bed.stub.calls("UpdateService")).toEqual([
      { cluster: "shop", service: "checkout", desiredCount: 6 },
    ]);
  });

  it("rolls an ongoing deployment back, by its own ARN", async () => {
    bed.stub.on("StopServiceDeployment", json({ serviceDeploymentArn: deploymentArn }));

    const actuation = await bed.aws.actuator.rollBackDeployment(target, deploymentArn);

    expect(actuation).toEqual({
      outcome: "accepted",
      detail: "the deployment of checkout is told to roll back",
    });
    expect(bed.stub.calls("StopServiceDeployment")).toEqual([
      { serviceDeploymentArn: deploymentArn, stopType: "ROLLBACK" },
    ]);
  });

  it("changes the task definition and nothing else", async () => {
    bed.stub.on("UpdateService", json({ service: { taskDefinition: "checkout:41" } }));

    const actuation = await bed.aws.actuator.setTaskDefinition(target, "checkout:41");

    expect(actuation).toEqual({ outcome: "accepted", detail: "checkout is told to run checkout:41" });
    expect(bed.stub.calls("UpdateService")).toEqual([
      { cluster: "shop", service: "checkout", taskDefinition: "checkout:41" },
    ]);
  });
});

it("opens a connection for every change, never one that the server may be closing", async () => {
  bed.stub.on("StopTask", json({ task: { taskArn } }));

  await bed.aws.actuator.stopTask(target, taskArn, "incident i-1");
  await bed.aws.actuator.stopTask(target, taskArn, "incident i-2");

  expect(bed.stub.connections()).toBe(2);
});

describe("one request, whatever is answered", () => {
  const html = "<html><body>Bad Gateway</body></html>";
  const cases = [
    ["a throttle", awsError("ThrottlingException"), "refused", "ThrottlingException"],
    ["a denial", awsError("AccessDeniedException"), "refused", "AccessDeniedException"],
    ["a client error", awsError("ClientException"), "refused", "ClientException"],
    ["a bad parameter", awsError("InvalidParameterException"), "refused", "InvalidParameterException"],
    ["a missing cluster", awsError("ClusterNotFoundException"), "refused", "ClusterNotFoundException"],
    [
      "a 429 with a code",
      awsError("TooManyRequestsException", { status: 429 }),
      "refused",
      "TooManyRequestsException",
    ],
    ["a server fault", awsError("ServerException", { status: 500 }), "ambiguous", undefined],
    ["a 503", awsError("ServiceUnavailableException", { status: 503 }), "ambiguous", undefined],
    ["a request timeout", awsError("RequestTimeoutException", { status: 408 }), "ambiguous", undefined],
    ["a gateway's page", raw(502, "text/html", html), "ambiguous", undefined],
    ["a proxy's page with 403", raw(403, "text/html", html), "ambiguous", undefined],
    ["a proxy's empty 404", raw(404, "text/plain", ""), "ambiguous", undefined],
    ["a proxy's JSON", raw(403, "application/json", '{"code":"denied_by_proxy"}'), "ambiguous", undefined],
    [
      "truncated JSON",
      raw(200, "application/x-amz-json-1.1", '{"task":{"taskArn":"arn'),
      "ambiguous",
      undefined,
    ],
    ["a page with 200", raw(200, "text/html", html), "ambiguous", undefined],
    ["an empty 200", raw(200, "application/x-amz-json-1.1", ""), "ambiguous", undefined],
    ["an empty object", json({}), "ambiguous", undefined],
    ["a reset before the body is read", reset("before-body"), "ambiguous", undefined],
    ["a reset after the body was read", reset("after-body"), "ambiguous", undefined],
    ["a reset within the answer", reset("within-answer"), "ambiguous", undefined],
    ["an answer that comes too late", delayed(600, json({ task: { taskArn } })), "ambiguous", undefined],
  ] as const;

  it.each(cases)("%s", async (_name, answer, outcome, code) => {
    bed.stub.on("StopTask", answer, json({ task: { taskArn } }));

    const actuation = await bed.aws.actuator.stopTask(target, taskArn, "incident i-1");

    expect(actuation).toMatchObject(code === undefined ? { outcome } : { outcome, code });
    expect(bed.stub.calls("StopTask")).toHaveLength(1);
  });

  const rollBack = () => bed.aws.actuator.rollBackDeployment(target, deploymentArn);
  const goBack = () => bed.aws.actuator.setTaskDefinition(target, "checkout:41");
  const rollbacks = [
    ["a deployment that is gone", "ServiceDeploymentNotFoundException", rollBack],
    ["a deployment that is over", "ConflictException", rollBack],
    ["a bad ARN", "InvalidParameterException", rollBack],
    ["no permission to stop it", "AccessDeniedException", rollBack],
    ["a service that is gone", "ServiceNotFoundException", goBack],
    ["a revision that is gone", "ClientException", goBack],
    ["a bad parameter", "InvalidParameterException", goBack],
    ["no permission to update it", "AccessDeniedException", goBack],
  ] as const;

  it.each(rollbacks)("a rollback of %s is refused with %s", async (_name, code, call) => {
    const operation = call === rollBack ? "StopServiceDeployment" : "UpdateService";
    bed.stub.on(operation, awsError(code), json({ service: {}, serviceDeploymentArn: deploymentArn }));

    const actuation = await call();

    expect(actuation).toMatchObject({ outcome: "refused", code, remedy: expect.stringMatching(/\.$/) });
    expect(bed.stub.calls(operation)).toHaveLength(1);
  });

  const unclear = [
    ["a server fault", awsError("ServerException", { status: 500 })],
    ["a 503", awsError("ServiceUnavailableException", { status: 503 })],
    ["a gateway's page", raw(502, "text/html", html)],
    ["a proxy's page with 403", raw(403, "text/html", html)],
    ["an empty object", json({})],
    ["a reset before the body is read", reset("before-body")],
    ["a reset after the body was read", reset("after-body")],
    ["an answer that comes too late", delayed(600, json({ service: {} }))],
  ] as const;
  const calls = [
    ["StopServiceDeployment", rollBack],
    ["UpdateService", goBack],
  ] as const;

  it.each(
    unclear.flatMap(([name, answer]) =>
      calls.map(([operation, call]) => ({ name, answer, operation, call })),
    ),
  )("$operation with $name is ambiguous", async ({ answer, operation, call }) => {
    bed.stub.on(operation, answer, json({ service: {}, serviceDeploymentArn: deploymentArn }));

    const actuation = await call();

    expect(actuation.outcome).toBe("ambiguous");
    expect(bed.stub.calls(operation)).toHaveLength(1);
  });

  it("a task definition whose roles may not be passed is refused with a remedy that names the permission", async () => {
    const message =
      "User: arn:aws:sts::000000000000:assumed-role/opsagent/i is not authorized to perform: iam:PassRole on " +
      "resource: arn:aws:iam::000000000000:role/checkout-task because no identity-based policy allows the iam:PassRole action";
    bed.stub.on("UpdateService", awsError("AccessDeniedException", { message }));

    const actuation = await goBack();

    expect(actuation).toMatchObject({
      outcome: "refused",
      code: "AccessDeniedException",
      remedy: expect.stringContaining("iam:PassRole"),
    });
  });

  it("a denied update that is not about roles names the call itself", async () => {
    bed.stub.on("UpdateService", awsError("AccessDeniedException"));

    const actuation = await goBack();

    expect(actuation).toMatchObject({ remedy: expect.stringContaining("ecs:UpdateService") });
  });

  it.each([
    ["refused", awsError("ThrottlingException")],
    ["ambiguous", reset("after-body")],
  ] as const)("a change of the desired count is %s as well", async (outcome, answer) => {
    bed.stub.on("UpdateService", answer, json({ service: { desiredCount: 6 } }));

    const actuation = await bed.aws.actuator.setDesiredCount(target, 6);

    expect(actuation.outcome).toBe(outcome);
    expect(bed.stub.calls("UpdateService")).toHaveLength(1);
  });
});

describe("when nothing could be sent", () => {
  it("is refused when nobody listens", async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const { actuator } = createAwsAdapters({ region: "us-east-1", endpoint });

    const actuation = await actuator.stopTask(target, taskArn, "incident i-1");

    expect(actuation).toMatchObject({ outcome: "refused", code: "ECONNREFUSED" });
  });

  it("is refused without credentials", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    vi.stubEnv("AWS_PROFILE", "there-is-no-such-profile");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");

    const actuation = await bed.aws.actuator.stopTask(target, taskArn, "incident i-1");

    expect(actuation).toMatchObject({ outcome: "refused", code: "CredentialsProviderError" });
    expect(bed.stub.calls("StopTask")).toHaveLength(0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The server has no TCP address.");
  return address.port;
}
