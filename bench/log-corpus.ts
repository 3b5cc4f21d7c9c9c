import type { LogLine } from "../src/domain/reading.ts";
import { TEMPLATES } from "./log-templates.ts";

/** A line, the template it was made from, and its bare message for parsers that are given no envelope. */
export interface CorpusLine extends LogLine {
  readonly template: string;
  readonly content: string;
}

type Random = () => number;

/** mulberry32 (https://github.com/cprosche/mulberry32): the same corpus every time. */
function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const USERS =
  "alice bob carol dave erin frank grace heidi ivan judy mallory olivia peggy rupert sybil trent".split(" ");
const WORDS =
  "orders invoices carts shipments customers ledger stock basket wallets quotes refunds coupons".split(" ");
const CLASSES = "OrderApplication CatalogApplication BillingApplication SearchApplication".split(" ");

const FILLERS: Readonly<Record<string, (random: Random) => string>> = {
  num: (r) => String(Math.floor(10 ** (1 + r() * 6))),
  digit: (r) => String(Math.floor(r() * 10)),
  float: (r) => (r() * 100).toFixed(3),
  port: (r) => String(1024 + Math.floor(r() * 60_000)),
  status: (r) => String(200 + Math.floor(r() * 300)),
  ip: (r) => Array.from({ length: 4 }, () => Math.floor(r() * 255)).join("."),
  hex: (r) =>
    Math.floor(r() * 2 ** 40)
      .toString(16)
      .padStart(10, "0"),
  uuid: (r) => [8, 4, 4, 4, 12].map((n) => hexDigits(r, n)).join("-"),
  user: (r) => pick(r, USERS),
  word: (r) => pick(r, WORDS),
  module: (r) => `${pick(r, WORDS)}.tasks`,
  host: (r) => `${pick(r, WORDS)}-${Math.floor(r() * 9)}.${r() < 0.5 ? "internal" : "example.com"}`,
  path: (r) => `/${pick(r, WORDS)}/${Math.floor(r() * 1000)}`,
  class: (r) => pick(r, CLASSES),
  five: (r) => pick(r, ["500", "502", "503", "504"]),
  list: (r) => Array.from({ length: 1 + Math.floor(r() * 5) }, () => Math.floor(r() * 1000)).join(", "),
  method: (r) => pick(r, ["PUT", "DELETE", "PATCH"]),
};

function hexDigits(random: Random, count: number): string {
  return Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join("");
}

function pick(random: Random, from: readonly string[]): string {
  return from[Math.floor(random() * from.length)] ?? "";
}

const time = (t: number): string => new Date(t).toISOString();

const ENVELOPES: Readonly<
  Record<string, (level: string, message: string, t: number, random: Random) => string>
> = {
  spring: (level, message, t, r) =>
    `${time(t)} ${level.padStart(5)} 1 --- [orders] [nio-8080-exec-${Math.floor(r() * 20)}] c.acme.orders.${pick(r, ["web.OrderController", "pay.Gateway"])} : ${message}`,
  python: (level, message, t) =>
    `[${time(t).slice(0, 19).replace("T", " ")},${String(t % 1000).padStart(3, "0")}: ${level}/MainProcess] ${message}`,
  pino: (level, message, t, r) =>
    JSON.stringify({
      level: { INFO: 30, WARN: 40, ERROR: 50 }[level] ?? 30,
      time: t,
      pid: 7,
      hostname: "task",
      reqId: `req-${Math.floor(r() * 1e6).toString(36)}`,
      msg: message,
    }),
  logfmt: (level, message, t) =>
    `time="${time(t)}" level=${level} msg="${message}" component=${level === "error" ? "api" : "tsdb"}`,
  nginx: (level, message, t, r) =>
    `${time(t).slice(0, 19).replaceAll("-", "/").replace("T", " ")} [${level}] 31#31: *${Math.floor(r() * 1e5)} ${message}`,
  postgres: (level, message, t, r) =>
    `${time(t).slice(0, 23).replace("T", " ")} UTC [${Math.floor(r() * 9999)}] ${level}:  ${message}`,
};

export interface CorpusOptions {
  readonly lines: number;
  readonly part: "tuning" | "seen" | "heldOut" | "all";
  readonly seed?: number;
}

/** Returns lines of all formats, mixed over twelve streams; a few templates make most lines (Zipf). */
export function makeCorpus({ lines, part, seed = 7 }: CorpusOptions): CorpusLine[] {
  const random = seeded(seed);
  const templates = TEMPLATES.flatMap((of) =>
    (part === "all" ? [...of.tuning, ...of.seen, ...of.heldOut] : of[part]).map((text) => ({
      format: of.format,
      text,
    })),
  );
  const order = templates.map((template) => ({ template, at: random() })).sort((a, b) => a.at - b.at);
  const shares = cumulative(order.map((_entry, rank) => 1 / (rank + 2)));
  return Array.from({ length: lines }, (_entry, i) => {
    const at = random() * (shares.at(-1) ?? 0);
    const rank = shares.findIndex((share) => at <= share);
    const { format, text } = (order[rank] ?? order[0])?.template ?? { format: "pino", text: "" };
    const space = text.indexOf(" ");
    const content = text
      .slice(space + 1)
      .replace(/\{(\w+)\}/g, (_match, name: string) => FILLERS[name]?.(random) ?? name);
    const t = 1_700_000_000_000 + i * 3;
    const message = ENVELOPES[format]?.(text.slice(0, space), content, t, random) ?? content;
    return { t, stream: `task-${i % 12}`, message, template: `${format} ${text}`, content };
  });
}

function cumulative(weights: readonly number[]): number[] {
  const sums: number[] = [];
  for (const weight of weights) sums.push((sums.at(-1) ?? 0) + weight);
  return sums;
}

/**
 * Share of lines whose group holds exactly the lines of their true template (Zhu et al., "Tools and Benchmarks for
 * Automated Log Parsing", ICSE-SEIP 2019, parsing accuracy).
 */
export function groupingAccuracy(truth: readonly string[], groups: readonly unknown[]): number {
  const sizes = Map.groupBy(truth, (template) => template);
  let right = 0;
  for (const lines of Map.groupBy(truth.keys(), (i) => groups[i]).values()) {
    const templates = new Set(lines.map((i) => truth[i]));
    const [template] = templates;
    if (templates.size === 1 && sizes.get(template ?? "")?.length === lines.length) right += lines.length;
  }
  return right / truth.length;
}
