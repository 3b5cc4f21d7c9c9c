/** How frameworks write a line. */
import type { Random } from "./random.ts";

export type LogStyle =
  | "node"
  | "pino"
  | "spring"
  | "python"
  | "uvicorn"
  | "go"
  | "zap"
  | "nginx"
  | "rails"
  | "dotnet";
export type LogLevel = "ERROR" | "WARN" | "INFO";

type Write = (time: Date, level: LogLevel, text: string, random: Random) => string;

const stamp = (time: Date) => time.toISOString().replace("T", " ").replace("Z", "");
const pinoLevel = { ERROR: 50, WARN: 40, INFO: 30 } as const;
const threads = ["http-nio-8080-exec-3", "http-nio-8080-exec-7", "scheduling-1"] as const;
const dotnetLevel = { ERROR: "fail", WARN: "warn", INFO: "info" } as const;

const WRITERS: Record<LogStyle, Write> = {
  node: (time, level, text) => `[${time.toISOString()}] ${level.toLowerCase()}: ${text}`,
  pino: (time, level, text, random) =>
    JSON.stringify({
      level: pinoLevel[level],
      time: time.getTime(),
      pid: 1,
      hostname: `ip-10-0-${random.integer(1, 60)}-${random.integer(4, 250)}.ec2.internal`,
      reqId: `req-${random.hex(4)}`,
      msg: text,
    }),
  spring: (time, level, text, random) =>
    `${stamp(time).replace(".", ",")} ${level.padStart(5)} 1 --- [${random.pick(threads)}] c.a.${random.pick(["o.OrderController", "s.ApiService", "c.RequestFilter"])} : ${text}`,
  python: (time, level, text) =>
    `${stamp(time).replace(".", ",")} ${level === "WARN" ? "WARNING" : level} [app.views] ${text}`,
  uvicorn: (_time, level, text) => `${level === "WARN" ? "WARNING" : level}:     ${text}`,
  go: (time, level, text) =>
    `${time.toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ")} ${level === "INFO" ? "" : `${level} `}${text}`,
  zap: (time, level, text) =>
    JSON.stringify({
      level: level.toLowerCase(),
      ts: time.getTime() / 1000,
      caller: "server/handler.go:118",
      msg: text,
    }),
  nginx: (time, level, text) =>
    level === "INFO"
      ? text
      : `${time.toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ")} [${level === "ERROR" ? "error" : "warn"}] 29#29: *${time.getTime() % 100_000} ${text}`,
  rails: (time, level, text, random) =>
    `${level[0]}, [${time.toISOString().slice(0, 23)} #1] ${level.padStart(5)} -- : [${random.hex(8)}] ${text}`,
  dotnet: (_time, level, text) => `${dotnetLevel[level]}: Acme.Api.Pipeline[0] ${text}`,
};

const CHATTER: Record<LogStyle, readonly [string, ...string[]]> = {
  node: ["GET {path} 200 {ms}ms", "cache hit for key user:{id}", "POST {path} 201 {ms}ms"],
  pino: ["request completed", "session {uuid} refreshed", "incoming request"],
  spring: ["Completed 200 OK in {ms} ms", "Fetched {n} rows for customer {id}", "Mapped to {path}"],
  python: ["GET {path} 200", "rendered template in {ms}ms", "task {uuid} done"],
  uvicorn: ['{ip}:{n} - "GET {path} HTTP/1.1" 200 OK', '{ip}:{n} - "GET /healthz HTTP/1.1" 200 OK'],
  go: ["served {path} in {ms}ms", "worker {n} picked job {hex}"],
  zap: ["request served", "batch of {n} flushed", "token refreshed"],
  nginx: [
    '{ip} - - [23/Nov/2026:14:30:11 +0000] "GET {path} HTTP/1.1" 200 {n} "-" "Mozilla/5.0 (X11; Linux x86_64)"',
    '{ip} - - [23/Nov/2026:14:30:12 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "ELB-HealthChecker/2.0"',
  ],
  rails: ["Completed 200 OK in {ms}ms (Views: 3.1ms | ActiveRecord: {n}ms)", 'Started GET "{path}" for {ip}'],
  dotnet: ["Request finished HTTP/1.1 GET {path} - 200 in {ms}ms", "Executed endpoint {path}"],
};

const PATHS = [
  "/api/v1/orders",
  "/api/v1/carts/{id}",
  "/products/{n}",
  "/api/v2/search",
  "/users/me",
] as const;

/** One line as the framework would write it. */
export const writeLine = (style: LogStyle, time: Date, level: LogLevel, text: string, random: Random) =>
  WRITERS[style](time, level, fill(text, random), random);

/** An ordinary line of the framework. */
export const chatterLine = (style: LogStyle, time: Date, random: Random) =>
  writeLine(style, time, "INFO", random.pick(CHATTER[style]), random);

/** Puts something new in the place of each `{name}`. */
export function fill(text: string, random: Random): string {
  return text.replace(/\{(id|uuid|n|ms|ip|hex|path)\}/g, (_, name: string) => {
    switch (name) {
      case "id":
        return `${random.integer(100_000, 999_999)}`;
      case "uuid":
        return [8, 4, 4, 4, 12].map((length) => random.hex(length)).join("-");
      case "n":
        return `${random.integer(1, 9_000)}`;
      case "ms":
        return `${random.integer(3, 240)}`;
      case "ip":
        return `10.0.${random.integer(1, 60)}.${random.integer(4, 250)}`;
      case "hex":
        return random.hex(12);
      default:
        return fill(random.pick(PATHS), random);
    }
  });
}
