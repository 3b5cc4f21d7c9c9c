import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildLambda } from "../../scripts/build.ts";
import { awsError, json } from "../support/aws-stub-answers.ts";
import type { AwsStub } from "../support/aws-stub-server.ts";
import { ricIsMissing } from "../support/lambda-environment.ts";
import { eventually, type LambdaStack, urlRequest } from "../support/lambda-stack.ts";
import { FAST_POLICY, memoryAlarmEvent } from "../support/leaking-service.ts";
import { startLeakingStack } from "../support/leaking-stack.ts";
import type { InvocationResult } from "../support/runtime-api.ts";
import { pressOf, slackPress } from "../support/slack-press.ts";
import { snsEvent } from "../support/sns.ts";

/** Dispatcher, durable incident function and function URL, built, under Lambda's runtime, with Lambda's API beside them. */

const why = ricIsMissing();
if (why !== undefined) process.stderr.write(`\nSKIPPED: the durable functions were NOT run: ${why}.\n`);

const taskRoot = mkdtempSync(join(tmpdir(), "opsagent-durable-"));
const SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const PAGER_SECRET = "pager-secret-of-at-least-24";
const ASKING_POLICY = `${FAST_POLICY.replace("restart: auto", "restart: approve")}approvals:
  deadlineMinutes: 5
  slackUsers: [U0ALLOWED1]
  httpClients: [pager]
`;

beforeAll(async () => {
  await buildLambda(taskRoot);
}, 180_000);
afterAll(() => rmSync(taskRoot, { recursive: true, force: true }));

const start = (
  policy: string,
  variables?: Readonly<Record<string, string>>,
  prepare?: (stub: AwsStub) => void,
) => startLeakingStack(taskRoot, policy, variables, prepare);

function bodyOf<T>(result: InvocationResult): T {
  if (result.kind === "error") throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return result.body as T;
}

/** The execution's end; fails with its error when it is no good one. */
function ended({ lambda }: LambdaStack, name: string): Promise<unknown> {
  return eventually(() => {
    const execution = lambda.execution(name);
    if (execution?.status === "FAILED") throw new Error(JSON.stringify(execution.error));
    return execution?.status === "SUCCEEDED" ? execution.output : undefined;
  });
}

/** Every line of the metrics' format that a function has written. */
function metricsOf(output: string): Record<string, unknown>[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith('{"_aws"'))
    .map((line) => JSON.parse(line));
}

