import type { LogLevel } from "../types.ts";

const LEVELS: Readonly<Record<string, LogLevel>> = {
  trace: "info",
  trce: "info",
  debug: "info",
  dbug: "info",
  dbg: "info",
  verbose: "info",
  log: "info",
  info: "info",
  information: "info",
  inf: "info",
  notice: "info",
  success: "info",
  warn: "warn",
  warning: "warn",
  wrn: "warn",
  error: "error",
  err: "error",
  eror: "error",
  severe: "error",
  fail: "error",
  fatal: "error",
  ftl: "error",
  critical: "error",
  crit: "error",
  crt: "error",
  alert: "error",
  emerg: "error",
  emergency: "error",
  panic: "error",
};

/** Returns the digest's level for a logger's word or number (syslog 0-7, pino and bunyan 10-60). */
export function levelOf(name: unknown): LogLevel | undefined {
  if (typeof name === "string")
    return LEVELS[name.toLowerCase()] ?? (/^\d{1,2}$/.test(name) ? levelOf(Number(name)) : undefined);
  if (typeof name !== "number") return undefined;
  if (name >= 10) return name >= 50 ? "error" : name >= 40 ? "warn" : "info";
  return name <= 3 ? "error" : name === 4 ? "warn" : "info";
}

/** Times as loggers write them at the start of a line, with the brackets and priorities around them. */
const TIME =
  /\s*(?:<\d{1,3}>\d?\s*)?[[(]?(?:(?:\d{4}[-/.]\d{2}[-/.]\d{2}|\d{2}[-/.](?:\d{2}|[A-Z][a-z]{2})[-/.]\d{4})(?:[T_ :-]\d{2}:\d{2}:\d{2}(?:[.,:]\d{1,9})?)?|(?:[A-Z][a-z]{2},? )?(?:[A-Z][a-z]{2} [ \d]\d|\d{1,2} [A-Z][a-z]{2})(?: \d{4})? \d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?: \d{4})?|\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?|\d{10}(?:\.\d{1,9}|\d{3})?)(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?[\])]?(?=$|[\s:|,[-])[\s:|,-]{0,4}/y;
/** klog and glog: `E0102 15:04:05.123456       1 file.go:12] ` (https://github.com/kubernetes/klog). */
const KLOG = /([IWEF])\d{4} \d{2}:\d{2}:\d{2}\.\d{6} +\d+ [^\]\s]{1,80}\] /y;
/** Ruby's Logger: `E, [2024-01-02T15:04:05.123456 #7] ERROR -- : `. */
const RUBY = /[DIWEFA], \[[^\]]{1,60}\] +([A-Z]+) -- [^:]{0,60}: /y;
const LEVEL =
  /[\s[(|]{0,4}(?:[\w./-]{0,40}(?:\[[^\]\s]{0,60}\])?[\s:]{0,2})?\s{0,2}[[(|<]?\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|FATAL|CRITICAL|ALERT|EMERG|PANIC|LOG|EROR|VERBOSE|INF|WRN|DBG|FTL|CRT)\b(?:\([^)\s]{0,20}\))?[\])|>]?:?(?=[\s:[|]|$)\s*/y;
const BRACKETED =
  /[^[]{0,60}\[([a-z_]{1,20}:)?(trace\d?|debug|info|notice|warn|warning|error|crit|alert|emerg|fatal)\]:?\s*/iy;
const LEADING =
  /\s{0,2}(trace|debug|info|warn|warning|error|fatal|panic|fail|crit|dbug|trce|npm ERR!)(?::|!(?=\s)|(?=\t))\s*/iy;
/** Text between a level and the message: process id, thread, logger, as Spring Boot, Log4j and logback write it. */
const LOGGER =
  /(?:\d{1,7}\s+)?(?:---\s+)?(?:\[[^\]]{0,80}\]\s*){0,3}(?:[\w.$/#@-]{1,120}\s+(?:[:-]|\d+\s*-)\s+|[\w.$/-]{1,80}:\d{1,6}\s+)?/y;

export interface Header {
  readonly level?: LogLevel;
  /** Where the message begins; 0 without a header. */
  readonly length: number;
}

const NONE: Header = { length: 0 };

/** Reads time, level, thread and logger at the start of a line of text. */
export function readHeader(text: string): Header {
  const first = text.charCodeAt(0);
  if ((first === 73 || first === 87 || first === 69 || first === 70) && match(KLOG, text, 0) !== null) {
    return {
      level: first === 69 || first === 70 ? "error" : first === 87 ? "warn" : "info",
      length: KLOG.lastIndex,
    };
  }
  const ruby = text.charCodeAt(1) === 44 ? match(RUBY, text, 0) : null;
  if (ruby !== null) return { level: levelOf(ruby[1]) ?? "info", length: RUBY.lastIndex };
  const time = match(TIME, text, 0);
  const start = time === null ? 0 : TIME.lastIndex;
  const level = match(LEVEL, text, start);
  if (level !== null && (start > 0 || !leavesWords(text, start, level)))
    return afterLevel(text, level[1], LEVEL.lastIndex);
  const bracketed = match(BRACKETED, text, start);
  if (bracketed !== null) return afterLevel(text, bracketed[2]?.replace(/\d$/, ""), BRACKETED.lastIndex);
  const leading = match(LEADING, text, start);
  if (leading !== null) return { level: levelOf(leading[1]) ?? "error", length: LEADING.lastIndex };
  return time === null ? NONE : { length: start };
}

/** Without a time before it, a level must be the line's first word, or `name [LEVEL]`. */
function leavesWords(text: string, start: number, level: RegExpExecArray): boolean {
  const before = text.slice(start, start + level[0].indexOf(level[1] ?? ""));
  return /[A-Za-z]/.test(before) && !/[[(|]\s*$/.test(before);
}

function afterLevel(text: string, name: string | undefined, end: number): Header {
  match(LOGGER, text, end);
  const level = levelOf(name);
  const length = Math.max(LOGGER.lastIndex, end);
  return level === undefined ? { length } : { level, length };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
