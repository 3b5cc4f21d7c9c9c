/**
 * Signs of log lines: what their fixed words name. A log can be planted and lines may be lost, so words are never more
 * than signs among others, and silence is not known.
 */
import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { type EvidenceView, linesOf, problemPatterns } from "../view/evidence-view.ts";
import { NO_ANSWER, OUTSIDE, POOL_WORDS } from "../view/outside-words.ts";
import { raised } from "./series.ts";
import { grade, type Reading, reading, type Sign } from "./sign.ts";

type Pattern = FactOf<"log-pattern">;
type Signal = NonNullable<Pattern["data"]["signal"]>;

/** Share of all problem lines, and count: below the first it is noise, above the second plain. */
const NOISE_SHARE = 0.02;
const LOUD_SHARE = 0.05;
const NOISE_COUNT = 0;
const LOUD_COUNT = 3;

/** Milliseconds since the last line: what was said so long ago may be over. */
const NOW_MS = 6 * 60_000;
const OVER_MS = 20 * 60_000;
/** What lines that ended still say: lines may be lost. */
const OVER_DEGREE = 0.7;

/** Lines of trouble since the onset: a stray one, and more than chance. */
const STRAY_LINES = 1;
const MANY_LINES = 6;

/** Returns whether lines speak of it, loudly enough and lately; not known where no line was read. */
function spokenOf(
  view: EvidenceView,
  signals: readonly Signal[],
  words: RegExp | undefined,
  except?: RegExp,
): Reading | undefined {
  if (factsOf(view.evidence, "log-pattern").length === 0) return undefined;
  const trouble = problemPatterns(view.evidence);
  // However often a stranger repeats words that say nothing, those that say what fails are no quieter.
  const telling = linesOf(trouble.filter(({ data }) => data.signal !== undefined));
  const all = linesOf(trouble);
  const found = trouble.filter(
    ({ data: { signal, template } }) =>
      ((signal !== undefined && signals.includes(signal)) || words?.test(template) === true) &&
      except?.test(template) !== true,
  );
  const graded = found.map((fact) => ({
    fact,
    degree: loudness(fact, fact.data.signal === undefined ? all : telling) * lateness(fact, view),
  }));
  const degree = Math.max(0, ...graded.map((one) => one.degree));
  return reading(
    degree,
    graded.filter((one) => one.degree > 0).map(({ fact }) => fact),
  );
}

/** `all`: the lines among which the pattern is heard. */
function loudness({ data }: Pattern, all: number): number {
  return Math.min(
    grade(data.count, NOISE_COUNT, LOUD_COUNT),
    grade(data.count / all, NOISE_SHARE, LOUD_SHARE),
  );
}

function lateness({ data }: Pattern, { evidence }: EvidenceView): number {
  const ago = Date.parse(evidence.observedAt) - Date.parse(data.lastAt);
  return OVER_DEGREE + (1 - OVER_DEGREE) * grade(ago, OVER_MS, NOW_MS);
}

function says(signals: readonly Signal[], words?: RegExp): (view: EvidenceView) => Reading | undefined {
  return (view) => spokenOf(view, signals, words, POOL_WORDS);
}

function ofOutside(cause: keyof typeof OUTSIDE) {
  const { signals, words } = OUTSIDE[cause];
  return says(signals, words);
}

const REFUSED = OUTSIDE["dependency-down"].words;

/** Percent of CPU: with room to wait for others, and with none, so that its own calls run out of time. */
const ROOM_PERCENT = 75;
const LIMIT_PERCENT = 95;

/** How surely the tasks' own CPU is why their calls run out of time. */
function atItsLimit(view: EvidenceView): number {
  const cpu = view.metric("cpu");
  if (cpu === undefined || raised(cpu)?.degree === undefined || raised(cpu)?.degree === 0) return 0;
  return grade(cpu.data.summary.current, ROOM_PERCENT, LIMIT_PERCENT);
}

/** Tasks below which "some" says nothing, and lines of each that chance does not leave out. */
const FEWEST_TASKS = 3;
const LINES_OF_EACH = 5;

/**
 * Whether calls fail in a few of the tasks that run, while as many lines would have named the others, too; not known
 * where not all of them say anything: their lines may be lost.
 */
