/** Where a container's lines go, as its task definition says it on the wire of ECS. */
import { describe, expect, it } from "vitest";
import { json } from "../support/aws-stub-answers.ts";
import { useAwsStub } from "../support/use-aws-stub.ts";

const bed = useAwsStub();

type Options = Readonly<Record<string, string>>;

async function containersOf(containerDefinitions: readonly object[], more: object = {}) {
  const taskDefinition = {
    taskDefinitionArn: "arn",
    family: "web",
    revision: 1,
    containerDefinitions,
    ...more,
  };
  bed.stub.on("DescribeTaskDefinition", json({ taskDefinition }));
  return (await bed.aws.ecs.taskDefinition("arn"))?.containers ?? [];
}

async function destinationOf(logDriver: string, options?: Options, more: object = {}) {
  const [web] = await containersOf([
    { name: "web", image: "shop", logConfiguration: { logDriver, options, ...more } },
    { name: "log_router", image: "router", firelensConfiguration: { type: "fluentbit" } },
  ]);
  return web?.logs;
}

describe("awslogs", () => {
  it("has group, region, and streams of prefix and container", async () => {
    const options = {
      "awslogs-group": "prod",
      "awslogs-region": "eu-west-1",
      "awslogs-stream-prefix": "web",
    };

    expect(await destinationOf("awslogs", options)).toEqual({
      driver: "awslogs",
      mode: "non-blocking",
      group: "prod",
      region: "eu-west-1",
      streamPrefix: "web/web/",
    });
  });

  it("is blocking only where it says so: the default has been non-blocking since 2025-06-25", async () => {
    const group = { "awslogs-group": "prod" };

    expect(await destinationOf("awslogs", { ...group, mode: "blocking" })).toMatchObject({
      mode: "blocking",
    });
    expect(await destinationOf("awslogs", { ...group, mode: "non-blocking" })).toMatchObject({
      mode: "non-blocking",
    });
    expect(await destinationOf("awslogs", group)).toMatchObject({ mode: "non-blocking" });
  });

  it("without a group is not guessed", async () => {
    expect(await destinationOf("awslogs", {})).toMatchObject({
      unread: expect.stringContaining("awslogs-group"),
    });
  });
});

describe("FireLens", () => {
  it.each([
    ["the plugin in C", { Name: "cloudwatch_logs" }],
    ["the plugin in Go", { Name: "cloudwatch" }],
    ["keys in another case", { name: "cloudwatch_logs" }],
    ["Fluentd", { "@type": "cloudwatch_logs" }],
  ])("writes to CloudWatch through %s: tag after the prefix", async (_name, output) => {
    const options = { ...output, region: "eu-west-1", log_group_name: "/app", log_stream_prefix: "from-" };

    expect(await destinationOf("awsfirelens", options as Options)).toEqual({
      driver: "awsfirelens",
      mode: "non-blocking",
      group: "/app",
      region: "eu-west-1",
      streamPrefix: "from-web-firelens-",
    });
  });

  it.each([
    ["a name of its own", { log_stream_name: "web" }, { streamPrefix: "web", oneStream: true }],
    ["a name with the tag", { log_stream_name: "x/$(tag)" }, { streamPrefix: "x/web-firelens-" }],
    ["a name with the task", { log_stream_name: "web/$(ecs_task_id)" }, { streamPrefix: "web/" }],
  ])("streams with %s", async (_name, options, expected) => {
    const given = { Name: "cloudwatch", log_group_name: "/app", ...options } as Options;

    expect(await destinationOf("awsfirelens", given)).toMatchObject(expected);
  });

  it("knows nothing of streams that a template of the record names", async () => {
    const options = { Name: "cloudwatch_logs", log_group_name: "/app", log_stream_template: "$source" };

    expect(await destinationOf("awsfirelens", options)).not.toHaveProperty("streamPrefix");
  });

  it.each(["datadog", "s3", "firehose", "kinesis_firehose", "splunk", "es", "loki", "something-new"])(
    "to %s is no group, and is named",
    async (Name) => {
      const logs = await destinationOf("awsfirelens", { Name, log_group_name: "/not/this" });

      expect(logs).not.toHaveProperty("group");
      expect(logs?.unread).toBe(`go to ${Name}, not CloudWatch`);
    },
  );

  it("of another account, or where a secret says, is no group", async () => {
    const options = { Name: "cloudwatch_logs", log_group_name: "/app" };
    const role_arn = "arn:aws:iam::210987654321:role/logs";

    expect((await destinationOf("awsfirelens", { ...options, role_arn }))?.unread).toContain(role_arn);
    const secretOptions = [{ name: "log_group_name", valueFrom: "arn:aws:ssm:x" }];
    const hidden = await destinationOf("awsfirelens", options, { secretOptions });
    expect(hidden).not.toHaveProperty("group");
    expect(hidden?.unread).toContain("log_group_name");
  });

  it("whose router has a file of its own is not guessed", async () => {
    const routed = (logConfiguration: object, file: Options) =>
      containersOf([
        { name: "web", image: "shop", logConfiguration },
        { name: "router", image: "r", firelensConfiguration: { type: "fluentbit", options: file } },
      ]);
    const file = { "config-file-type": "s3", "config-file-value": "arn:aws:s3:::conf/fluent.conf" };
    const options = { Name: "cloudwatch_logs", log_group_name: "/app", log_stream_prefix: "p-" };

    const [nowhere] = await routed({ logDriver: "awsfirelens" }, file);
    const [somewhere] = await routed({ logDriver: "awsfirelens", options }, file);
    const [parsed] = await routed(
      { logDriver: "awsfirelens", options },
      { "config-file-type": "file", "config-file-value": "/fluent-bit/configs/parse-json.conf" },
    );

    expect(nowhere?.logs).not.toHaveProperty("group");
    expect(nowhere?.logs?.unread).toContain("router");
    expect(nowhere?.logs?.unread).toContain("s3");
    expect(somewhere?.logs).toMatchObject({ group: "/app", streamPrefix: "p-" });
    expect(somewhere?.logs?.unread).toContain("conf/fluent.conf");
    expect(parsed?.logs).not.toHaveProperty("unread");
  });
});

