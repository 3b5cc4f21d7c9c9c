import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { LedgerEntry, ScenarioFacts } from "../../drill/facts.ts";
import { DRILL_POLICY } from "../../drill/policy.ts";
import { startReceivers } from "../../drill/receivers.ts";
import { startSandbox } from "../../drill/sandbox-process.ts";
import { buildLambda } from "../../scripts/build.ts";
import { ricIsMissing } from "../support/lambda-environment.ts";
import { eventually, startLambdaStack } from "../support/lambda-stack.ts";

/**
 * The whole way: a real task hangs in the sandbox, its CloudWatch fires, its SNS delivers to the built dispatcher, and
 * the built incident function mends it, each under Lambda's runtime.
 */

const why = ricIsMissing();
if (why !== undefined)
  process.stderr.write(`\nSKIPPED: the functions were NOT run against the sandbox: ${why}.\n`);

const taskRoot = mkdtempSync(join(tmpdir(), "opsagent-durable-"));
const MINUTES = 60_000;

beforeAll(async () => {
  await buildLambda(taskRoot);
}, 180_000);
afterAll(() => rmSync(taskRoot, { recursive: true, force: true }));

describe.skipIf(why !== undefined)("the built functions against the sandbox", () => {
  it("mend what the SNS event of a real alarm is about", { timeout: 6 * MINUTES }, async () => {
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.stop());
    const facts = await sandbox.control<ScenarioFacts>("POST", "/scenarios/unhealthy-task/start");
    const stack = await startLambdaStack(taskRoot, DRILL_POLICY, {
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: sandbox.endpoint,
      ECS_CLUSTER: facts.cluster,
    });
    onTestFinished(() => stack.stop());
    const dispatched: unknown[] = [];
    const receivers = await startReceivers((event) => {
      dispatched.push(stack.functions.dispatcher.invoke(event));
    });
    onTestFinished(() => receivers.close());
    const arn = "arn:aws:lambda:us-east-1:000000000000:function:opsagent-dispatcher";
    await sandbox.control("POST", "/functions", { arn, url: receivers.invokeUrl });

    await sandbox.control("POST", "/inject");
    const resolved = await eventually(async () =>
      (await stack.store.list()).find(({ status }) => status !== "observed" && status !== "open"),
    );

    await eventually(
      () => stack.lambda.executions().every(({ status }) => status !== "RUNNING") || undefined,
    );
    const calls = await sandbox.control<LedgerEntry[]>("GET", "/ledger");
    const stops = calls.filter(({ operation }) => operation === "StopTask");
    const results = await Promise.all(dispatched);
    expect(resolved).toMatchObject({
      status: "resolved",
      decision: { kind: "act", action: "restart" },
      verification: { outcome: "recovered" },
    });
    expect(stops).toHaveLength(1);
    for (const result of results) expect(result).toMatchObject({ kind: "response" });
    expect(stack.slack.messages).toHaveLength(1);
    const execution = stack.lambda
      .executions()
      .find(({ output }) => (output as { id?: string })?.id === resolved.id);
    expect(execution?.invocations).toBeGreaterThan(1);
  });
});
