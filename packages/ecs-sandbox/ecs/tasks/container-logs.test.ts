import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, startTestRange, type TestRange } from "../../range-fixture.ts";

describe("what a container prints", () => {
  let test: TestRange;

  beforeEach(async () => {
    test = await startTestRange();
    const program = 'console.log("[info] [fluent bit] version=1.9.10"); setInterval(() => {}, 1000)';
    test.range.images.push("router:1", { argv: [process.execPath, "-e", program] });
  });
  afterEach(() => test.range.stop());

  const lineWith = (text: string) =>
    eventually(async () => test.lines.find(({ message }) => message.includes(text)));
  const logs = (options: Record<string, string>, logDriver = "awslogs") => ({
    logConfiguration: { logDriver, options },
  });
  const router = {
    name: "log_router",
    image: "router:1",
    memory: 128,
    firelensConfiguration: { type: "fluentbit" },
    ...logs({ "awslogs-group": "routers", "awslogs-stream-prefix": "firelens" }),
  };

  it("goes into the group of its definition, in a stream of prefix, container and task", async () => {
    await test.createWeb({
      container: logs({ "awslogs-group": "shared", "awslogs-stream-prefix": "front" }),
    });

    const line = await lineWith("listening");
    const [task] = await test.webTasks();
    expect(line).toMatchObject({ group: "shared", stream: `front/web/${task?.taskArn?.split("/").at(-1)}` });
  });

  it("goes into a stream named by the container's id without a prefix", async () => {
    await test.createWeb({ container: logs({ "awslogs-group": "shared" }) });

    expect((await lineWith("listening")).stream).toMatch(/^[0-9a-f]{64}$/);
  });

  it("goes through the log router where its options say, and the router's own lines elsewhere", async () => {
    const options = {
      Name: "cloudwatch_logs",
      region: "us-east-1",
      log_group_name: "/apps/web",
      log_stream_prefix: "from-fluent-bit-",
    };
    await test.createWeb({ container: logs(options, "awsfirelens"), others: [router] });

    const line = await lineWith("listening");
    const [task] = await test.webTasks();
    const id = task?.taskArn?.split("/").at(-1);
    expect(line).toMatchObject({ group: "/apps/web", stream: `from-fluent-bit-web-firelens-${id}` });
    expect(JSON.parse(line.message)).toMatchObject({
      container_name: "web",
      ecs_cluster: "test",
      ecs_task_arn: task?.taskArn,
      ecs_task_definition: "web:1",
      log: "listening",
    });
    expect(await lineWith("fluent bit")).toMatchObject({
      group: "routers",
      stream: `firelens/log_router/${id}`,
    });
  });

  it.each([
    ["a router that sends it elsewhere", { Name: "datadog", Host: "intake.example" }, "awsfirelens"],
    ["another Region", { "awslogs-group": "shared", "awslogs-region": "eu-west-1" }, "awslogs"],
    ["another driver", { "splunk-url": "https://splunk.example" }, "splunk"],
  ])("is not in this CloudWatch with %s", async (_what, options, driver) => {
    await test.createWeb({ container: logs(options, driver), others: [router] });

    await lineWith("fluent bit");
    await eventually(async () => (await test.webTasks())[0]?.lastStatus === "RUNNING");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(test.lines.filter(({ message }) => message.includes("listening"))).toEqual([]);
  });
});