function saidBySome(view: EvidenceView): Reading | undefined {
  const calls = problemPatterns(view.evidence).filter(
    ({ data: { signal, template } }) =>
      signal === "connection-refused" || signal === "timeout" || signal === "dns" || REFUSED.test(template),
  );
  const told = calls.filter(({ data: { taskIds, taskCount } }) => taskIds && taskIds.length === taskCount);
  const running = view.runningTasks.map(({ data }) => data.taskId);
  const heard = Math.max(0, ...told.map(({ data: { taskTotal = 0 } }) => taskTotal));
  if (told.length === 0 || running.length < FEWEST_TASKS || heard < running.length) return undefined;
  const some = told.every(({ data: { taskIds = [], count } }) => {
    const saying = running.filter((id) => taskIds.includes(id)).length;
    return saying > 0 && saying <= running.length / 2 && count >= LINES_OF_EACH * running.length;
  });
  return reading(some ? 1 : 0, told, { subject: "task" });
}

export const WORD_SIGNS = {
  "says-certificate": {
    what: "log lines about certificates",
    family: "words",
    unexplained: 3,
    read: ofOutside("certificate-expired"),
  },
  "says-permission": {
    what: "log lines about missing permission",
    family: "words",
    unexplained: 3,
    read: ofOutside("permission-denied"),
  },
  "says-throttled": {
    what: "log lines about throttling",
    family: "words",
    unexplained: 3,
    read: ofOutside("dependency-throttled"),
  },
  "says-network": {
    what: "log lines about names or routes",
    family: "words",
    unexplained: 3,
    read: ofOutside("network-failure"),
  },
  "says-refused": {
    what: "log lines about refused or timed out calls",
    family: "words",
    unexplained: 2.5,
    read: (view) => {
      const refused = says(["connection-refused"], REFUSED)(view);
      const late = says(["timeout"])(view);
      if (refused === undefined || late === undefined) return undefined;
      const degree = Math.max(refused.degree, late.degree * (1 - atItsLimit(view)));
      return { ...refused, degree, facts: [...new Set([...refused.facts, ...late.facts])] };
    },
  },
  /** Packets that get no answer at all: the way is shut, or nobody is there. */
  "says-no-answer": {
    what: "log lines about connections that get no answer",
    family: "no-answer",
    read: says([], NO_ANSWER),
  },
  "said-by-some": {
    what: "log lines about calls in some of the tasks only",
    family: "said-scope",
    read: saidBySome,
  },
  /** It was reached and answered: neither its address nor the way there is wrong. */
  "says-upstream-errs": {
    what: "log lines about errors that the other side answered with",
    family: "words",
    read: (view) => spokenOf(view, [], /upstream-5xx/),
  },
  /** Pools and descriptors run out inside the service. */
  "says-pool": {
    what: "log lines about exhausted pools or descriptors",
    family: "pool",
    unexplained: 3,
    read: (view) => spokenOf(view, ["too-many-connections"], POOL_WORDS),
  },
  /** What is called takes no more connections, by its own words. */
  "says-too-many-connections": {
    what: "log lines about too many connections",
    family: "pool",
    read: (view) => spokenOf(view, ["too-many-connections"], undefined),
  },
  "says-disk": {
    what: "log lines about a full disk",
    family: "disk",
    unexplained: 3,
    read: says(["disk-full"]),
  },
  "says-setting-missing": {
    what: "log lines about a missing setting",
    family: "words",
    unexplained: 3,
    read: says(["missing-configuration"]),
  },
  "says-retry": {
    what: "log lines about retries",
    family: "order",
    read: (view) => spokenOf(view, [], /\bretr(y|ies|ying)\b|attempt/i),
  },
  "says-wrong-architecture": {
    what: "log lines about a program of another architecture",
    family: "start",
    unexplained: 3,
    read: (view) => spokenOf(view, ["wrong-architecture"], undefined),
  },
  "says-port-taken": {
    what: "log lines about a port in use",
    family: "start",
    unexplained: 3,
    read: (view) => spokenOf(view, [], /EADDRINUSE|address-used/i),
  },
  /** Any problem at all: silence is not known, since lines may be lost. */
  "says-trouble": {
    what: "log lines about any new trouble",
    family: "trouble",
    read: (view) => {
      const fresh = problemPatterns(view.evidence).filter(({ data }) => data.newSinceOnset);
      const lines = linesOf(fresh);
      return lines > 0 ? reading(grade(lines, STRAY_LINES, MANY_LINES), fresh) : undefined;
    },
  },
} as const satisfies Record<string, Sign>;
