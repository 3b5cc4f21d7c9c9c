/** A running telemetry with real AWS SDK clients, for the tests of this folder. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SNSClient } from "@aws-sdk/client-sns";
import { createWireServer } from "../wire/server.ts";
import { createTelemetry, type Telemetry } from "./telemetry.ts";

/** A clock that tests move by hand. */
export interface ManualClock {
  now(): number;
  advance(milliseconds: number): void;
}

/** Everything a wire test talks to. */
export interface TelemetryFixture {
  readonly telemetry: Telemetry;
  readonly clock: ManualClock;
  readonly url: string;
  readonly cloudwatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly sns: SNSClient;
  close(): Promise<void>;
}

/** Starts telemetry on a manual clock that begins at `startAt`. */
export async function startTelemetry(startAt: number): Promise<TelemetryFixture> {
  let current = startAt;
  let url = "";
  const clock = {
    now: () => current,
    advance: (milliseconds: number) => {
      current += milliseconds;
    },
  };
  const telemetry = createTelemetry({
    region: "us-east-1",
    accountId: "000000000000",
    now: clock.now,
    endpoint: () => url,
  });
  const server = createWireServer(telemetry.services);
  url = await server.listen();
  const options = {
    region: "us-east-1",
    endpoint: url,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const clients = {
    cloudwatch: new CloudWatchClient(options),
    logs: new CloudWatchLogsClient(options),
    sns: new SNSClient(options),
  };
  return {
    telemetry,
    clock,
    url,
    ...clients,
    async close() {
      await telemetry.stop();
      for (const client of Object.values(clients)) client.destroy();
      await server.close();
    },
  };
}

/** One POST that a {@link startReceiver} got. */
export interface ReceivedPost {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** An HTTP server that records POSTs and answers with the given statuses in turn, then 200. */
export async function startReceiver(statuses: number[] = []): Promise<{
  url: string;
  posts: ReceivedPost[];
  close(): Promise<void>;
}> {
  const posts: ReceivedPost[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    posts.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/events`,
    posts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
