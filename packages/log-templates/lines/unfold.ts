/**
 * Takes statements of a program out of the quotes and names in which runtimes wrap them, where they name a failure: a
 * quoted text is a value else, and is never read.
 */

const FAULTY =
  /refused|time[d -]*out|reset by|unreachable|no such|not known|in use|denied|exceeded|unavailable|exhausted|\bEOF\b|broken pipe|certificate|\bE[A-Z]{5,}\b|rpc error|exec format|StatusCode|ErrorKind|kind: |`Err` value/i;

/** Keys behind which a program quotes an error that it got: gRPC, Rust's Debug, .NET's RpcException. */
const KEYED =
  /\b(?:caused(?= ")|desc|details?|debugexception|message|err|error|cause|reason|source)\s?[=: ]\s?\\?"((?:[^"\\]|\\.){1,2000})"?/gi;
/** How Go's network errors begin: somebody quoted one. */
const QUOTED =
  /"((?:transport|dial|read|write|listen|accept|lookup|connection error|rpc error|x509|tls|remote error)[: ](?:[^"\\]|\\.){1,2000})"/g;
/** logrus and tracing: `error=Connection refused (os error 111)`. */
const BARE = /\b(err|error|cause)=(?=[A-Za-z]+ [a-z(])/g;
const UNWRAP = /called `[^`]{1,60}` on an? `[^`]{1,20}` value: /g;
/** Rust before 1.73 quotes the message of a panic. */
const OLD_PANIC = /panicked at '(.{1,1000})', (\S{1,200}:\d{1,6}:\d{1,6})$/;
/** How what Rust prints begins. */
const RUST = /^(?:thread '|called `|Error: )/;
const KIND = /(?:\bcode = |\bStatusCode[=.]"?|\bkind: |\bErrorKind::|(?<=^|\(|: ))([A-Z][A-Za-z]{3,30})\b"?/g;

/**
 * Kinds that are one word in code: gRPC's status codes (https://grpc.io/docs/guides/status-codes/), Rust's
 * `std::io::ErrorKind` (https://doc.rust-lang.org/std/io/enum.ErrorKind.html) and sqlx's pool.
 */
const KINDS: Readonly<Record<string, string>> = {
  Unavailable: "service unavailable",
  DeadlineExceeded: "deadline exceeded",
  PermissionDenied: "permission denied",
  Unauthenticated: "unauthenticated",
  ResourceExhausted: "RESOURCE_EXHAUSTED",
  ConnectionRefused: "connection refused",
  ConnectionReset: "connection reset",
  ConnectionAborted: "connection aborted",
  HostUnreachable: "host unreachable",
  NetworkUnreachable: "network unreachable",
  TimedOut: "timed out",
  PoolTimedOut: "timed out waiting for connection from pool",
  AddrInUse: "address already in use",
  BrokenPipe: "broken pipe",
  StorageFull: "disk full",
  QuotaExceeded: "disk quota exceeded",
  OutOfMemory: "out of memory",
  UnexpectedEof: "connection closed",
};

/** Returns the text with its statements of failure unfolded; a text without one unchanged. */
export function unfold(text: string): string {
  const quoted = text.includes('"');
  if (!quoted && !text.includes("=") && !RUST.test(text)) return text;
  if (!FAULTY.test(text)) return text;
  let out = text.includes("`Err` value") ? text.replace(UNWRAP, "") : text;
  if (out.includes(" panicked at '")) out = out.replace(OLD_PANIC, "panicked at $2: $1");
  if (text.includes("rpc error: code = ")) {
    out = out.replaceAll(
      /rpc error: code = (\w{1,40}) desc = /g,
      (_all, code: string) => `rpc error code ${KINDS[code] ?? code}: `,
    );
  }
  if (quoted) {
    out = out
      .replaceAll(/\bdesc = "((?:[^"\\]|\\.){0,2000})"?/g, "$1")
      .replace(KEYED, (all, inner: string) => (FAULTY.test(inner) ? `: ${inner}` : all))
      .replace(QUOTED, (all, inner: string) => (FAULTY.test(inner) ? inner : all));
  }
  if (out.includes("=")) out = out.replace(BARE, "$1: ");
  return out.replace(KIND, (all, kind: string) => KINDS[kind] ?? all);
}

/** Characters of two exceptions with their messages. */
const SHORTEST_CAUSED = 60;

/** The innermost cause that a line names itself: `---> ` and `DebugException` of .NET, `requests`' `(Caused by X('...'))`. */
export function causeWithin(line: string): string {
  if (line.length > SHORTEST_CAUSED && line.includes(" ---> "))
    return line.slice(line.lastIndexOf(" ---> ") + 6);
  if (line.charCodeAt(line.length - 1) !== 41) return "";
  if (line.includes("DebugException=")) return /\bDebugException="([^"]{1,1000})/.exec(line)?.[1] ?? "";
  if (!line.includes("(Caused by ")) return "";
  const [, name = "", inner = ""] =
    /^\(Caused by (\w{1,80})\(["'](?:<[^>]{0,200}>: )?(.{0,1000}?)["']?\){0,3}$/.exec(
      line.slice(line.lastIndexOf("(Caused by ")),
    ) ?? [];
  return name === "" ? "" : `${name}: ${inner}`;
}