it.each([
  ["json-file", "stay on the host"],
  ["splunk", "go to splunk, not CloudWatch"],
  ["quantum", "log driver quantum, which is not known"],
])("the log driver %s has no group, and is named", async (driver, says) => {
  const logs = await destinationOf(driver, { "awslogs-group": "/not/this" });

  expect(logs).not.toHaveProperty("group");
  expect(logs?.unread).toContain(says);
});

describe("who speaks for the application", () => {
  const rolesOf = async (containers: readonly object[], more?: object) =>
    (await containersOf(containers, more)).map(({ role }) => role ?? "application");
  const app = { name: "app", image: "shop:1", portMappings: [{ containerPort: 80 }] };

  it("a router, by its configuration, essential or not", async () => {
    const router = { name: "x", image: "own", essential: true, firelensConfiguration: { type: "fluentd" } };

    expect(await rolesOf([app, router])).toEqual(["application", "router"]);
  });

  it.each([
    ["that nothing needs", { name: "shipper", image: "own/shipper", essential: false }],
    [
      "of Datadog",
      { name: "dd", image: "public.ecr.aws/datadog/agent:7", portMappings: [{ containerPort: 8126 }] },
    ],
    ["of X-Ray", { name: "xray", image: "public.ecr.aws/xray/aws-xray-daemon:3.x" }],
    ["of CloudWatch", { name: "cwa", image: "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1" }],
    ["of GuardDuty", { name: "aws-guardduty-agent-k2", image: "x" }],
    ["of Service Connect", { name: "ecs-service-connect-9f", image: "x" }],
    ["that ships logs", { name: "fb", image: "fluent/fluent-bit:3.0" }],
  ])("no agent %s", async (_name, agent) => {
    expect(await rolesOf([agent, app])).toEqual(["agent", "application"]);
  });

  it("no proxy of App Mesh, by the definition", async () => {
    const proxy = { name: "envoy", image: "own/proxy", portMappings: [{ containerPort: 15000 }] };
    const more = { proxyConfiguration: { type: "APPMESH", containerName: "envoy" } };

    expect(await rolesOf([app, proxy], more)).toEqual(["application", "agent"]);
  });

  it("a container that the application waits for, and one of its own image", async () => {
    const migrate = { name: "migrate", image: "tool", essential: false };
    const worker = { name: "worker", image: "shop:1", essential: false };
    const waits = { ...app, dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }] };

    expect(await rolesOf([migrate, waits, worker])).toEqual(["application", "application", "application"]);
  });

  it("an agent where it is all that the service runs", async () => {
    expect(await rolesOf([{ name: "agent", image: "datadog/agent:7" }])).toEqual(["application"]);
  });
});
