import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildLambda } from "../../scripts/build.ts";
import { WebhookEvent } from "../../src/domain/incident/webhook-event.ts";
import { json } from "../support/aws-stub-answers.ts";
import { startDoors } from "../support/doors.ts";
import { ricIsMissing } from "../support/lambda-environment.ts";
import { eventually } from "../support/lambda-stack.ts";
import { FAST_POLICY, memoryAlarmEvent } from "../support/leaking-service.ts";
import { startLeakingStack } from "../support/leaking-stack.ts";
import { startLocalReceiver } from "../support/local-receiver.ts";

/** What the built functions send to other systems, with the addresses and keys from their secret. */

const why = ricIsMissing();
if (why !== undefined) process.stderr.write(`\nSKIPPED: the outgoing events were NOT sent: ${why}.\n`);

const taskRoot = mkdtempSync(join(tmpdir(), "opsagent-outgoing-"));
const KEY = Buffer.from("0123456789abcdef0123456789abcdef");
const SECRETS = {
  OPSAGENT_WEBHOOK_SECRET: `whsec_${KEY.toString("base64")}`,
  PAGERDUTY_ROUTING_KEY: "routing-key-of-the-test",
};

beforeAll(async () => {
  await buildLambda(taskRoot);
}, 180_000);
afterAll(() => rmSync(taskRoot, { recursive: true, force: true }));

describe.skipIf(why !== undefined)("the deployed functions", { timeout: 90_000 }, () => {
  it("sign what they send to a webhook, page for what they leave to people, and say no secret", async () => {
    const receiver = await startLocalReceiver();
    const secret = {
      ...SECRETS,
      OPSAGENT_WEBHOOK_URL: `${receiver.url}/hook`,
      PAGERDUTY_EVENTS_URL: `${receiver.url}/page`,
    };
    const { stack, service } = await startLeakingStack(
      taskRoot,
      `${FAST_POLICY}killSwitch: true\n`,
      { OPSAGENT_SECRETS: "opsagent/settings" },
      (stub) => stub.on("GetSecretValue", json({ SecretString: JSON.stringify(secret) })),
    );

    const dispatched = await stack.functions.dispatcher.invoke(memoryAlarmEvent("shop"));
    expect(dispatched).not.toMatchObject({ kind: "error" });
    const page = await eventually(() => receiver.received.find(({ path }) => path === "/page"));
    const events = await eventually(() => {
      const sent = receiver.received.filter(({ path }) => path === "/hook");
      const last = sent.map(({ body }) => WebhookEvent.parse(JSON.parse(body))).at(-1);
      return last?.type === "incident-closed" ? sent : undefined;
    });
    const incident = await eventually(async () =>
      (await stack.store.list()).find(({ closedAt }) => closedAt !== undefined),
    );

    expect(incident).toMatchObject({ status: "escalated", diagnosis: { cause: "memory-leak" } });
    expect(service.stoppedTasks()).toEqual([]);
    expect(JSON.parse(page.body)).toMatchObject({
      routing_key: SECRETS.PAGERDUTY_ROUTING_KEY,
      event_action: "trigger",
      dedup_key: incident.id,
    });
    for (const { headers, body } of events) {
      const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
      const expected = createHmac("sha256", KEY).update(signed).digest("base64");
      expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
    }
    for (const { output } of Object.values(stack.functions)) {
      for (const hidden of [...Object.values(SECRETS), "/hook", "/page"]) {
        expect(output()).not.toContain(hidden);
      }
    }
    // It keeps its place for a while after people were told.
    await eventually(
      () => stack.lambda.executions().every(({ status }) => status === "SUCCEEDED") || undefined,
    );
    await receiver.close();
  });

  it("try what PagerDuty and the webhook do not take until they do: each once, in order", async () => {
    const doors = await startDoors();
    onTestFinished(() => doors.close());
    const secret = {
      ...SECRETS,
      OPSAGENT_WEBHOOK_URL: doors.urls.webhook,
      PAGERDUTY_EVENTS_URL: doors.urls.pagerduty,
    };
    const { stack } = await startLeakingStack(
      taskRoot,
      `${FAST_POLICY}killSwitch: true\n`,
      { OPSAGENT_SECRETS: "opsagent/settings" },
      (stub) => stub.on("GetSecretValue", json({ SecretString: JSON.stringify(secret) })),
    );
    doors.shut("pagerduty", "webhook");

    await stack.functions.dispatcher.invoke(memoryAlarmEvent("shop"));
    const waiting = await eventually(async () =>
      (await stack.store.list()).find(({ undelivered }) =>
        undelivered?.some(({ what }) => what === "the page"),
      ),
    );
    expect(waiting).toMatchObject({ status: "escalated", failures: [] });
    doors.open("pagerduty", "webhook");
    await eventually(
      () => stack.lambda.executions().every(({ status }) => status === "SUCCEEDED") || undefined,
    );

    expect(doors.takenBy("pagerduty")).toEqual([`trigger ${waiting.id}`]);
    const moments = doors.takenBy("webhook");
    expect(moments.slice(0, 3)).toEqual(["opened", "decided", "closed"]);
    expect(new Set(moments).size).toBe(moments.length);
    expect(await stack.store.get(waiting.id)).not.toHaveProperty("undelivered");
    expect(stack.lambda.executions()[0]?.invocations).toBeGreaterThan(1);
  });
});
