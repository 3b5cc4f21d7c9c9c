/** Which field of a JSON line says what, by the names that loggers and proxies give; one pass over the fields. */

export type Json = Readonly<Record<string, unknown>>;
export type Role = "level" | "message" | "error" | "type" | "stack" | "method" | "status" | "path";

// Names of pino, bunyan, winston, zap, zerolog, logrus, structlog, Serilog, NLog, .NET's console, log4j2, logback,
// logstash-logback-encoder, ECS logging, OpenTelemetry, Monolog, tracing, Lambda's runtimes, Docker and FireLens; of requests
// those of Envoy, nginx, Caddy, Traefik, HAProxy, API Gateway and pino-http. The first name that has a value counts.
const NAMES: Readonly<Record<Role, string>> = {
  level:
    "level severity lvl levelname log.level loglevel @l SeverityText severityText level_name Level LogLevel",
  message:
    "msg message @m @mt event log Body body text MESSAGE short_message Message RenderedMessage MessageTemplate formattedMessage",
  error:
    "err error exception Exception exc thrown throwable errors error.message exception.message errorMessage error_message cause reason",
  type: "error.type exception.type exc_type error_type errorType",
  stack:
    "stack stack_trace stacktrace error.stack_trace exception.stacktrace traceback StackTrace @x exc_info",
  method: "method request_method http_method httpMethod http.request.method http.method RequestMethod verb",
  status:
    "status status_code statusCode response_code http_status httpStatus http.response.status_code http.status_code DownstreamStatus StatusCode",
  path: "path uri url request_uri requestPath route RequestPath url.path",
};
const RANKS = new Map<string, readonly (readonly [role: Role, rank: number])[]>();
for (const role of Object.keys(NAMES) as Role[]) {
  for (const [rank, name] of NAMES[role].split(" ").entries()) {
    RANKS.set(name, [...(RANKS.get(name) ?? []), [role, rank]]);
  }
}

/** Objects into which loggers put what the program adds, and the parts of a request. */
const PARTS = new Set(
  "context fields extra attributes Attributes data Properties meta record http req request res response httpRequest".split(
    " ",
  ),
);

export interface Fields {
  readonly of: Readonly<Partial<Record<Role, unknown>>>;
  readonly parts: readonly Json[];
}

const NO_PARTS: readonly Json[] = [];

/** Returns the fields by their roles. */
export function fieldsOf(record: Json): Fields {
  const of: Partial<Record<Role, unknown>> = {};
  const best: Partial<Record<Role, number>> = {};
  let parts: Json[] | undefined;
  for (const name of Object.keys(record)) {
    const value = record[name];
    if (value === undefined || value === null || value === "") continue;
    for (const [role, rank] of RANKS.get(name) ?? []) {
      if (rank >= (best[role] ?? Number.POSITIVE_INFINITY)) continue;
      best[role] = rank;
      of[role] = value;
    }
    if (typeof value === "object" && PARTS.has(name) && isObject(value)) {
      parts ??= [];
      parts.push(value);
    }
  }
  return { of, parts: parts ?? NO_PARTS };
}

const LONGEST_FIELD = 8_192;

export function textOf(value: unknown): string {
  if (typeof value === "string") return value.slice(0, LONGEST_FIELD);
  if (typeof value === "number") return String(value);
  if (!Array.isArray(value)) return "";
  return value
    .slice(0, 50)
    .filter((item) => typeof item === "string")
    .join("\n")
    .slice(0, LONGEST_FIELD);
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
