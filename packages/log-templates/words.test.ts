import { describe, expect, test } from "vitest";
import { createLogDigest, type LogPattern } from "./index.ts";
import type { LogLine } from "./log-line.ts";

const ONSET = 1_000;

function patternsOf(lines: readonly (string | Partial<LogLine>)[]): readonly LogPattern[] {
  const digest = createLogDigest({ onset: ONSET });
  digest.add(
    lines.map((line, i) => ({
      t: ONSET + i,
      stream: "s",
      message: "",
      ...(typeof line === "string" ? { message: line } : line),
    })),
  );
  return digest.finish().patterns;
}

describe("real lines", () => {
  test("the newest comes first, then those whose words differ most; numbers make no difference", () => {
    const [pattern] = patternsOf([
      "ERROR query of table orders failed after 30 ms",
      "ERROR query of table carts failed after 31 ms",
      "ERROR query of table carts failed after 32 ms",
    ]);

    expect(pattern?.lines).toEqual([
      "query of table carts failed after 32 ms",
      "query of table orders failed after 30 ms",
    ]);
  });

  test("are what was said, without the envelope, with the fields that add to it", () => {
    const [pattern] = patternsOf([
      JSON.stringify({
        level: "error",
        time: "2024-01-02T10:00:00Z",
        pid: 7,
        msg: "query failed",
        host: "db-1.internal",
        table: "orders",
      }),
    ]);

    expect(pattern?.lines).toEqual(["query failed (host=db-1.internal, table=orders)"]);
  });

  test("show the host that failed and no secret", () => {
    const [pattern] = patternsOf([
      "ERROR POST http://10.0.3.7:44947/reservations?token=abcdef123: connect ECONNREFUSED 203.0.113.9",
    ]);

    expect(pattern?.lines).toEqual([
      "POST http://10.0.3.7:44947/reservations?token=[redacted:token] connect ECONNREFUSED [redacted:ipv4]",
    ]);
  });

  test("a line of a megabyte and one that moves the cursor stay short and plain", () => {
    const [pattern] = patternsOf([`ERROR it broke \u001b[31mred\u202e ${"x ".repeat(500_000)}`]);

    expect(pattern?.lines[0]).toMatch(/^it broke red x x/);
    expect(pattern?.lines[0]?.length).toBeLessThanOrEqual(300);
  });
});

const trace = (cause: string): string[] => [
  "2024-01-02 10:00:00 ERROR checkout failed",
  "java.lang.IllegalStateException: checkout failed",
  "\tat com.acme.Checkout.run(Checkout.java:12)",
  "Caused by: java.sql.SQLException: query failed",
  `Caused by: ${cause}`,
  "\t... 3 more",
];

describe("root causes", () => {
  test("each distinct trace of a pattern keeps its innermost cause, the most frequent first", () => {
    const [pattern] = patternsOf([
      ...trace("java.net.ConnectException: Connection refused: 10.0.0.1:5432"),
      ...trace("java.net.UnknownHostException: orders-db.internal"),
      ...trace("java.net.UnknownHostException: orders-db.internal"),
    ]);

    expect(pattern?.count).toBe(3);
    expect(pattern?.rootCauses).toEqual([
      {
        text: "java.net.UnknownHostException: orders-db.internal",
        template: "UnknownHostException <word>",
        signal: "dns",
        count: 2,
      },
      {
        text: "java.net.ConnectException: Connection refused: 10.0.0.1:5432",
        template: "<word> connection-refused <ip>",
        signal: "connection-refused",
        count: 1,
      },
    ]);
    expect(pattern?.frame).toBe("Checkout.run(Checkout.java:12)");
  });

  test("another address is no other cause", () => {
    const [pattern] = patternsOf([
      ...trace("java.net.ConnectException: Connection refused: 10.0.0.1:5432"),
      ...trace("java.net.ConnectException: Connection refused: 10.0.0.2:5432"),
    ]);

    expect(pattern?.rootCauses).toMatchObject([{ count: 2 }]);
  });

  test("a trace that is still under way at the end counts", () => {
    const [pattern] = patternsOf(trace("java.net.ConnectException: Connection refused").slice(0, 5));

    expect(pattern?.rootCauses).toMatchObject([{ signal: "connection-refused" }]);
  });

  test("Node's cause below its error", () => {
    const [pattern] = patternsOf([
      "Error: reservation failed",
      "    at reserve (/app/reserve.js:10:5) {",
      "  [cause]: Error: connect ECONNREFUSED 10.0.3.7:44947",
    ]);

    expect(pattern?.rootCauses).toMatchObject([{ text: "Error: connect ECONNREFUSED 10.0.3.7:44947" }]);
  });

  test(".NET's console logger: the message and the cause stand below the category", () => {
    const [pattern] = patternsOf([
      "fail: Program[0]",
      "      An error occured during migration",
      "      Npgsql.NpgsqlException (0x80004005): Failed to connect to 127.0.0.1:5432",
      "       ---> System.Net.Sockets.SocketException (111): Connection refused",
      "         at Npgsql.Internal.NpgsqlConnector.Connect(NpgsqlTimeout timeout)",
    ]);

    expect(pattern).toMatchObject({
      signal: "connection-refused",
      rootCauses: [{ text: "System.Net.Sockets.SocketException (111): Connection refused" }],
      lines: ["Program[0]: An error occured during migration"],
    });
  });
});

describe("what the placeholders stood for", () => {
  test("how many values each had, and between which numbers it moved", () => {
    const [pattern] = patternsOf([
      "WARN cart cache of host 10.0.0.1:80 has size 8000 entries, 12 MiB, failed",
      "WARN cart cache of host 10.0.0.1:80 has size 41000 entries, 70 MiB, failed",
      "WARN cart cache of host 10.0.0.1:80 has size 76214 entries, 119 MiB, failed",
    ]);

    expect(pattern?.values).toEqual([
      { placeholder: "<ip>", distinct: 1 },
      { placeholder: "<num>", distinct: 3, first: "8000", last: "76214" },
      { placeholder: "<num>", distinct: 3, first: "12", last: "119" },
    ]);
  });

  test("at most a hundred are counted, and no text is kept of them", () => {
    const [pattern] = patternsOf(Array.from({ length: 300 }, (_entry, i) => `ERROR order ord-${i}x failed`));

    expect(pattern?.values).toEqual([{ placeholder: "<id>", distinct: 100 }]);
  });
});

test("lines before the onset, and the streams with a line", () => {
  const [pattern] = patternsOf([
    { message: "ERROR it broke", t: ONSET - 2, stream: "a" },
    { message: "ERROR it broke", t: ONSET, stream: "b" },
    { message: "ERROR it broke", t: ONSET + 1, stream: "a" },
  ]);

  expect(pattern).toMatchObject({ count: 3, countBefore: 1, streams: ["a", "b"] });
});

test("more streams than a word has bits are all known", () => {
  const [pattern] = patternsOf(
    Array.from({ length: 150 }, (_entry, i) => ({ message: "ERROR it broke", stream: `s${i % 70}` })),
  );

  expect(pattern?.streams).toHaveLength(70);
});
