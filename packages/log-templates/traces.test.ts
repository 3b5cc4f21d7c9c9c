import { expect, test } from "vitest";
import { createLogDigest } from "./index.ts";

const TRACES = {
  java: `java.lang.IllegalStateException: Could not charge order 17
\tat org.springframework.web.Dispatcher.doDispatch(Dispatcher.java:12)
\tat com.acme.orders.OrderService.charge(OrderService.java:42)
Caused by: java.net.ConnectException: Connection refused (Connection refused)
\tat java.base/java.net.PlainSocketImpl.socketConnect(Native Method)
\t... 12 more`,
  python: `Traceback (most recent call last):
  File "/app/orders/db.py", line 10, in open_pool
    conn = psycopg2.connect(dsn)
  File "/usr/lib/python3/site-packages/psycopg2/__init__.py", line 122, in connect
    conn = _connect(dsn)
psycopg2.OperationalError: could not connect to server: Connection refused`,
  node: `Error: connect ECONNREFUSED 10.0.0.1:5432
    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1494:16)
    at async OrderRepository.save (file:///app/src/order-repository.js:12:3) {
  errno: -111,
  code: 'ECONNREFUSED',
}`,
  go: `panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a]

goroutine 1 [running]:
runtime.gopanic(0x1)
\t/usr/local/go/src/runtime/panic.go:5 +0x1
main.(*Server).handle(0xc00001)
\t/app/main.go:12 +0x1d
exit status 2`,
};

const FRAMES = {
  java: "OrderService.charge(OrderService.java:42)",
  python: "db.py open_pool",
  node: "OrderRepository.save (order-repository.js:12:3)",
  go: "main.(*Server).handle",
};

test("traces of four languages, interleaved over streams, are one pattern each", () => {
  const digest = createLogDigest({ onset: 0 });
  const lines = Object.entries(TRACES).flatMap(([stream, trace]) =>
    trace.split("\n").map((message, t) => ({ t, stream, message })),
  );
  digest.add(lines.sort((a, b) => a.t - b.t));

  const { patterns, totals } = digest.finish();

  expect(patterns).toHaveLength(4);
  expect(
    patterns.every(({ level, count, signal }) => level === "error" && count === 1 && signal !== undefined),
  ).toBe(true);
  expect(totals.foldedLines).toBe(totals.lines - 4);
  for (const frame of Object.values(FRAMES))
    expect(patterns.some((pattern) => pattern.frame?.includes(frame))).toBe(true);
  const java = patterns.find(({ frame }) => frame?.includes("OrderService"));
  expect(java).toMatchObject({ signal: "connection-refused", template: expect.stringContaining("<cause>") });
});

test.each(Object.entries(TRACES))("a %s trace in one event, and in a JSON field", (language, trace) => {
  const digest = createLogDigest({ onset: 0 });
  digest.add([
    { t: 0, stream: "a", message: trace },
    {
      t: 0,
      stream: "b",
      message: JSON.stringify({ level: "error", message: "request failed", stack: trace }),
    },
  ]);

  const { patterns, totals } = digest.finish();

  expect(totals.lines).toBe(2);
  expect(patterns.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  expect(patterns.every(({ level }) => level === "error")).toBe(true);
  if (language !== "python" && language !== "go") expect(patterns[0]?.template).toContain("<frame");
});

test("an exception printed below the line that logs it belongs to that line", () => {
  const digest = createLogDigest({ onset: 0 });
  const messages = [
    "2024-01-02 10:00:00,123 ERROR [main] a.b.C - request failed",
    ...TRACES.java.split("\n"),
  ];
  digest.add(messages.map((message) => ({ t: 0, stream: "s", message })));

  const { patterns } = digest.finish();

  expect(patterns).toMatchObject([{ count: 1, signal: "connection-refused" }]);
});