describe.skipIf(why !== undefined)("the deployed functions", { timeout: 90_000 }, () => {
  it("carry an alarm from SNS to the proven cure, waiting outside of any invocation, and a second delivery changes nothing", async () => {
    const { stack, service } = await start(FAST_POLICY);
    const event = memoryAlarmEvent("shop");

    const first = bodyOf<{ executions: string[] }>(await stack.functions.dispatcher.invoke(event));
    const again = bodyOf<{ executions: string[] }>(await stack.functions.dispatcher.invoke(event));
    const [name = ""] = first.executions;
    const incident = (await ended(stack, name)) as { id: string };

    expect(again).toEqual(first);
    expect(stack.lambda.calls.filter((call) => call.startsWith("invocations"))).toEqual([
      "invocations 202",
      "invocations 409",
    ]);
    expect(incident).toMatchObject({
      status: "resolved",
      target: { cluster: "test", service: "shop" },
      decision: { kind: "act", action: "restart" },
      verification: { outcome: "recovered" },
    });
    expect(service.stoppedTasks()).toEqual(["leaky"]);
    // It was suspended while it waited, and entered again.
    expect(stack.lambda.execution(name)?.invocations).toBeGreaterThan(1);
    expect(stack.lambda.executions()).toHaveLength(1);
    expect(stack.slack.messages).toHaveLength(1);
    expect(await stack.store.list()).toMatchObject([{ id: incident.id, status: "resolved" }]);
    expect(await stack.store.open()).toEqual([]);
    // Replay has counted nothing twice.
    const metrics = metricsOf(stack.functions.lambda.output());
    expect(metrics.filter((line) => "IncidentsOpened" in line)).toHaveLength(1);
    expect(metrics.filter((line) => "IncidentsClosed" in line)).toMatchObject([
      { Outcome: "resolved", incident: incident.id, IncidentsClosed: 1, Failures: 0 },
    ]);
  });

  it.each([
    ["a policy that names no mode", {}],
    ["no policy file", { OPSAGENT_POLICY: "" }],
  ])("change nothing with %s, and say so", async (_, variables) => {
    const silent = FAST_POLICY.replace(/^modes:.*\n/m, "");
    const { stack, service } = await startLeakingStack(taskRoot, silent, variables, undefined, {
      minutes: 40,
    });

    await stack.functions.dispatcher.invoke(memoryAlarmEvent("shop"));
    // Not the execution's end: without a file it waits for two minutes more for alarms of the same fault.
    const incident = await eventually(async () => {
      const [one] = await stack.store.list();
      return one?.closedAt === undefined ? undefined : one;
    });

    expect(incident).toMatchObject({
      status: "observed",
      summary: expect.stringContaining("set modes.restart in the policy to approve or auto"),
    });
    expect(service.stub.calls("StopTask")).toEqual([]);
    expect(service.stub.calls("UpdateService")).toEqual([]);
  });

  it("ask a person, are woken through the function URL, and stay on their version while a new one is deployed", async () => {
    const { stack, service } = await start(ASKING_POLICY, { OPSAGENT_SECRETS: "opsagent/settings" }, (stub) =>
      stub.on("GetSecretValue", () =>
        json({
          SecretString: JSON.stringify({
            SLACK_SIGNING_SECRET: SIGNING_SECRET,
            OPSAGENT_HTTP_TOKENS: `pager:${PAGER_SECRET}`,
          }),
        }),
      ),
    );
    const { executions } = bodyOf<{ executions: string[] }>(
      await stack.functions.dispatcher.invoke(memoryAlarmEvent("shop")),
    );
    const [name = ""] = executions;
    const question = await eventually(async () => (await stack.store.unanswered())[0]);
    const next = await stack.newVersion();
    stack.lambda.publish(next);
    expect(service.stoppedTasks()).toEqual([]);

    const forged = slackPress({
      secret: "not-the-secret",
      timestamp: Math.floor(Date.now() / 1000),
      value: pressOf(question),
    });
    const refused = bodyOf<{ statusCode: number }>(
      await stack.functions.http.invoke(urlRequest("POST", "/slack/actions", forged.headers, forged.body)),
    );
    const press = slackPress({
      secret: SIGNING_SECRET,
      timestamp: Math.floor(Date.now() / 1000),
      value: pressOf(question),
    });
    const answered = bodyOf<{ statusCode: number; body: string }>(
      await stack.functions.http.invoke(urlRequest("POST", "/slack/actions", press.headers, press.body)),
    );
    const incident = await ended(stack, name);
    const late = bodyOf<{ statusCode: number; body: string }>(
      await stack.functions.http.invoke(
        urlRequest(
          "POST",
          `/incidents/${question.incidentId}/deny`,
          { authorization: `Bearer ${PAGER_SECRET}`, "content-type": "application/json" },
          JSON.stringify({ planHash: question.planHash }),
        ),
      ),
    );

    expect(refused.statusCode).toBe(401);
    expect(answered.statusCode).toBe(200);
    expect(incident).toMatchObject({
      status: "resolved",
      approval: { answer: { verdict: "approved", by: { channel: "slack", id: "U0ALLOWED1" } } },
    });
    expect(late).toMatchObject({ statusCode: 409 });
    expect(JSON.parse(late.body)).toMatchObject({ code: "already-answered" });
    expect(stack.lambda.calls.filter((call) => call.startsWith("succeed"))).toEqual([
      "succeed 200",
      "succeed 400",
    ]);
    expect(service.stoppedTasks()).toEqual(["leaky"]);
    for (const { output } of Object.values(stack.functions)) {
      expect(output()).not.toMatch(new RegExp(`${SIGNING_SECRET}|${PAGER_SECRET}`));
    }
    expect(stack.lambda.execution(name)).toMatchObject({ version: "1" });
    expect(next.output()).toBe("");
  });

  it("keep a service's place after people were told, so that the fault's next alarm is no second message", async () => {
    const policy = FAST_POLICY.replace("settleSeconds: 3", "settleSeconds: 15");
    const { stack, service } = await start(`${policy}killSwitch: true\n`);
    const event = memoryAlarmEvent("shop");
    const another = JSON.parse(JSON.stringify(event).replaceAll("shop-memory", "shop-latency"));
    const dispatch = async (one: unknown) =>
      bodyOf<{ executions: [string] }>(await stack.functions.dispatcher.invoke(one)).executions[0];

    const first = await dispatch(event);
    await eventually(() => stack.slack.messages[0]);
    const second = await dispatch(another);
    const noted = await ended(stack, second);
    const incident = (await ended(stack, first)) as { id: string };

    expect(noted).toMatchObject({ joinedTo: incident.id });
    expect(incident).toMatchObject({ status: "escalated", joined: [{ alarm: "shop-latency" }] });
    expect(await stack.store.list()).toMatchObject([
      { id: incident.id, joined: [{ alarm: "shop-latency" }] },
    ]);
    expect(await stack.store.open()).toEqual([]);
    expect(stack.slack.messages).toHaveLength(1);
    expect(service.stoppedTasks()).toEqual([]);
  });

  it("keep and report what they cannot read, pass the self-test, and refuse what came the wrong way", async () => {
    const { stack, service } = await start(FAST_POLICY);
    const { dispatcher, lambda } = stack.functions;

    const unreadable = bodyOf(await dispatcher.invoke(snsEvent("{ not json")));
    const selfTest = bodyOf(await dispatcher.invoke(snsEvent({ opsagent: "self-test" })));
    const direct = await lambda.invoke(memoryAlarmEvent("shop"));

    expect(unreadable).toEqual({ executions: [] });
    expect(await stack.store.list()).toMatchObject([
      { status: "failed", failures: [{ code: "event-unreadable" }] },
    ]);
    expect(stack.slack.messages).toHaveLength(1);
    expect(selfTest).toEqual({ executions: [] });
    expect(metricsOf(dispatcher.output())).toContainEqual(
      expect.objectContaining({
        SelfTest: 1,
        _aws: expect.objectContaining({
          CloudWatchMetrics: [expect.objectContaining({ Namespace: "OpsAgent" })],
        }),
      }),
    );
    expect(direct).toMatchObject({
      kind: "error",
      errorMessage: expect.stringContaining("without durable execution"),
    });
    expect(stack.lambda.executions()).toEqual([]);
    expect(service.stub.connections()).toBe(0);
  });

  it("fail loudly where the incident function or the secret cannot be reached, and work once they can", async () => {
    let allowed = false;
    const { stack } = await start(
      FAST_POLICY,
      {
        OPSAGENT_INCIDENT_FUNCTION: "arn:aws:lambda:us-east-1:000000000000:function:gone:live",
        OPSAGENT_SECRETS: "opsagent/settings",
      },
      (stub) =>
        stub.on("GetSecretValue", () =>
          allowed ? json({ SecretString: "{}" }) : awsError("AccessDeniedException"),
        ),
    );

    const denied = await stack.functions.dispatcher.invoke(memoryAlarmEvent("shop"));
    allowed = true;

    const undelivered = await stack.functions.dispatcher.invoke(memoryAlarmEvent("shop"));

    expect(denied).toMatchObject({ kind: "error", errorMessage: expect.stringContaining("AccessDenied") });
    expect(stack.functions.dispatcher.output()).toContain("secretsmanager:GetSecretValue");
    expect(undelivered).toMatchObject({ kind: "error", errorType: "ResourceNotFoundException" });
    expect(stack.functions.dispatcher.output()).toContain('"event-not-dispatched"');
    expect(metricsOf(stack.functions.dispatcher.output())).toEqual([]);
  });
});
