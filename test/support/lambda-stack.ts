/** The three built functions as they are deployed: a table, Lambda's API, and each function under Lambda's runtime. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packedPolicy } from "../../infra/packed-policy.ts";
import type { FunctionName } from "../../scripts/build.ts";
import { createDynamoDbStore } from "../../src/adapters/dynamodb-store/dynamodb-store.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { type RawItem, REGION, startLocalDynamo } from "../contract/dynamodb-local.ts";
import { type DurableLambda, INCIDENT_FUNCTION, startDurableLambda } from "./durable-lambda.ts";
import { type LambdaEnvironment, startLambda } from "./lambda-environment.ts";
import { type LocalSlack, startLocalSlack } from "./local-slack.ts";

const DEPLOYED = ["lambda", "dispatcher", "http"] as const satisfies readonly FunctionName[];

export interface LambdaStack {
  readonly lambda: DurableLambda;
  readonly slack: LocalSlack;
  readonly store: IncidentStore;
  /** Events that nobody could read, as the table keeps them. */
  unreadable(): Promise<readonly RawItem[]>;
  readonly functions: Readonly<Record<(typeof DEPLOYED)[number], LambdaEnvironment>>;
  /** Another environment of the incident function, as a new version would have it. */
  newVersion(): Promise<LambdaEnvironment>;
  stop(): Promise<void>;
}

/** `variables` go to all functions, over what a deployment sets. */
export async function startLambdaStack(
  taskRoot: string,
  policy: string,
  variables: Readonly<Record<string, string>>,
): Promise<LambdaStack> {
  const base = mkdtempSync(join(tmpdir(), "opsagent-stack-"));
  writeFileSync(join(base, "policy.json"), packedPolicy(policy));
  const [dynamo, lambda, slack] = await Promise.all([
    startLocalDynamo(),
    startDurableLambda(),
    startLocalSlack(),
  ]);
  const table = await dynamo.createTable();
  const store = createDynamoDbStore(table, { region: REGION, endpoint: dynamo.endpoint });
  const started: LambdaEnvironment[] = [];
  const startFunction = async (name: FunctionName): Promise<LambdaEnvironment> => {
    const scratch = join(base, `${name}-${started.length}`);
    mkdirSync(scratch);
    const environment = await startLambda(
      { taskRoot, scratch },
      {
        AWS_REGION: REGION,
        AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
        AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
        OPSAGENT_DIAGNOSER: "rules",
        OPSAGENT_INCIDENT_FUNCTION: INCIDENT_FUNCTION,
        OPSAGENT_POLICY: join(base, "policy.json"),
        OPSAGENT_STORE: `dynamodb:${table}`,
        ECS_CLUSTER: "test",
        SLACK_WEBHOOK_URL: slack.url,
        ...variables,
      },
      name,
    );
    started.push(environment);
    return environment;
  };
  const [incident, dispatcher, http] = await Promise.all(DEPLOYED.map(startFunction));
  if (incident === undefined || dispatcher === undefined || http === undefined)
    throw new Error("no functions");
  lambda.publish(incident);
  return {
    lambda,
    slack,
    store,
    unreadable: async () => (await dynamo.items(table)).filter(({ pk }) => pk === "unreadable"),
    functions: { lambda: incident, dispatcher, http },
    newVersion: () => startFunction("lambda"),
    async stop() {
      await lambda.close();
      await Promise.all(started.map((one) => one.stop()));
      store.close();
      // What a function had sent when it was ended is still being written.
      await sleep(DRAIN_MS);
      await Promise.all([dynamo.stop(), slack.close()]);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

const DRAIN_MS = 250;

/** Looks until there is something to see; the test's own timeout is the limit. */
export async function eventually<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(50);
  }
}

/** A request as a Lambda function URL passes it on: payload format 2.0. */
export function urlRequest(
  method: "GET" | "POST",
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): unknown {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers: { host: "abc.lambda-url.eu-west-1.on.aws", ...headers },
    requestContext: {
      accountId: "anonymous",
      apiId: "abc",
      domainName: "abc.lambda-url.eu-west-1.on.aws",
      domainPrefix: "abc",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "203.0.113.1", userAgent: "test" },
      requestId: "r",
      routeKey: "$default",
      stage: "$default",
      time: "29/Nov/2026:00:00:00 +0000",
      timeEpoch: Date.now(),
    },
    ...(body === undefined
      ? { isBase64Encoded: false }
      : { body: Buffer.from(body).toString("base64"), isBase64Encoded: true }),
  };
}
