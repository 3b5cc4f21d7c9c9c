/** How runtimes and loggers word a failure: what names it must reach the pattern, wherever it stands. */
import { describe, expect, test } from "vitest";
import { each, json, patternsOf, REFUSED } from "./failure-fixture.ts";

describe(".NET", () => {
  each([
    [
      "inner exceptions below an unhandled one",
      `Unhandled exception. System.AggregateException: One or more errors occurred. (no answer)
 ---> System.Net.Http.HttpRequestException: no answer (orders:80)
 ---> System.Net.Sockets.SocketException (111): Connection refused
   at System.Net.Sockets.Socket.Connect()`,
      {
        ...REFUSED,
        rootCauses: [{ text: "System.Net.Sockets.SocketException (111): Connection refused" }] as never,
      },
    ],
    [
      "an inner exception on the line itself",
      "Unhandled exception. System.Net.Http.HttpRequestException: no answer (orders.internal:80) ---> System.Net.Sockets.SocketException (0xFFFDFFFF): Name or service not known",
      { signal: "dns" },
    ],
    [
      "Serilog's text: the exception stands below, not indented",
      `[07:00:00 ERR] Request failed
System.Net.Http.HttpRequestException: no answer (orders:80)
 ---> System.Net.Sockets.SocketException (111): Connection refused
   at A.B()`,
      REFUSED,
    ],
    [
      "gRPC's status with the exception of the connection",
      'ERROR Grpc.Core.RpcException: Status(StatusCode="Unavailable", Detail="Error connecting to subchannel.", DebugException="System.Net.Sockets.SocketException: Connection refused")',
      REFUSED,
    ],
  ]);
});

describe("Rust", () => {
  each([
    [
      "a panic: the message is on the next line",
      `thread 'main' panicked at src/main.rs:42:10:
called \`Result::unwrap()\` on an \`Err\` value: Os { code: 111, kind: ConnectionRefused, message: "Connection refused" }
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace`,
      REFUSED,
    ],
    [
      "a panic of older versions, quoted on one line",
      "thread 'worker' panicked at 'called `Result::unwrap()` on an `Err` value: Io(Os { code: 111, kind: ConnectionRefused, message: \"Connection refused\" })', src/main.rs:10:5",
      REFUSED,
    ],
    [
      "a setting",
      "thread 'main' panicked at src/main.rs:9:36:\nDATABASE_URL must be set: NotPresent",
      { signal: "missing-configuration" },
    ],
    [
      "a pool that is used up",
      "thread 'main' panicked at src/db.rs:3:5:\ncalled `Result::unwrap()` on an `Err` value: PoolTimedOut",
      { signal: "too-many-connections" },
    ],
    [
      "anyhow's list of causes, the innermost last",
      "Error: failed to start\n\nCaused by:\n    0: cannot reach the database\n    1: Connection refused (os error 111)",
      { ...REFUSED, rootCauses: [{ text: "Connection refused (os error 111)", count: 1 }] as never },
    ],
    [
      "tracing's field",
      "2026-11-23T07:00:00.123456Z ERROR shop::db: charge failed error=Connection refused (os error 111)",
      REFUSED,
    ],
    [
      "tracing in JSON",
      json({
        level: "ERROR",
        fields: { message: "charge failed", error: "Connection refused (os error 111)" },
      }),
      REFUSED,
    ],
  ]);
});

describe("Go", () => {
  each([
    [
      "a port in use",
      "2026/11/23 07:00:00 listen tcp :8080: bind: address already in use",
      { level: "warn", template: expect.stringContaining("address-used") as never },
    ],
    ["a quoted dial", 'ERROR could not load: "dial tcp 10.0.3.7:5432: connect: connection refused"', REFUSED],
    [
      "i/o timeout in logfmt",
      'level=error msg="call failed" err="read tcp 10.0.1.1:3->10.0.3.7:5432: i/o timeout"',
      { signal: "timeout" },
    ],
    [
      "zap's console, with its fields behind it",
      '2026-11-23T07:00:00.000Z\tERROR\tshop/pay.go:3\tcharge failed\t{"error": "dial tcp 10.0.3.7:5432: connect: connection refused"}',
      REFUSED,
    ],
  ]);
});

describe("gRPC", () => {
  const of = (code: string) => `ERROR rpc error: code = ${code} desc = x`;
  each([
    ["no permission", of("PermissionDenied"), { signal: "permission" }],
    ["no credentials", of("Unauthenticated"), { signal: "permission" }],
    ["a quota", of("ResourceExhausted"), { signal: "throttled" }],
    ["a deadline", of("DeadlineExceeded"), { signal: "timeout" }],
    [
      "a service that is not there",
      of("Unavailable"),
      { template: expect.stringContaining("service-unavailable") as never },
    ],
    [
      "Java's name of it",
      "ERROR io.grpc.StatusRuntimeException: UNAVAILABLE: io exception",
      { template: expect.stringContaining("service-unavailable") as never },
    ],
    [
      "Python's lines below the error",
      `grpc._channel._InactiveRpcError: <_InactiveRpcError of RPC that terminated with:
	status = StatusCode.UNAVAILABLE
	details = "failed to connect to all addresses; last error: UNKNOWN: ipv4:10.0.3.7:50051: Connection refused"
	debug_error_string = "x"
>`.replace("\n>", ""),
      REFUSED,
    ],
  ]);
});

