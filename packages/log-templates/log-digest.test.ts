import { describe, expect, test } from "vitest";
import { createLogDigest, type LogDigest } from "./index.ts";
import type { LogLine } from "./log-line.ts";

const ONSET = 1_000;

function digestOf(messages: readonly string[], stream = "task-1", t = ONSET): LogDigest {
  const digest = createLogDigest({ onset: ONSET });
  digest.add(messages.map((message) => ({ t, stream, message })));
  return digest.finish();
}

describe("templates", () => {
  test("lines that differ in their variables are one pattern", () => {
    const digest = digestOf([
      "ERROR connection to 10.0.0.1:5432 refused after 30 ms",
      "ERROR connection to 10.0.0.2:5432 refused after 31 ms",
    ]);

    expect(digest.patterns).toMatchObject(
      [
        { level: "error", count: 2, template: "connection-refused <duration>", signal: "connection-refused" },
      ].map(({ template: _template, ...rest }) => rest),
    );
    expect(digest.patterns[0]?.template).toMatch(/^connection-refused/);
  });

  test.each([
    [
      "2024-01-02T10:00:00.123Z ERROR 1 --- [exec-1] c.e.Pool : Connection refused",
      "error",
      "connection-refused",
    ],
    ["2024-01-02 10:00:00,123 WARNING request timed out after 30s", "warn", "timeout"],
    ['time="2024-01-02T10:00:00Z" level=error msg="lookup failed" err="no such host"', "error", "dns"],
    [
      '{"level":50,"msg":"request failed","err":{"type":"ThrottlingException","message":"Rate exceeded"}}',
      "error",
      "throttled",
    ],
    ["ERROR:root:[Errno 13] Permission denied: '/data'", "error", "permission"],
    [
      "E0102 15:04:05.123456       1 main.go:1] x509: certificate has expired or is not yet valid",
      "error",
      "certificate",
    ],
    [
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      "error",
      "out-of-memory",
    ],
    ["OSError: [Errno 28] No space left on device: '/tmp/x'", "error", "disk-full"],
    [
      "2024-01-01 12:00:00.000 UTC [123] FATAL:  sorry, too many clients already",
      "error",
      "too-many-connections",
    ],
    ["Error: Missing required environment variable DATABASE_URL", "error", "missing-configuration"],
    ["KeyError: 'DATABASE_URL'", "error", "missing-configuration"],
    ["TypeError: Cannot read properties of undefined (reading 'id')", "error", "exception"],
    ["\u001b[31m[ERROR]\u001b[0m upstream request timeout", "error", "timeout"],
    [
      '{"log":"2024-01-02 10:00:00 ERROR connect ETIMEDOUT 1.2.3.4:80\\n","stream":"stderr"}',
      "error",
      "timeout",
    ],
  ])("%s", (message, level, signal) => {
    const digest = digestOf([message]);

    expect(digest.patterns).toMatchObject([{ level, signal }]);
  });

  test("a client's mistakes in an access log are not the service's errors", () => {
    const digest = digestOf([
      '1.2.3.4 - - [10/Oct/2024:13:55:36 +0000] "GET /error/fatal HTTP/1.1" 404 12 "-" "FATAL ERROR"',
      '1.2.3.4 - - [10/Oct/2024:13:55:36 +0000] "GET /a HTTP/1.1" 503 12 "-" "curl/8"',
    ]);

    expect(digest.patterns.map(({ level, template }) => [level, template])).toEqual([
      ["error", "GET <path> status 503"],
      ["info", "GET <path> status 404"],
    ]);
  });

  test("a mere mention of a fault without a level is no error, and an informative timeout has no signal", () => {
    const digest = digestOf(["we saw connection refused", "INFO timeout configured 30s"]);

    expect(digest.patterns.map(({ level, signal }) => [level, signal])).toEqual([
      ["warn", "connection-refused"],
      ["info", undefined],
    ]);
  });
});

describe("ranking", () => {
  test("errors come first, and among them what is new since the onset", () => {
    const digest = createLogDigest({ onset: ONSET });
    const line = (t: number, message: string): LogLine => ({ t, stream: "s", message });
    digest.add([
      line(1, "ERROR cache refresh failed"),
      line(ONSET, "INFO request served"),
      line(ONSET + 5, "ERROR disk full"),
    ]);
    digest.add([line(ONSET + 6, "ERROR cache refresh failed")]);

    const { patterns } = digest.finish();

    expect(patterns.map(({ level, newSinceOnset, count }) => [level, newSinceOnset, count])).toEqual([
      ["error", true, 1],
      ["error", false, 2],
      ["info", true, 1],
    ]);
  });

  test("the last lines are the newest by time, redacted", () => {
    const digest = createLogDigest({ onset: 0, lastLines: 2 });
    digest.add([
      { t: 3, stream: "s", message: "third password=hunter2" },
      { t: 1, stream: "s", message: "first" },
      { t: 2, stream: "s", message: "second \u001b[31mred\u0007" },
    ]);

    expect(digest.finish().lastLines).toEqual(["second red", "third password=[redacted:password]"]);
  });
});
