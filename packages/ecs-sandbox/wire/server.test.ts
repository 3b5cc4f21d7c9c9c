import { ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWireServer, type WireServer } from "./server.ts";
import { type AwsService, WireError } from "./service.ts";

const counts = { performed: 0 };
const json: AwsService = {
  name: "ecs",
  protocol: { kind: "json", version: "1.1", targetPrefix: "AmazonEC2ContainerServiceV20141113" },
  operations: {
    ListClusters: () => {
      counts.performed += 1;
      return { clusterArns: ["a"], at: new Date(1_500), asked: undefined };
    },
    StopTask: () => {
      throw new WireError("ClusterNotFoundException", "Cluster not found.");
    },
  },
};
const query: AwsService = {
  name: "sns",
  protocol: { kind: "query", apiVersion: "2010-03-31", xmlNamespace: "http://sns/doc/" },
  operations: {
    Publish: (input) => ({ MessageId: `<${input["Message"]}>`, Topics: [{ Arn: "a" }, { Arn: "b" }] }),
  },
};

describe("wire server", () => {
  let server: WireServer;
  let endpoint: string;
  let client: ECSClient;

  beforeEach(async () => {
    counts.performed = 0;
    server = createWireServer([json, query]);
    endpoint = await server.listen();
    client = new ECSClient({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
  });
  afterEach(() => server.close());

  function post(target: string, body = "{}"): Promise<Response> {
    const headers = {
      "x-amz-target": `AmazonEC2ContainerServiceV20141113.${target}`,
      "user-agent": "test/1",
    };
    return fetch(endpoint, { method: "POST", headers, body });
  }
  function form(fields: Record<string, string>): Promise<Response> {
    return fetch(endpoint, {
      method: "POST",
      body: new URLSearchParams({ Version: "2010-03-31", ...fields }),
    });
  }

  it("answers AWS JSON with epoch seconds and AWS errors", async () => {
    expect(await (await post("ListClusters")).json()).toEqual({ clusterArns: ["a"], at: 1.5 });

    const failed = await post("StopTask");
    expect(failed.status).toBe(400);
    expect(failed.headers.get("x-amzn-errortype")).toBe("ClusterNotFoundException");
    expect(await failed.json()).toEqual({
      __type: "ClusterNotFoundException",
      message: "Cluster not found.",
    });
  });

  it("refuses operations that it does not know as AWS does", async () => {
    const unknown = await post("DeleteCluster");
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({ __type: "UnknownOperationException" });

    const action = await form({ Action: "toString" });
    expect(action.status).toBe(400);
    expect(await action.text()).toContain("<Error><Type>Sender</Type><Code>InvalidAction</Code>");
  });

  it("answers AWS Query in XML with members", async () => {
    const text = await (await form({ Action: "Publish", Message: "a&b" })).text();

    expect(text).toMatch(
      /^<PublishResponse xmlns="http:\/\/sns\/doc\/"><PublishResult><MessageId>&#60;a&#38;b&#62;</,
    );
    expect(text).toContain("<Topics><member><Arn>a</Arn></member><member><Arn>b</Arn></member></Topics>");
    expect(text).toMatch(/<ResponseMetadata><RequestId>[0-9a-f-]{36}<\/RequestId><\/ResponseMetadata>/);
  });

  it("keeps a ledger of every call", async () => {
    await post("ListClusters", '{"maxResults":1}');
    await post("StopTask", '{"task":"t"}');

    expect(server.ledger.entries()).toMatchObject([
      {
        service: "ecs",
        operation: "ListClusters",
        input: { maxResults: 1 },
        mutating: false,
        userAgent: "test/1",
      },
      { operation: "StopTask", mutating: true, outcome: { status: 400, code: "ClusterNotFoundException" } },
    ]);
  });

  it("fails a call as often as a fault rule says", async () => {
    server.faults.add({ operation: "ListClusters", times: 1, error: { code: "ThrottlingException" } });

    await expect(client.send(new ListClustersCommand())).rejects.toMatchObject({
      name: "ThrottlingException",
      message: "Rate exceeded",
    });
    expect((await client.send(new ListClustersCommand())).clusterArns).toEqual(["a"]);
    expect(counts.performed).toBe(1);
  });

  it("drops the connection before or after it performs the operation", async () => {
    server.faults.add({ operation: "ListClusters", times: 1, drop: "before" });
    await expect(client.send(new ListClustersCommand())).rejects.toThrow();
    expect(counts.performed).toBe(0);

    server.faults.add({ operation: "ListClusters", times: 1, drop: "after" });
    await expect(client.send(new ListClustersCommand())).rejects.toThrow();
    expect(counts.performed).toBe(1);
    expect(server.ledger.entries().map((entry) => entry.outcome.dropped)).toEqual(["before", "after"]);
  });

  it("delays a call", async () => {
    server.faults.add({ operation: "*", delayMs: 120 });
    const started = Date.now();

    await post("ListClusters");

    expect(Date.now() - started).toBeGreaterThanOrEqual(115);
  });
});
