/** Evidence that is huge, broken or out of time, through the real adapters: it is read, or told as a gap. */
import { describe, expect, it } from "vitest";
import { type World, withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { awsError, json } from "../../support/aws-stub-answers.ts";
import { expectReport } from "../../support/expect-report.ts";

type Fields = Record<string, unknown>;

const HOUR = 3_600_000;

function answerOf(world: World, operation: Parameters<World["aws"]["answer"]>[0], input: Fields): Fields {
  const answer = world.aws.answer(operation, input);
  if (answer.kind !== "json") throw new Error(`${operation} is not answered in JSON.`);
  return structuredClone(answer.body) as Fields;
}

function logs(
  world: World,
  messages: readonly string[],
  time = (index: number) => Date.now() - 20_000 + index,
) {
  const events = messages.map((message, index) => ({
    eventId: String(index),
    logStreamName: "app/shop/a",
    timestamp: time(index),
    message,
  }));
  world.aws.on("FilterLogEvents", () => json({ events }));
}

/** What a byte stream looks like after somebody decoded it with the wrong encoding. */
const BROKEN = [
  Buffer.from(Array.from({ length: 5_000 }, (_entry, i) => (i * 37) % 256)).toString("latin1"),
  Buffer.from("Fehler: Verbindung zurückgewiesen, 接続が拒否されました").toString("latin1"),
  Buffer.from("ERROR connection refused", "utf16le").toString("latin1"),
  Buffer.from([0xff, 0xfe, 0x80, 0xc3, 0x28]).toString("utf8"),
  "\ud800 half a pair \udc00",
  "\u0000\u0001\u001b[2J\u001b]0;title\u0007\u202e\u2066",
  '\ufeff{"level":"error","msg":"with a byte order mark"}',
  "\r\r\n\n\u2028\u2029",
  "",
];

async function expectResolved(world: World) {
  const incident = await world.handleOne(snsEvent(alarmMessage()));

  await expectReport(world, incident, { status: "resolved", says: ["restart"], mutations: ["StopTask"] });
  return incident;
}

describe.concurrent("logs", () => {
  it(
    "lines of a megabyte: what is kept of them is bounded",
    withWorld({}, async (world) => {
      const units = ["x", "é", '{"a":', "password=", "\tat a.b(C.java:1)\n", "1.1.1.1 "];
      const lines = units.map((unit) => unit.repeat(Math.ceil(1_000_000 / unit.length)));
      logs(world, [...lines, ...lines]);
      const before = process.memoryUsage().rss;

      const incident = await expectResolved(world);

      expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
      expect(Buffer.byteLength(JSON.stringify(incident))).toBeLessThan(256 * 1024);
      expect(incident.evidence?.lastLines.every((line) => line.length <= 500)).toBe(true);
    }),
  );

  it(
    "binary and wrongly decoded lines",
    withWorld({}, async (world) => {
      logs(world, BROKEN);

      const incident = await expectResolved(world);

      expect(incident.evidence?.facts.some(({ kind }) => kind === "log-pattern")).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may reach a terminal
      expect(JSON.stringify(incident.evidence?.lastLines)).not.toMatch(/[\u0000-\u001f\u202e\u2066]/);
    }),
  );

  it.each([
    ["an hour ahead", (index: number) => Date.now() + HOUR + index],
    ["since 1970", (index: number) => index],
    ["in the year 33658", (index: number) => 1e15 + index],
    ["backwards", (index: number) => Date.now() - index * 1_000],
  ])("with a clock that runs %s", (_name, time) =>
    withWorld({}, async (world) => {
      logs(
        world,
        Array.from({ length: 50 }, (_entry, i) => `ERROR call ${i} failed`),
        time,
      );

      const incident = await expectResolved(world);

      expect(incident.evidence?.facts.some(({ kind }) => kind === "log-pattern")).toBe(true);
    })(),
  );

  it(
    "a group that does not exist is a gap with a remedy",
    withWorld({}, async (world) => {
      world.aws.on("FilterLogEvents", awsError("ResourceNotFoundException"));

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(incident.failures).toEqual([]);
      expect(incident.diagnosis).toMatchObject({ cause: "memory-leak" });
      expect(incident.evidence?.gaps).toMatchObject([{ source: "logs", code: "aws-failed" }]);
      expect(JSON.stringify(world.slack.messages)).toContain("log group /ecs/shop does not exist");
      expect(JSON.stringify(world.slack.messages)).toContain("Check awslogs-group");
    }),
  );
});

/** Changes every series that CloudWatch answers with. */
function series(world: World, change: (times: number[], values: unknown[]) => [number[], unknown[]]): void {
  world.aws.on("GetMetricData", (input) => {
    const data = answerOf(world, "GetMetricData", input);
    for (const result of data["MetricDataResults"] as Fields[]) {
      const [times, values] = change(result["Timestamps"] as number[], result["Values"] as unknown[]);
      Object.assign(result, { Timestamps: times, Values: values });
    }
    return json(data);
  });
}

const keep = <T>(items: readonly T[], keeps: (index: number) => boolean): T[] =>
  items.filter((_item, index) => keeps(index));

describe.concurrent("series", () => {
  const CHANGES: Readonly<Record<string, (times: number[], values: unknown[]) => [number[], unknown[]]>> = {
    "with gaps": (times, values) => {
      const there = (index: number) => index % 7 !== 3 && (index < 100 || index > 130);
      return [keep(times, there), keep(values, there)];
    },
    "with values that are no numbers": (times, values) => [
      times,
      values.map((value, index) => (index % 5 === 2 ? ["NaN", "Infinity", "-Infinity"][index % 3] : value)),
    ],
    unordered: (times, values) => {
      const order = times
        .map((_time, index) => index)
        .sort((a, b) => ((a * 7919) % 301) - ((b * 7919) % 301));
      return [order.map((index) => times[index] ?? 0), order.map((index) => values[index])];
    },
    "with every point twice": (times, values) => [
      [...times, ...times],
      [...values, ...values],
    ],
    "with more times than values": (times, values) => [times, values.slice(0, -1)],
  };

  it.each(Object.entries(CHANGES))("%s are read as they are", (_name, change) =>
    withWorld({}, async (world) => {
      series(world, change);

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(incident.diagnosis).toMatchObject({ cause: "memory-leak", action: "restart" });
      expect(incident.failures).toEqual([]);
    })(),
  );
});

describe.concurrent("tasks", () => {
  it(
    "three thousand stopped ones",
    withWorld({ timing: { verifyTimeoutSeconds: 2 } }, async (world) => {
      const arns = Array.from(
        { length: 3_000 },
        (_entry, i) => `arn:aws:ecs:us-east-1:000000000000:task/sandbox/${String(i).padStart(32, "0")}`,
      );
      world.aws.on("ListTasks", (input) => {
        if (input["desiredStatus"] !== "STOPPED") return world.aws.answer("ListTasks", input);
        const from = Number(input["nextToken"] ?? 0);
        const next = from + 100 < arns.length ? { nextToken: String(from + 100) } : {};
        return json({ taskArns: arns.slice(from, from + 100), ...next });
      });
      world.aws.on("DescribeTasks", (input) => {
        const described = answerOf(world, "DescribeTasks", input);
        for (const [index, task] of (described["tasks"] as Fields[]).entries()) {
          if (!arns.includes(String(task["taskArn"]))) continue;
          Object.assign(task, {
            lastStatus: "STOPPED",
            desiredStatus: "STOPPED",
            stopCode: "EssentialContainerExited",
            stoppedReason: `Essential container in task exited ${index}`,
            stoppedAt: Date.now() / 1000 - index,
            containers: [{ name: "app", exitCode: index % 250, reason: "x".repeat(500) }],
          });
        }
        return json(described);
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(incident.status).not.toBe("failed");
      expect(incident.failures).toEqual([]);
      expect(incident.evidence?.facts.filter(({ kind }) => kind === "stopped-tasks").length).toBeGreaterThan(
        0,
      );
      expect(Buffer.byteLength(JSON.stringify(incident))).toBeLessThan(256 * 1024);
    }),
  );

  it(
    "that start in the future or at the beginning of time",
    withWorld({}, async (world) => {
      world.aws.on("DescribeTasks", (input) => {
        const described = answerOf(world, "DescribeTasks", input);
        for (const [index, task] of (described["tasks"] as Fields[]).entries()) {
          task["startedAt"] = index % 2 === 0 ? Date.now() / 1000 + 3_600 : 0;
        }
        return json(described);
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(incident.diagnosis).toMatchObject({ cause: "memory-leak" });
      expect(incident.failures).toEqual([]);
    }),
  );
});

describe.concurrent("an alarm from a clock that is wrong", () => {
  it.each([
    ["an hour ahead", HOUR],
    ["a day behind", -24 * HOUR],
  ])("%s: the incident ends in a report", (_name, skew) =>
    withWorld({}, async (world) => {
      const at = new Date(Date.now() + skew).toISOString().replace("Z", "+0000");

      const incident = await world.handleOne(snsEvent(alarmMessage({ StateChangeTime: at })));

      expect(incident.failures).toEqual([]);
      expect(world.slack.messages).toHaveLength(1);
    })(),
  );
});
