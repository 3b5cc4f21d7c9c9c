import { accessEntry } from "./access-line.ts";
import { levelOf } from "./header.ts";
import type { Entry } from "./log-entry.ts";

type Json = Readonly<Record<string, unknown>>;

// The names that pino, bunyan, winston, zap, zerolog, logrus, structlog, Serilog, logstash-logback-encoder,
// ECS logging, OpenTelemetry, Docker and FireLens write.
const LEVEL_KEYS = [
  "level",
  "severity",
  "lvl",
  "levelname",
  "log.level",
  "loglevel",
  "@l",
  "SeverityText",
  "severityText",
  "level_name",
];
const MESSAGE_KEYS = [
  "msg",
  "message",
  "@m",
  "@mt",
  "event",
  "log",
  "Body",
  "body",
  "text",
  "MESSAGE",
  "short_message",
];
const ERROR_KEYS = ["err", "error", "exception", "exc", "error.message", "exception.message", "cause"];
const TYPE_KEYS = ["error.type", "exception.type", "exc_type", "error_type"];
const STACK_KEYS = [
  "stack",
  "stack_trace",
  "stacktrace",
  "exc_info",
  "error.stack_trace",
  "exception.stacktrace",
  "traceback",
  "@x",
];

/** Reads a JSON line: its level, message and stack; everything else is left out. */
export function readJson(text: string): Entry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isObject(value) ? fromObject(value) : undefined;
}

// The names that Envoy, nginx, Caddy, Traefik and OpenTelemetry give to a request's method and status.
const METHOD_KEYS = ["method", "request_method", "http_method", "http.request.method", "RequestMethod"];
const STATUS_KEYS = [
  "status",
  "status_code",
  "response_code",
  "http_status",
  "http.response.status_code",
  "DownstreamStatus",
];

/** Reads an access log in JSON, which has no message. As of text, only method and status are kept. */
function accessOf(record: Json): Entry | undefined {
  const method = textOf(pick(record, METHOD_KEYS));
  const status = textOf(pick(record, STATUS_KEYS));
  return /^[1-5]\d\d$/.test(status) ? accessEntry(method, status) : undefined;
}

function fromObject(record: Json): Entry {
  const error = pick(record, ERROR_KEYS);
  const details = isObject(error) ? error : undefined;
  const message = textOf(pick(record, MESSAGE_KEYS));
  const type =
    textOf(pick(record, TYPE_KEYS)) ||
    textOf(details?.["type"] ?? details?.["name"] ?? details?.["class"] ?? details?.["code"]);
  const words =
    details === undefined ? textOf(error) : textOf(details["message"] ?? details["msg"] ?? details["reason"]);
  const stack =
    textOf(pick(record, STACK_KEYS)) ||
    textOf(details?.["stack"] ?? details?.["stack_trace"] ?? details?.["stacktrace"]);
  const named = type !== "" && !words.startsWith(type) ? `${type}: ${words}` : words;
  const fault = named !== "" && !message.includes(named) ? named : "";
  if (message === "" && fault === "" && stack === "") {
    const access = accessOf(record);
    if (access !== undefined) return access;
  }
  const level = levelOf(pick(record, LEVEL_KEYS)) ?? (fault !== "" || stack !== "" ? "error" : undefined);
  return {
    text: [message, fault].filter((part) => part !== "").join(" : "),
    structured: true,
    ...(level === undefined ? {} : { level }),
    ...(stack === "" ? {} : { trace: stack }),
  };
}

function pick(record: Json, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = record[key];
    if (value !== undefined && value !== null && value !== "") return value;
  }
  return undefined;
}

const LONGEST_FIELD = 8_192;

function textOf(value: unknown): string {
  if (typeof value === "string") return value.slice(0, LONGEST_FIELD);
  if (typeof value === "number") return String(value);
  if (!Array.isArray(value)) return "";
  return value
    .slice(0, 50)
    .filter((item) => typeof item === "string")
    .join("\n")
    .slice(0, LONGEST_FIELD);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
