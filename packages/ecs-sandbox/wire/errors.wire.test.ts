import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DescribeCapacityProvidersCommand, ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import { ListOriginationNumbersCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WireConditions } from "./conditions.ts";
import { createWireServer, type WireServer } from "./server.ts";
import { type AwsService, WireError } from "./service.ts";

const ecs: AwsService = {
  name: "ecs",
  protocol: { kind: "json", version: "1.1", targetPrefix: "AmazonEC2ContainerServiceV20141113" },
  operations: { ListClusters: () => ({ clusterArns: [] }) },
};
const cloudwatch: AwsService = {
  name: "cloudwatch",
  protocol: {
    kind: "json",
    version: "1.0",
    targetPrefix: "GraniteServiceVersion20100801",
    queryCodes: { ThrottlingException: "Throttling", ValidationException: "ValidationError" },
  },
  operations: {
    DescribeAlarms: () => {
      throw new WireError("ValidationException", "1 validation error detected");
    },
  },
};
const sns: AwsService = {
  name: "sns",
  protocol: {
    kind: "query",
    apiVersion: "2010-03-31",
    xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
  },
  operations: { ListTopics: () => ({ Topics: [] }) },
};

let server: WireServer;
let options: { endpoint: string; region: string; credentials: object; maxAttempts: number };