describe("Python", () => {
  test("what was raised first is the cause of what came of it", () => {
    const chain = `Traceback (most recent call last):
  File "/app/a.py", line 3, in f
ConnectionRefusedError: [Errno 111] Connection refused

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/b.py", line 9, in g
app.PaymentFailed: could not charge`;

    for (const lines of [chain.split("\n"), [chain]]) {
      const found = patternsOf(lines).find(({ rootCauses }) => rootCauses.length > 0);

      expect(found).toMatchObject({ level: "error", ...REFUSED });
      expect(found?.rootCauses[0]?.text).toBe("ConnectionRefusedError: [Errno 111] Connection refused");
    }
  });

  each([
    [
      "the cause that requests quotes",
      "requests.exceptions.ConnectionError: HTTPConnectionPool(host='orders', port=80): Max retries exceeded with url: /x (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7>: Failed to establish a new connection: [Errno 111] Connection refused'))",
      REFUSED,
    ],
    [
      "a name that urllib3 could not resolve",
      "urllib3.exceptions.MaxRetryError: HTTPConnectionPool(host='orders', port=80): Max retries exceeded with url: /x (Caused by NameResolutionError(\"<urllib3.connection.HTTPConnection object at 0x7>: Failed to resolve 'orders' ([Errno -2] Name or service not known)\"))",
      { signal: "dns" },
    ],
    [
      "structlog's text",
      json({
        event: "request failed",
        level: "error",
        exception:
          'Traceback (most recent call last):\n  File "/app/x.py", line 3, in f\npsycopg2.OperationalError: Connection refused',
      }),
      REFUSED,
    ],
    [
      "structlog's dictionaries",
      json({
        event: "request failed",
        level: "error",
        exception: [{ exc_type: "OperationalError", exc_value: "connection refused", frames: [] }],
      }),
      REFUSED,
    ],
  ]);
});

describe("Node", () => {
  const below = (cause: string, code: string) => `TypeError: fetch failed
    at async reserve (file:///app/src/reserve.js:12:3) {
  [cause]: ${cause}
      code: '${code}'
  }
}`;
  each([
    [
      "undici's connect timeout",
      below(
        "ConnectTimeoutError: Connect Timeout Error (attempted address: orders:443)",
        "UND_ERR_CONNECT_TIMEOUT",
      ),
      { signal: "timeout" },
    ],
    [
      "a socket that the other side closed",
      below("SocketError: other side closed", "UND_ERR_SOCKET"),
      { template: expect.stringContaining("connection-lost") as never },
    ],
    [
      "a cause within a JSON error",
      json({
        level: "error",
        message: "reserve failed",
        error: {
          name: "TypeError",
          message: "fetch failed",
          cause: { code: "ECONNREFUSED", message: "connect ECONNREFUSED 10.0.3.7:443" },
        },
      }),
      REFUSED,
    ],
    [
      "pino's stack with causes",
      json({
        level: 50,
        msg: "failed",
        err: {
          type: "TypeError",
          message: "fetch failed",
          stack:
            "TypeError: fetch failed\n    at x (/app/a.js:1:2)\ncaused by: Error: connect ECONNREFUSED 10.0.3.7:443",
        },
      }),
      REFUSED,
    ],
    [
      "Lambda's runtime",
      '2026-11-23T07:00:00.000Z\tabc\tERROR\tUnhandled Promise Rejection\t{"errorType":"Error","errorMessage":"connect ECONNREFUSED 10.0.3.7:5432"}',
      REFUSED,
    ],
  ]);
});

describe("Ruby and PHP", () => {
  each([
    [
      "Rails' list of causes",
      "F, [2026-11-23T07:00:00.123456 #7] FATAL -- : ActiveRecord::DatabaseConnectionError (There is an issue.)\nCauses:\nMysql2::Error::ConnectionError (Unknown MySQL server host 'db' (-2))",
      { signal: "dns" },
    ],
    [
      "Ruby's frames belong to the error",
      "E, [2026-11-23T07:00:00.123456 #7] ERROR -- : PG::ConnectionBad (connection to server failed: Connection refused)\napp/models/order.rb:12:in `save'",
      REFUSED,
    ],
    [
      "PHP's trace belongs to the error",
      "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /app/db.php:12\nStack trace:\n#0 /app/db.php(12): PDO->__construct()\n#1 {main}\n  thrown in /app/db.php on line 12",
      REFUSED,
    ],
    [
      "Monolog's context",
      json({
        message: "charge failed",
        context: {
          exception: { class: "PDOException", message: "SQLSTATE[HY000] [2002] Connection refused" },
        },
        level: 400,
        level_name: "ERROR",
      }),
      REFUSED,
    ],
  ]);
});
