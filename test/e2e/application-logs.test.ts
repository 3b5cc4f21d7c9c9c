/** Whose lines are evidence, through the real clients: the application's own, wherever its containers write them. */
import { describe, expect, it } from "vitest";
import { factsOf } from "../../src/domain/evidence.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import firelens from "../fixtures/logs/firelens.json" with { type: "json" };
import shared from "../fixtures/logs/shared-group.json" with { type: "json" };
import { type World, withWorld } from "../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../support/alarm-events.ts";
import { awsError, json } from "../support/aws-stub-answers.ts";

const OURS = "a".repeat(32);
const OTHERS = "f".repeat(32);
const ORDINARY = '{"level":"info","message":"request served","status":200}';

/** Two hundred lines of a stream. */
type Streams = Readonly<Record<string, string>>;

/** Gives the service these containers and CloudWatch these groups, of which it answers by prefix as AWS does. */
function give(world: World, containers: readonly object[], groups: Readonly<Record<string, Streams>>): void {
  world.aws.on("DescribeTaskDefinition", (input) => {
    const answer = world.aws.answer("DescribeTaskDefinition", input);
    if (answer.kind !== "json") throw new Error("DescribeTaskDefinition is answered in JSON.");
    const { taskDefinition } = answer.body as { taskDefinition: object };
    return json({ taskDefinition: { ...taskDefinition, containerDefinitions: containers } });
  });
  world.aws.on("FilterLogEvents", (input) => {
    const streams = groups[String(input["logGroupName"])];
    if (streams === undefined) return awsError("ResourceNotFoundException");
    const prefix = String(input["logStreamNamePrefix"] ?? "");
    const wanted = Object.entries(streams).filter(([name]) => name.startsWith(prefix));
    const events = wanted.flatMap(([logStreamName, message]) =>
      Array.from({ length: 200 }, (_, i) => ({
        eventId: `${logStreamName}${i}`,
        logStreamName,
        timestamp: Date.now() - 50_000 + i * 10,
        message,
      })),
    );
    return json({ events });
  });
}

const patternsOf = ({ evidence }: Incident) => (evidence ? factsOf(evidence, "log-pattern") : []);
const logGaps = ({ evidence }: Incident) => (evidence?.gaps ?? []).filter(({ source }) => source === "logs");

describe.concurrent("FireLens", () => {
  const line = JSON.stringify(firelens.lines[0]);
  const routers = { [`firelens/log_router/${OURS}`]: "[error] [net] connection timed out, upstream datadog" };

  it(
    "reads the application's group in its region, and nothing that the router says",
    withWorld({}, async (world) => {
      give(world, firelens.containerDefinitions, {
        "/aws/ecs/web/application": { [`from-fluent-bit-web-firelens-${OURS}`]: line },
        "firelens-container": routers,
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(patternsOf(incident)).toMatchObject([
        { data: { signal: "connection-refused", count: 200, containers: ["web"], taskIds: [OURS] } },
      ]);
      expect(logGaps(incident)).toEqual([]);
      expect(new Set(world.aws.calls("FilterLogEvents").map((input) => input["logGroupName"]))).toEqual(
        new Set(["/aws/ecs/web/application"]),
      );
      expect(new Set(world.aws.regions("FilterLogEvents"))).toEqual(new Set(["eu-west-1"]));
    }),
  );

  it(
    "says where lines go that are not in CloudWatch, and leaves the action to a person",
    withWorld({}, async (world) => {
      const [web, router] = firelens.containerDefinitions;
      const logConfiguration = { logDriver: "awsfirelens", options: { Name: "datadog", provider: "ecs" } };
      give(world, [{ ...web, logConfiguration }, { ...router }], { "firelens-container": routers });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(patternsOf(incident)).toEqual([]);
      expect(logGaps(incident)).toMatchObject([
        { message: "The logs of container web go to datadog, not CloudWatch: not read." },
      ]);
      expect(world.aws.calls("FilterLogEvents")).toEqual([]);
      expect(world.aws.mutations()).toEqual([]);
    }),
  );
});

describe.concurrent("a group of several services", () => {
  // The streams of the report have another container's name than its definition.
  const containers = shared.containerDefinitions.map((container) => ({ ...container, name: "app" }));
  const refused = shared.lines[0] ?? "";

  it(
    "gives the lines of this service's streams only: another's refused connections change nothing",
    withWorld({ sickness: "traffic" }, async (world) => {
      give(world, containers, {
        prod: { [`web/app/${OURS}`]: ORDINARY, [`payments/app/${OTHERS}`]: refused },
      });

      const incident = await world.handleOne(
        snsEvent(alarmMessage({}, { MetricName: "CPUUtilization", Statistic: "AVERAGE" })),
      );

      expect(world.aws.calls("FilterLogEvents")[0]).toMatchObject({ logStreamNamePrefix: "web/app/" });
      expect(patternsOf(incident).map(({ data }) => data.signal)).not.toContain("connection-refused");
      expect(incident.diagnosis).toMatchObject({ cause: "traffic-spike", action: "scale" });
      expect(world.aws.mutations()).toContain("UpdateService");
    }),
  );

  it(
    "tells two services with one prefix apart by the tasks that ECS lists",
    withWorld({}, async (world) => {
      give(world, containers, { prod: { [`web/app/${OURS}`]: ORDINARY, [`web/app/${OTHERS}`]: refused } });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(patternsOf(incident).map(({ data }) => data.signal)).not.toContain("connection-refused");
    }),
  );
});

it(
  "one container's group that is missing leaves the other's lines",
  withWorld({}, async (world) => {
    const container = (name: string, group: string) => ({
      name,
      image: name,
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": group, "awslogs-stream-prefix": "ecs" },
      },
    });
    const containers = [container("app", "/app"), container("jobs", "/gone")];
    give(world, containers, { "/app": { [`ecs/app/${OURS}`]: "ERROR checkout failed" } });

    const incident = await world.handleOne(snsEvent(alarmMessage()));

    expect(patternsOf(incident)).toMatchObject([{ data: { count: 200, containers: ["app"] } }]);
    expect(logGaps(incident)).toMatchObject([{ message: expect.stringContaining("/gone does not exist") }]);
  }),
);

it(
  "no line is no silence where the driver may drop lines",
  withWorld({}, async (world) => {
    give(world, shared.containerDefinitions, { prod: {} });

    const incident = await world.handleOne(snsEvent(alarmMessage()));

    expect(logGaps(incident)).toMatchObject([
      { code: "empty", message: expect.stringMatching(/No log lines in prod.*non-blocking.*no silence/) },
    ]);
  }),
);
