/** JSON lines of loggers and proxies: whatever key holds the words of a failure, or the status of a request. */
import { describe, expect, test } from "vitest";
import { each, json, patternsOf, REFUSED } from "./failure-fixture.ts";

describe("JSON keys", () => {
  const dotnet =
    "System.InvalidOperationException: x\n ---> System.Net.Sockets.SocketException (111): Connection refused\n   at A.B()";
  each([
    [
      "Serilog's classic form",
      json({
        Timestamp: "2026",
        Level: "Error",
        MessageTemplate: "Request {Id} failed",
        Exception: dotnet,
        Properties: { Id: 3 },
      }),
      REFUSED,
    ],
    [
      "Serilog's compact form",
      json({ "@t": "2026", "@mt": "Request {Id} failed", "@l": "Error", "@x": dotnet }),
      REFUSED,
    ],
    [
      ".NET's JSON console",
      json({ EventId: 1, LogLevel: "Error", Category: "Shop", Message: "Request failed", Exception: dotnet }),
      REFUSED,
    ],
    [
      "log4j2's thrown, with a cause",
      json({
        level: "ERROR",
        message: "charge failed",
        thrown: {
          name: "java.lang.RuntimeException",
          message: "wrapped",
          cause: { name: "java.net.ConnectException", message: "Connection refused" },
        },
      }),
      REFUSED,
    ],
    [
      "logback's throwable",
      json({
        level: "ERROR",
        formattedMessage: "charge failed",
        throwable: { className: "java.net.ConnectException", message: "Connection refused" },
      }),
      REFUSED,
    ],
    [
      "a key that nobody knows",
      json({ severity: "ERROR", service: "shop", outcome: "connect ECONNREFUSED 10.0.3.7:5432" }),
      REFUSED,
    ],
    [
      "a reason beside the message",
      json({ level: "error", message: "payment failed", why: "connection refused" }),
      REFUSED,
    ],
    [
      "a list of errors",
      json({ level: "error", message: "payment failed", errors: [{ message: "connection refused" }] }),
      REFUSED,
    ],
  ]);

  test("what a client or a person wrote is no statement of the program", () => {
    for (const key of ["path", "query", "userAgent", "email", "comment", "body_text", "requestBody"]) {
      const [pattern] = patternsOf(
        json({ level: "error", message: "it broke", [key]: "disk full and connection refused" }),
      );

      expect(pattern).not.toHaveProperty("signal");
    }
  });

  test("quoted text that names no failure stays one value", () => {
    expect(patternsOf(['ERROR bad value: "drop the tables" for it'])[0]?.template).toBe(
      "bad value <str> <text>",
    );
  });
});

describe("the failure stands only in the stack, or deeper", () => {
  each([
    [
      "winston: the stack's first line names it",
      json({
        level: "error",
        message: "charge failed",
        stack: "Error: connect ECONNREFUSED 10.0.3.7:5432\n    at x (/app/a.js:1:2)",
      }),
      REFUSED,
    ],
    [
      "python-json-logger: the traceback's last line names it",
      json({
        levelname: "ERROR",
        message: "charge failed",
        exc_info:
          'Traceback (most recent call last):\n  File "/app/a.py", line 3, in f\nConnectionRefusedError: [Errno 111] Connection refused',
      }),
      REFUSED,
    ],
    [
      "loguru's record",
      json({
        text: "x",
        record: {
          level: { name: "ERROR" },
          message: "charge failed",
          exception: { type: "ConnectionRefusedError", value: "[Errno 111] Connection refused" },
        },
      }),
      REFUSED,
    ],
    [
      "OpenTelemetry's attributes",
      json({
        SeverityText: "ERROR",
        Body: "charge failed",
        Attributes: { "exception.type": "ConnectException", "exception.message": "Connection refused" },
      }),
      REFUSED,
    ],
  ]);
});

describe("a request's status in JSON", () => {
  const path = "/x";
  test.each([
    ["nginx", { request: "GET /x HTTP/1.1", status: "503" }, "GET <path> status 503"],
    ["API Gateway", { httpMethod: "GET", status: "503", requestId: "x" }, "GET <path> status 503"],
    ["Envoy", { method: "GET", path, response_code: 503 }, "GET <path> status 503"],
    ["a nested request", { http: { method: "GET", status_code: 503 } }, "GET <path> status 503"],
    ["no method", { uri: path, status: 503, duration: 3 }, "<path> status 503"],
    ["an error level and nothing else", { level: "error", path, statusCode: 503 }, "<path> status 503"],
    [
      "pino-http",
      { level: 30, req: { method: "GET", url: path }, res: { statusCode: 503 }, msg: "request completed" },
      "<word> completed <word> 503",
    ],
    [
      "Caddy",
      { level: "error", msg: "handled request", request: { method: "GET", uri: path }, status: 503 },
      "handled <word> status 503",
    ],
  ])("of %s: two hundred lines are one pattern of errors", (_name, record, template) => {
    const patterns = patternsOf(
      Array.from({ length: 200 }, (_, i) => JSON.stringify({ ...record, took: i })),
    );

    expect(patterns).toMatchObject([{ level: "error", count: 200, template }]);
  });

  test("a client's error is none of the service", () => {
    expect(
      patternsOf(json({ level: "info", msg: "request completed", method: "GET", status: 404 })),
    ).toMatchObject([{ level: "info" }]);
    expect(patternsOf(json({ method: "GET", path, status: 404 }))).toMatchObject([
      { level: "info", template: "GET <path> status 404" },
    ]);
  });
});
