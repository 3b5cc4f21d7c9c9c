import { describe, expect, it } from "vitest";
import type { LogLine } from "../../src/domain/reading.ts";
import type { ReadOptions } from "../../src/evidence/ports.ts";
import { awsError, delayed, json } from "../support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const from = Date.UTC(2025, 10, 1);
const window = { from, to: from + 60_000 };
const bed = useAwsStub();

it("reads the newest page first and gives each page oldest first", async () => {
  bed.stub.on(
    "FilterLogEvents",
    json({ events: [event(40, "four"), event(30, "  at b"), event(30, "  at a")], nextToken: "older" }),
    json({ events: [event(20, "two"), event(10, "one")] }),
  );

  const pages = await read();

  expect(pages.map((page) => page.map(({ message }) => message))).toEqual([
    ["  at a", "  at b", "four"],
    ["one", "two"],
  ]);
  expect(pages[0]?.[2]).toEqual({ t: from + 40, stream: "app/app/1", message: "four" });
  expect(bed.stub.calls("FilterLogEvents")).toEqual([
    { logGroupName: "/ecs/checkout", startTime: from, endTime: from + 59_999, startFromHead: false },
    {
      logGroupName: "/ecs/checkout",
      startTime: from,
      endTime: from + 59_999,
      startFromHead: false,
      nextToken: "older",
    },
  ]);
});

it("keeps the order of an endpoint that answers oldest first", async () => {
  bed.stub.on(
    "FilterLogEvents",
    json({ events: [event(10, "one"), event(20, "at a"), event(20, "at b"), event(15, "late")] }),
  );

  const [page] = await read();

  expect(page?.map(({ message }) => message)).toEqual(["one", "late", "at a", "at b"]);
});

it("does not ask for the newest first where AWS refuses it", async () => {
  bed.stub.on("FilterLogEvents", json({ events: [] }));

  await read({}, { from: Date.UTC(2023, 11, 31), to: from });

  expect(bed.stub.calls("FilterLogEvents")[0]).not.toHaveProperty("startFromHead");
});

it("goes on after empty pages", async () => {
  bed.stub.on(
    "FilterLogEvents",
    json({ events: [], nextToken: "a" }),
    json({ nextToken: "b" }),
    json({ events: [event(1, "found")] }),
  );

  const pages = await read();

  expect(pages).toHaveLength(1);
  expect(bed.stub.calls("FilterLogEvents")).toHaveLength(3);
});

describe("what ends a read", () => {
  it("200 calls, when pages never end", async () => {
    bed.stub.on("FilterLogEvents", json({ events: [], nextToken: "again" }));

    const pages = await read();

    expect(pages).toEqual([]);
    expect(bed.stub.calls("FilterLogEvents")).toHaveLength(200);
  });

  it("half a million lines", async () => {
    const events = Array.from({ length: 60_000 }, (_, index) => event(60_000 - index, "x"));
    bed.stub.on("FilterLogEvents", json({ events, nextToken: "again" }));
    let count = 0;

    for await (const page of bed.aws.logs.lines("/ecs/checkout", window)) count += page.length;

    expect(count).toBe(540_000);
  });

  it("a consumer that has seen enough", async () => {
    bed.stub.on("FilterLogEvents", json({ events: [event(1, "x")], nextToken: "again" }));

    for await (const _page of bed.aws.logs.lines("/ecs/checkout", window)) break;

    expect(bed.stub.calls("FilterLogEvents")).toHaveLength(1);
  });

  it("the caller's signal, which leaves what was read before", async () => {
    bed.stub.on(
      "FilterLogEvents",
      json({ events: [event(1, "x")], nextToken: "again" }),
      delayed(5_000, json({ events: [] })),
    );
    const pages: (readonly LogLine[])[] = [];
    const started = performance.now();

    const error = await rejection(read({ signal: AbortSignal.timeout(200) }, window, pages));

    expect(error).toMatchObject({
      code: "aws-unreachable",
      message: expect.stringContaining("FilterLogEvents"),
    });
    expect(pages).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

it("names a group that does not exist", async () => {
  bed.stub.on("FilterLogEvents", awsError("ResourceNotFoundException"));

  const error = await rejection(read());

  expect(error).toMatchObject({ code: "aws-failed", message: expect.stringContaining("/ecs/checkout") });
});

async function read(options: ReadOptions = {}, within = window, pages: (readonly LogLine[])[] = []) {
  for await (const page of bed.aws.logs.lines("/ecs/checkout", within, options)) pages.push(page);
  return pages;
}

function event(offset: number, message: string) {
  return { timestamp: from + offset, logStreamName: "app/app/1", message, eventId: String(offset) };
}
