import { GetMetricStatisticsCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startTelemetry, type TelemetryFixture } from "../telemetry-fixture.ts";

const ORIGIN = Date.UTC(2026, 10, 23, 7);
const GROUP = "/ecs/web";

let fixture: TelemetryFixture;
beforeEach(async () => {
  fixture = await startTelemetry(ORIGIN);
});
afterEach(() => fixture.close());

function write(stream: string, lines: Record<number, string>): void {
  const events = Object.entries(lines).map(([offset, message]) => ({ at: ORIGIN + Number(offset), message }));
  fixture.telemetry.logs.put(GROUP, stream, events);
}

async function filter(input: FilterLogEventsCommandInput = {}) {
  return await fixture.logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, ...input }));
}

async function messages(input: FilterLogEventsCommandInput = {}) {
  return (await filter(input)).events?.map(({ message }) => message);
}

describe("FilterLogEvents", () => {
  beforeEach(() => {
    write("web/a", { 1: "started", 3: "ERROR out of memory", 5: "stopped" });
    write("web/b", { 2: "started", 4: "WARN slow" });
  });

  test("interleaves streams in the order of time", async () => {
    const { events } = await filter();

    expect(events?.map(({ logStreamName, timestamp }) => [logStreamName, timestamp])).toEqual([
      ["web/a", ORIGIN + 1],
      ["web/b", ORIGIN + 2],
      ["web/a", ORIGIN + 3],
      ["web/b", ORIGIN + 4],
      ["web/a", ORIGIN + 5],
    ]);
    expect(events?.[0]).toMatchObject({ ingestionTime: ORIGIN, eventId: expect.stringMatching(/^\d{56}$/) });
  });

  test("takes both ends of the time range", async () => {
    const found = await messages({ startTime: ORIGIN + 2, endTime: ORIGIN + 4 });

    expect(found).toEqual(["started", "ERROR out of memory", "WARN slow"]);
  });

  test("filters by stream and by pattern", async () => {
    expect(await messages({ logStreamNames: ["web/b"] })).toEqual(["started", "WARN slow"]);
    expect(await messages({ logStreamNamePrefix: "web/a", filterPattern: "-ERROR" })).toEqual([
      "started",
      "stopped",
    ]);
    expect(await messages({ filterPattern: "?ERROR ?WARN" })).toEqual(["ERROR out of memory", "WARN slow"]);
    expect(await messages({ filterPattern: '"out of memory"' })).toEqual(["ERROR out of memory"]);
  });

  test("gives the newest first when asked, page by page in that direction", async () => {
    const head = { startFromHead: false, startTime: ORIGIN, limit: 2 };

    const first = await filter(head);
    const second = await filter({ ...head, nextToken: first.nextToken });
    const third = await filter({ ...head, nextToken: second.nextToken });

    const pages = [first, second, third].map(({ events }) => events?.map(({ message }) => message));
    expect(pages).toEqual([["stopped", "WARN slow"], ["ERROR out of memory", "started"], ["started"]]);
    expect(third.nextToken).toBeUndefined();
  });

  test("refuses what AWS refuses", async () => {
    await expect(filter({ logGroupName: "/missing" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
    });
    const invalid = { name: "InvalidParameterException" };
    await expect(filter({ nextToken: "nonsense" })).rejects.toMatchObject(invalid);
    await expect(filter({ startFromHead: false, startTime: 1 })).rejects.toMatchObject(invalid);
    await expect(filter({ filterPattern: "a:b" })).rejects.toMatchObject(invalid);
    await expect(filter({ filterPattern: '{ $.level = "error" }' })).rejects.toMatchObject(invalid);
  });
});

test("an empty page with a token is not the end", async () => {
  const lines = Array.from({ length: 25_000 }, (_, index) => ({ at: ORIGIN + index, message: "noise" }));
  fixture.telemetry.logs.put(GROUP, "web/a", lines);
  write("web/a", { 25000: "needle" });

  const first = await filter({ filterPattern: "needle" });
  const second = await filter({ filterPattern: "needle", nextToken: first.nextToken });

  expect(first.events).toEqual([]);
  expect(first.nextToken).toBeDefined();
  expect(second.events?.map(({ message }) => message)).toEqual(["needle"]);
  expect(second.nextToken).toBeUndefined();
});

test("a page holds at most 10,000 events and 1 MB", async () => {
  const small = Array.from({ length: 12_000 }, (_, index) => ({ at: ORIGIN + index, message: "x" }));
  const large = Array.from({ length: 30 }, (_, index) => ({
    at: ORIGIN + index,
    message: "y".repeat(100_000),
  }));
  fixture.telemetry.logs.put("/small", "a", small);
  fixture.telemetry.logs.put("/large", "a", large);

  const smallPage = await filter({ logGroupName: "/small" });
  const largePage = await filter({ logGroupName: "/large" });

  expect(smallPage.events).toHaveLength(10_000);
  expect(largePage.events).toHaveLength(10);
});

test("groups and streams are created, written, described and read", async () => {
  await fixture.logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await fixture.logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "s" }));
  const logEvents = [1, 2, 3].map((offset) => ({ timestamp: ORIGIN + offset, message: `line ${offset}` }));
  await fixture.logs.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName: "s", logEvents }));

  const groups = await fixture.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/ecs" }));
  const streams = await fixture.logs.send(
    new DescribeLogStreamsCommand({ logGroupName: GROUP, orderBy: "LastEventTime", descending: true }),
  );
  const newest = await fixture.logs.send(
    new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: "s", limit: 2, endTime: ORIGIN + 4 }),
  );
  const older = await fixture.logs.send(
    new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: "s", nextToken: newest.nextBackwardToken }),
  );
  const end = await fixture.logs.send(
    new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: "s", nextToken: newest.nextForwardToken }),
  );

  expect(groups.logGroups?.[0]).toMatchObject({
    logGroupName: GROUP,
    arn: "arn:aws:logs:us-east-1:000000000000:log-group:/ecs/web:*",
  });
  expect(streams.logStreams?.[0]).toMatchObject({ logStreamName: "s", lastEventTimestamp: ORIGIN + 3 });
  expect(newest.events?.map(({ message }) => message)).toEqual(["line 2", "line 3"]);
  expect(older.events?.map(({ message }) => message)).toEqual(["line 1"]);
  expect(end.events).toEqual([]);
  expect(end.nextForwardToken).toBe(newest.nextForwardToken);
  await expect(fixture.logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }))).rejects.toMatchObject({
    name: "ResourceAlreadyExistsException",
  });
  await expect(
    fixture.logs.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: "none" })),
  ).rejects.toMatchObject({ message: "The specified log stream does not exist." });
});

