import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildLambda } from "../../scripts/build.ts";
import { INCIDENT_FUNCTION } from "../support/durable-lambda.ts";
import { ricIsMissing } from "../support/lambda-environment.ts";
import { eventually, type LambdaStack } from "../support/lambda-stack.ts";
import { FAST_POLICY, memoryAlarmEvent } from "../support/leaking-service.ts";
import { startLeakingStack } from "../support/leaking-stack.ts";
import { snsEvent } from "../support/sns.ts";

/** An event that the built functions cannot read: it does not vanish, whichever function gets it. */

const why = ricIsMissing();
if (why !== undefined) process.stderr.write(`\nSKIPPED: the durable functions were NOT run: ${why}.\n`);

const taskRoot = mkdtempSync(join(tmpdir(), "opsagent-unreadable-"));
const SECRET = "sk-or-v1-0123456789abcdef0123456789abcdef";
/** A simple form whose fields are wrong, with a secret in it, as a misconfigured sender might send. */
const WRONG = { service: "shop", metric: "memory", value: "high", authorization: `Bearer ${SECRET}` };

beforeAll(async () => {
  await buildLambda(taskRoot);
}, 180_000);
afterAll(() => rmSync(taskRoot, { recursive: true, force: true }));

const start = (variables?: Readonly<Record<string, string>>) =>
  startLeakingStack(taskRoot, FAST_POLICY, variables);

/** Everything that left the functions and is no table: logs and messages. */
function said({ functions, slack }: LambdaStack): string {
  const logs = Object.values(functions).map(({ output }) => output());
  return [...logs, JSON.stringify(slack.messages)].join("\n");
}

describe.skipIf(why !== undefined)("an event that cannot be read", { timeout: 90_000 }, () => {
  it("is kept as it came, without its secret, and told, while the alarm beside it is taken care of", async () => {
    const { stack, service } = await start();
    const { Records: bad } = snsEvent(WRONG) as { Records: unknown[] };
    const { Records: good } = memoryAlarmEvent("shop") as { Records: unknown[] };

    const result = await stack.functions.dispatcher.invoke({ Records: [...bad, ...good] });
    const incident = await eventually(async () =>
      (await stack.store.list()).find(({ status }) => status === "resolved"),
    );

    expect(result).toMatchObject({ kind: "response", body: { executions: [expect.any(String)] } });
    expect(incident.target).toEqual({ cluster: "test", service: "shop" });
    expect(service.stoppedTasks()).toEqual(["leaky"]);
    const kept = await stack.unreadable();
    expect(kept).toHaveLength(1);
    expect(kept[0]?.["raw"]).toContain("memory");
    expect(kept[0]?.["raw"]).toContain("shop-memory");
    expect(kept[0]?.["problem"]).toMatch(/Records\.?\[?0/);
    expect(JSON.stringify(kept) + said(stack)).not.toContain(SECRET);
    const failed = (await stack.store.list()).filter(({ status }) => status === "failed");
    expect(failed).toMatchObject([{ failures: [{ code: "event-unreadable" }] }]);
    // The report follows the end of the incident.
    await eventually(async () => stack.slack.messages[1]);
    expect(stack.slack.messages).toHaveLength(2);
  });

  it("goes back to Lambda, which repeats and then keeps it, where the table cannot be written; people are told", async () => {
    const { stack } = await start({ OPSAGENT_STORE: "dynamodb:gone" });

    const result = await stack.functions.dispatcher.invoke(snsEvent(WRONG));

    expect(result).toMatchObject({
      kind: "error",
      errorMessage: expect.stringContaining("could not be kept"),
    });
    expect(stack.functions.dispatcher.output()).toContain('"event-not-dispatched"');
    expect(JSON.stringify(stack.slack.messages)).toContain("could not be kept");
    expect(said(stack)).not.toContain(SECRET);
  });

  it("is kept, told, and fails its execution where it went past the dispatcher", async () => {
    const { stack, service } = await start();
    const address = `${stack.lambda.endpoint}/2015-03-31/functions/${encodeURIComponent(INCIDENT_FUNCTION)}/invocations`;

    await fetch(address, {
      method: "POST",
      headers: { "x-amz-invocation-type": "Event", "x-amz-durable-execution-name": "by-hand" },
      body: JSON.stringify(memoryAlarmEvent("shop")),
    });
    const execution = await eventually(() => {
      const found = stack.lambda.execution("by-hand");
      return found?.status === "FAILED" ? found : undefined;
    });

    expect(JSON.stringify(execution.error)).toContain("dispatcher");
    const kept = await stack.unreadable();
    expect(kept).toHaveLength(1);
    expect(kept[0]?.["raw"]).toContain("shop");
    expect(stack.slack.messages).toHaveLength(1);
    // Read, it would have restarted a task: it was refused before anything looked at the service.
    expect(service.stub.connections()).toBe(0);
  });
});
