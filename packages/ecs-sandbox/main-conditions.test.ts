import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import { CreateTopicCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startReceiver } from "./telemetry/telemetry-fixture.ts";

const FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:x";

let sandbox: ChildProcess;
let addresses: { readonly endpoint: string; readonly control: string };

beforeEach(async () => {
  sandbox = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve) =>
    sandbox.stdout?.once("data", (data) => resolve(String(data))),
  );
  addresses = JSON.parse(line) as typeof addresses;
});
afterEach(() => sandbox.kill("SIGKILL"));

function control(method: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${addresses.control}${path}`, { method, body: JSON.stringify(body) });
}

it("the sandbox takes conditions over its control API, for the endpoint and for what it sends", async () => {
  const options = {
    endpoint: addresses.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const [ecs, sns] = [new ECSClient(options), new SNSClient(options)];
  const receiver = await startReceiver();
  await control("POST", "/functions", { arn: FUNCTION_ARN, url: receiver.url });
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "ops-alarms" }));

  const unknown = await control("PUT", "/conditions", { throttle: "aws" });
  const taken = await control("PUT", "/conditions", {
    throttling: [{ service: "ecs", operations: ["List*"], burst: 0, perSecond: 0 }],
    notifications: { copies: 2, copyAfterSeconds: 0 },
  });

  expect(unknown.status).toBe(400);
  expect(taken.status).toBe(200);
  await expect(ecs.send(new ListClustersCommand({}))).rejects.toMatchObject({ name: "ThrottlingException" });
  await sns.send(new PublishCommand({ TopicArn, Message: "text" }));
  await vi.waitFor(() => expect(receiver.posts).toHaveLength(2), { timeout: 5_000 });
  await control("PUT", "/conditions", {});
  await expect(ecs.send(new ListClustersCommand({}))).resolves.toBeDefined();
  await receiver.close();
});