beforeEach(async () => {
  server = createWireServer([ecs, cloudwatch, sns]);
  options = {
    endpoint: await server.listen(),
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
});
afterEach(() => server.close());

const setConditions = (conditions: unknown): void => server.setConditions(WireConditions.parse(conditions));
const client = <Client>(Type: new (settings: never) => Client): Client => new Type(options as never);

describe("what the sandbox does not know", () => {
  it("is an unknown operation of a JSON service, known or not", async () => {
    const unknown = { name: "UnknownOperationException", $metadata: { httpStatusCode: 400 } };

    await expect(client(ECSClient).send(new DescribeCapacityProvidersCommand({}))).rejects.toMatchObject(
      unknown,
    );
    await expect(
      client(CloudWatchClient).send(new GetDashboardCommand({ DashboardName: "d" })),
    ).rejects.toMatchObject(unknown);
    await expect(client(DynamoDBClient).send(new ListTablesCommand({}))).rejects.toMatchObject(unknown);
  });

  it("is an invalid action of a Query service", async () => {
    await expect(client(SNSClient).send(new ListOriginationNumbersCommand({}))).rejects.toMatchObject({
      name: "InvalidAction",
      message: "Could not find operation ListOriginationNumbers for version 2010-03-31",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("is a path that is not there for a REST service", async () => {
    const answer = await fetch(`${options.endpoint}/2015-03-31/functions?MaxItems=1`);

    expect(answer.status).toBe(404);
    expect(answer.headers.get("x-amzn-errortype")).toBe("UnknownOperationException");
    expect(await answer.json()).toEqual({ message: null });
    expect(server.ledger.entries()).toMatchObject([
      { service: "unknown", operation: "GET /2015-03-31/functions", outcome: { status: 404 } },
    ]);
  });

  it("is refused without a target or a version, too", async () => {
    const json = { method: "POST", headers: { "content-type": "application/x-amz-json-1.1" }, body: "{}" };
    const withoutTarget = await fetch(options.endpoint, json);
    const withoutVersion = await fetch(`${options.endpoint}/?Action=Publish`);
    const withoutAction = await fetch(options.endpoint, { method: "POST", body: "" });

    expect(withoutTarget.status).toBe(404);
    expect(await withoutTarget.text()).toBe("<UnknownOperationException/>\n");
    expect(await withoutVersion.text()).toContain(
      "Could not find operation Publish for version NO_VERSION_SPECIFIED",
    );
    expect(await withoutAction.text()).toContain("<Code>MissingAction</Code>");
  });
});

it.each(["{", "[]", '"text"', "null"])("refuses the body %s as AWS does", async (body) => {
  const headers = { "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters" };

  const answer = await fetch(options.endpoint, { method: "POST", headers, body });

  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ __type: "SerializationException" });
});

it("names the Query code of a JSON error where the service once spoke Query", async () => {
  const failed = client(CloudWatchClient).send(new DescribeAlarmsCommand({}));

  await expect(failed).rejects.toMatchObject({
    Code: "ValidationError",
    Type: "Sender",
    message: "1 validation error detected",
  });
});

describe("server errors", () => {
  it("have the status that AWS gives them", async () => {
    server.faults.add({ operation: "List*", times: 1, error: { code: "ServerException" } });

    const failed = client(ECSClient).send(new ListClustersCommand({}));

    await expect(failed).rejects.toMatchObject({
      name: "ServerException",
      $metadata: { httpStatusCode: 500 },
    });
    await expect(client(ECSClient).send(new ListClustersCommand({}))).resolves.toBeDefined();
  });

  it("of the conditions stand beside those of the control API, and end with the conditions", async () => {
    const list = () => client(ECSClient).send(new ListClustersCommand({}));
    setConditions({ faults: [{ operation: "*", service: "ecs", error: { code: "ServerException" } }] });
    server.faults.add({ operation: "ListClusters", times: 1, error: { code: "ThrottlingException" } });

    await expect(list()).rejects.toMatchObject({ name: "ThrottlingException" });
    await expect(list()).rejects.toMatchObject({ name: "ServerException" });
    setConditions({});
    await expect(list()).resolves.toBeDefined();
  });

  it("hit the share of calls that a rule names", async () => {
    setConditions({ faults: [{ operation: "List*", share: 0.5, error: { code: "InternalFailure" } }] });

    const calls = Array.from({ length: 60 }, () => client(ECSClient).send(new ListClustersCommand({})));
    const failed = (await Promise.allSettled(calls)).filter(({ status }) => status === "rejected").length;

    // Outside of this once in 10^9 runs.
    expect(failed).toBeGreaterThan(6);
    expect(failed).toBeLessThan(54);
  });

  it("are got over by the SDK's own retries", async () => {
    server.faults.add({ operation: "ListTopics", times: 2, error: { code: "ServiceUnavailable" } });
    const retrying = new SNSClient({ ...options, maxAttempts: 3 } as never);

    await expect(retrying.send(new ListTopicsCommand({}))).resolves.toMatchObject({ Topics: [] });

    expect(server.ledger.entries().map(({ outcome }) => outcome.status)).toEqual([503, 503, 200]);
  });
});

describe("throttling", () => {
  it("is in each protocol's shape, and once the bucket is empty", async () => {
    setConditions({
      throttling: [
        { service: "ecs", operations: ["List*", "Describe*"], burst: 2, perSecond: 0 },
        { service: "sns", operations: ["*"], burst: 0, perSecond: 0 },
        { service: "cloudwatch", operations: ["DescribeAlarms"], burst: 0, perSecond: 0 },
      ],
    });
    const list = () => client(ECSClient).send(new ListClustersCommand({}));
    await list();
    await list();

    await expect(list()).rejects.toMatchObject({
      name: "ThrottlingException",
      message: "Rate exceeded",
      $metadata: { httpStatusCode: 400 },
      $retryable: undefined,
    });
    for (const failed of [
      client(SNSClient).send(new ListTopicsCommand({})),
      client(CloudWatchClient).send(new DescribeAlarmsCommand({})),
    ]) {
      await expect(failed).rejects.toMatchObject({ name: "Throttling", $metadata: { httpStatusCode: 400 } });
    }
    setConditions({});
    await expect(list()).resolves.toBeDefined();
  });

  it("at the rates of AWS lets a burst through and no more", async () => {
    setConditions({ throttling: "aws" });

    const calls = Array.from({ length: 80 }, () => client(ECSClient).send(new ListClustersCommand({})));
    const settled = await Promise.allSettled(calls);

    const refused = settled.filter(({ status }) => status === "rejected").length;
    // 50 at once and 20 a second after that; the calls take well under a second.
    expect(refused).toBeGreaterThan(5);
    expect(refused).toBeLessThanOrEqual(30);
  });
});
