import { expect, test } from "vitest";
import { createLogDigest, type LogPattern } from "./index.ts";

function patternsOf(messages: readonly string[]): readonly LogPattern[] {
  const digest = createLogDigest({ onset: 0 });
  digest.add(messages.map((message, t) => ({ t, stream: "s", message })));
  return digest.finish().patterns;
}

/** Lines of real programs whose deciding words stand where a simple reader does not look. */
test.each([
  [
    "a placeholder that Spring cannot resolve is no host",
    "java.lang.IllegalArgumentException: Could not resolve placeholder 'DB_URL' in value \"${DB_URL}\"",
    { signal: "missing-configuration", level: "error" },
  ],
  [
    "an image of another architecture",
    "exec /usr/local/bin/streamlit: exec format error",
    { signal: "wrong-architecture", level: "error", template: "<word> <path> exec-format" },
  ],
  [
    "a gRPC status whose description is quoted",
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:37659: connect: connection refused"',
    { signal: "connection-refused" },
  ],
  [
    "a gRPC status with a deadline",
    "2026/11/23 07:00:00 rpc error: code = DeadlineExceeded desc = context deadline exceeded",
    { signal: "timeout" },
  ],
  [
    "an access log in JSON, without a message",
    '{"start_time":"2026-11-23T07:00:00.000Z","request_method":"GET","request_uri":"/api/orders","status":"503","response_flags":"UH"}',
    { template: "GET <path> status 503", level: "error" },
  ],
  [
    "the cache's memory is not the task's",
    "ReplyError: OOM command not allowed when used memory > 'maxmemory'.",
    { signal: "exception", template: "<word> cache-full <str>" },
  ],
])("%s", (_name, line, expected) => {
  expect(patternsOf([line])).toMatchObject([expected]);
});

test("a line is quoted as it was written, also where its envelope is unfolded to be understood", () => {
  const line = 'rpc error: code = Unavailable desc = connection error: desc = "dial tcp 127.0.0.1:37659"';

  expect(patternsOf([line])[0]?.lines).toEqual([line]);
});

test("JSON whose status is no HTTP status, or whose method is none, is no access log", () => {
  expect(patternsOf(['{"status":"7","method":"GET"}', '{"status":"503","method":"restart now"}'])).toEqual(
    [],
  );
});