test("events older than the retention are not read any more", async () => {
  const DAY = 86_400_000;
  const retain = (retentionInDays: number) =>
    fixture.logs.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays }));
  write("web/a", { [-4 * DAY]: "old", [-2 * DAY]: "young" });

  await retain(3);
  const kept = await messages();
  const stream = await fixture.logs.send(
    new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: "web/a", startFromHead: true }),
  );
  const groups = await fixture.logs.send(new DescribeLogGroupsCommand({}));
  await fixture.logs.send(new DeleteRetentionPolicyCommand({ logGroupName: GROUP }));

  expect(kept).toEqual(["young"]);
  expect(stream.events?.map(({ message }) => message)).toEqual(["young"]);
  expect(groups.logGroups?.[0]?.retentionInDays).toBe(3);
  expect(await messages()).toEqual(["old", "young"]);
  await expect(retain(4)).rejects.toMatchObject({ name: "InvalidParameterException" });
  await expect(
    fixture.logs.send(new PutRetentionPolicyCommand({ logGroupName: "/gone", retentionInDays: 1 })),
  ).rejects.toMatchObject({ message: "The specified log group does not exist." });
});

test("PutLogEvents leaves out what is too old or too new, and says so", async () => {
  const stream = { logGroupName: GROUP, logStreamName: "s" };
  await fixture.logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await fixture.logs.send(new CreateLogStreamCommand(stream));
  const HOUR = 3_600_000;
  const logEvents = [-15 * 24 * HOUR, -14 * 24 * HOUR, 2 * HOUR, 2 * HOUR + 1].map((offset) => ({
    timestamp: ORIGIN + offset,
    message: `at ${offset}`,
  }));

  const { rejectedLogEventsInfo } = await fixture.logs.send(
    new PutLogEventsCommand({ ...stream, logEvents }),
  );

  expect(rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 3, tooOldLogEventEndIndex: 1 });
  expect(await messages()).toEqual([`at ${-14 * 24 * HOUR}`, `at ${2 * HOUR}`]);
});

describe("a line in embedded metric format", () => {
  const line = (namespace: string, members: Record<string, unknown>, dimensions: string[][] = [["TaskId"]]) =>
    JSON.stringify({
      _aws: {
        Timestamp: ORIGIN,
        CloudWatchMetrics: [
          { Namespace: namespace, Dimensions: dimensions, Metrics: [{ Name: "Memory", Unit: "Percent" }] },
        ],
      },
      ...members,
    });

  async function metricsIn(namespace: string) {
    const { Metrics } = await fixture.cloudwatch.send(new ListMetricsCommand({ Namespace: namespace }));
    return Metrics?.map(({ MetricName, Dimensions }) => [MetricName, Dimensions]);
  }

  test("becomes a metric in the namespace that it names, Container Insights' among them", async () => {
    write("web/a", { 1: line("ECS/ContainerInsights", { TaskId: "t1", Memory: [70, 90] }) });

    const { Datapoints } = await fixture.cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "ECS/ContainerInsights",
        MetricName: "Memory",
        Dimensions: [{ Name: "TaskId", Value: "t1" }],
        StartTime: new Date(ORIGIN),
        EndTime: new Date(ORIGIN + 60_000),
        Period: 60,
        Statistics: ["Average", "SampleCount"],
      }),
    );

    expect(Datapoints).toMatchObject([{ Average: 80, SampleCount: 2, Unit: "Percent" }]);
    expect(await messages()).toHaveLength(1);
  });

  test("is read when PutLogEvents brings it", async () => {
    const stream = { logGroupName: GROUP, logStreamName: "s" };
    await fixture.logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
    await fixture.logs.send(new CreateLogStreamCommand(stream));

    const message = line("Shop", { TaskId: "t1", Memory: 70 });
    await fixture.logs.send(
      new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: ORIGIN, message }] }),
    );

    expect(await metricsIn("Shop")).toEqual([["Memory", [{ Name: "TaskId", Value: "t1" }]]]);
  });

  test("is only a line where it names a namespace of AWS, a member that is not there, or is not the whole line", async () => {
    write("web/a", {
      1: line("AWS/ECS", { TaskId: "t1", Memory: 70 }),
      2: line("Shop", { TaskId: "t1" }),
      3: line("Shop", { TaskId: 7, Memory: 70 }),
      4: line("Shop", { TaskId: "t1", Memory: "70" }),
      5: `INFO ${line("Shop", { TaskId: "t1", Memory: 70 })}`,
      6: line("Shop", { TaskId: "t1", Memory: 70 }).slice(0, -1),
    });

    expect(await metricsIn("AWS/ECS")).toEqual([]);
    expect(await metricsIn("Shop")).toEqual([]);
    expect(await messages()).toHaveLength(6);
  });
});
