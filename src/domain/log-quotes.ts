/**
 * What the application's own log lines say, for people: quoted, redacted, and always marked as a claim of the log. They
 * name the thing that broke and support nothing.
 */
import { type Evidence, type Fact, type FactOf, factsOf } from "./evidence.ts";

/** One telling line, and how often it stands where. */
interface LogQuote {
  readonly factId: string;
  /** The line, redacted. */
  readonly line: string;
  /** The innermost cause of its trace, where the line does not say it itself. */
  readonly rootCause?: string;
  readonly count: number;
  readonly isNew: boolean;
  /** The containers that say it, where several of the service say anything. */
  readonly containers?: readonly string[];
  readonly taskCount?: number;
  readonly taskTotal?: number;
}

type Pattern = FactOf<"log-pattern">["data"];

const MOST_QUOTES = 3;
/** A pattern that was there before and has this many times as many lines since the onset is louder. */
const LOUDER = 5;
/** A number that grew by this factor within a pattern may be what grows without bound. */
const GROWN = 1.5;
/** Share of its words that a line may have in common with one that is quoted already. */
const ALIKE = 0.7;

/** The evidence of an incident's looks. */
interface Looks {
  readonly evidence?: Evidence | undefined;
  readonly further?: { readonly evidence: Evidence } | undefined;
}

/** Returns the telling lines of an incident's newest look. */
export function logQuotesOf({ evidence, further }: Looks): readonly LogQuote[] {
  return logQuotes(further?.evidence ?? evidence);
}

/** Returns the most telling lines: new since the onset, errors before warnings, each of another kind. */
function logQuotes(evidence: Evidence | undefined): readonly LogQuote[] {
  if (evidence === undefined) return [];
  const ranked = factsOf(evidence, "log-pattern")
    .filter(({ data }) => data.lines !== undefined && data.lines.length > 0 && rankOf(data) > 0)
    .toSorted((one, other) => rankOf(other.data) - rankOf(one.data) || other.data.count - one.data.count);
  const speakers = new Set(factsOf(evidence, "log-pattern").flatMap(({ data }) => data.containers ?? []));
  const chosen: LogQuote[] = [];
  for (const fact of ranked) {
    if (chosen.length === MOST_QUOTES) break;
    const quote = quoteOf(fact, speakers.size > 1);
    if (!chosen.some((other) => isAlike(textOf(other), textOf(quote)))) chosen.push(quote);
  }
  return chosen;
}

/** 0: tells nothing. A count of answers to clients (an access log) says that something broke, not what. */
function rankOf(data: Pattern): number {
  const { level, template, signal, count, countBefore = 0, newSinceOnset, rootCauses = [] } = data;
  if (level === "info") return grows(data) ? 3 : 0;
  const since = count - countBefore;
  const isNew = newSinceOnset || (countBefore > 0 && since >= LOUDER * countBefore);
  const names = signal !== undefined || rootCauses.length > 0;
  if (!isNew) return (level === "error" ? 1 : 0) + (names ? 1 : 0);
  return 10 + (level === "error" ? 4 : 2) + (names ? 2 : 0) - (/ status \d{3}$/.test(template) ? 5 : 0);
}

/** Whether a number with many values grew: a cache, a queue, a pool. */
function grows({ values = [] }: Pattern): boolean {
  return values.some(({ distinct, first, last }) => {
    const [from, to] = [Number.parseFloat(first ?? ""), Number.parseFloat(last ?? "")];
    return distinct >= 3 && from > 0 && to >= GROWN * from;
  });
}

function quoteOf({ id, data }: FactOf<"log-pattern">, names: boolean): LogQuote {
  const { lines = [], rootCauses = [], count, newSinceOnset, taskCount, taskTotal, containers = [] } = data;
  const line = lines[0] ?? "";
  const cause = rootCauses[0]?.text;
  return {
    factId: id,
    line,
    ...(cause === undefined || isAlike(line, cause) ? {} : { rootCause: cause }),
    count,
    isNew: newSinceOnset,
    ...(names && containers.length > 0 ? { containers } : {}),
    ...(taskCount === undefined || taskTotal === undefined ? {} : { taskCount, taskTotal }),
  };
}

const textOf = ({ line, rootCause = "" }: LogQuote): string => `${line} ${rootCause}`;

function isAlike(one: string, other: string): boolean {
  const [known, words] = [wordsOf(one), wordsOf(other)];
  return words.size > 0 && [...words].filter((word) => known.has(word)).length >= ALIKE * words.size;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/\p{L}[\p{L}\p{N}_.-]+/gu) ?? []);
}

/**
 * Returns a quote in one line: the words first, for a phone, then the cause underneath, how often and where. Each of the
 * two texts has at most `longest` characters.
 */
export function quoteText(quote: LogQuote, longest = 300): string {
  const { line, rootCause, count, isNew, taskCount, taskTotal, containers = [] } = quote;
  const where = [
    ...(containers.length === 0 ? [] : [`by ${containers.join(" and ")}`]),
    ...(taskCount === undefined ? [] : [`in ${taskCount} of ${taskTotal} tasks`]),
  ];
  const about = [`${count} ×`, ...where, ...(isNew ? ["new since the onset"] : [])].join(", ");
  const cause = rootCause === undefined ? "" : `, caused by “${shorten(rootCause, longest)}”`;
  return `“${shorten(line, longest)}”${cause} (${about})`;
}

/** Leaves out the middle: a line begins with what failed and ends with why. */
function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const half = Math.floor((longest - 3) / 2);
  return `${text.slice(0, half).toWellFormed()} … ${text.slice(-half).toWellFormed()}`;
}

/** Returns a fact's statement as people read it: a log pattern in its own words instead of its template. */
export function statementOf({ statement, ...fact }: Fact): string {
  if (fact.kind !== "log-pattern") return statement;
  const { lines = [], template } = fact.data;
  return lines[0] === undefined ? statement : statement.replace(template, () => `“${lines[0]}”`);
}
