/** Signs that join others: what several readings say only together. */
import type { EvidenceView } from "../view/evidence-view.ts";
import { CPU_SIGNS } from "./cpu.ts";
import { FAILURE_SIGNS } from "./failures.ts";
import { HEALTH_SIGNS } from "./health.ts";
import { blamed, RELEASE_SIGNS } from "./release.ts";
import { lowered, raised, ratio, strongest } from "./series.ts";
import { SERVICE_SIGNS } from "./service.ts";
import { grade, type Reading, reading, type Sign } from "./sign.ts";
import { STOP_SIGNS } from "./stops.ts";
import { TRAFFIC_SIGNS } from "./traffic.ts";
import { WORD_SIGNS } from "./words.ts";

/** Seconds from a release to the onset within which a person may be asked to take it back for what it calls. */
const AT_ONCE_SECONDS = 10 * 60;
const LATER_SECONDS = 20 * 60;

/** Whether lines name something that the service calls, and tasks that pass their checks answer badly. */
function wordsAndFailures(view: EvidenceView): Reading | undefined {
  const words = strongest(
    (["says-certificate", "says-permission", "says-throttled", "says-network", "says-refused"] as const).map(
      (id) => WORD_SIGNS[id].read(view),
    ),
  );
  // The load balancer's own errors may be those of one task that does not answer.
  const failures = strongest([...view.metrics("errors-5xx"), ...view.metrics("latency-p50")].map(raised));
  if (words === undefined || failures === undefined) return undefined;
  return reading(Math.min(words.degree, failures.degree), [...failures.facts, ...words.facts], {
    subject: "neighbour",
  });
}

/** Degree where the image changed as well: the setting is one of two suspects. */
const ONE_OF_TWO = 0.5;

function settingsChanged(view: EvidenceView): Reading | undefined {
  const any = RELEASE_SIGNS["diff-has-settings"].read(view);
  const only = RELEASE_SIGNS["diff-only-settings"].read(view)?.degree === 1;
  return any && { ...any, degree: any.degree * (only ? 1 : ONE_OF_TWO) };
}

/** CPU shares of the usual: below the first most of the work waits, above the second it does not. */
const IDLE_SHARE = 0.45;
const AT_WORK_SHARE = 0.75;

/** Whether answers are late while the tasks idle: half of them with less CPU than before, a tail only with far less. */
function lateAndIdle(view: EvidenceView): Reading | undefined {
  const cpu = view.metric("cpu");
  const most = FAILURE_SIGNS["most-answers-late"].read(view);
  const tail = FAILURE_SIGNS["answers-late"].read(view);
  if (cpu === undefined || tail === undefined) return undefined;
  const fell = lowered(cpu)?.degree ?? 0;
  const idle = Math.min(fell, grade(ratio(cpu) ?? 1, AT_WORK_SHARE, IDLE_SHARE));
  const degree = Math.max(Math.min(most?.degree ?? 0, fell), Math.min(tail.degree, idle));
  return reading(degree, [...tail.facts, cpu], { subject: "neighbour" });
}

/** Degrees of a difference that could not be compared, and of none that was found. */
const NOT_COMPARED = 0.7;
const NO_DIFFERENCE = 0.3;

/** Whether the tasks of a revision fail that came shortly before, with a difference that can break them. */
function revisionBreaks(view: EvidenceView): Reading | undefined {
  const fails = RELEASE_SIGNS["revision-fails"].read(view);
  const before = RELEASE_SIGNS["released-before"].read(view);
  if (fails === undefined || before === undefined) return undefined;
  const empty = RELEASE_SIGNS["diff-empty"].read(view)?.degree;
  const difference = empty === undefined ? NOT_COMPARED : empty === 1 ? NO_DIFFERENCE : 1;
  return { ...fails, degree: Math.min(fails.degree, before.degree, difference) };
}

/** Whether one task fails its checks while the others answer as well as ever: what all call would show in all. */
function sickAlone(view: EvidenceView): Reading | undefined {
  const some = HEALTH_SIGNS["some-unhealthy"].read(view);
  const failures = strongest([...view.metrics("errors-5xx"), ...view.metrics("latency-p50")].map(raised));
  if (some === undefined || failures === undefined) return undefined;
  return { ...some, degree: Math.min(some.degree, 1 - failures.degree) };
}

/** Whether what is called answers with errors of its own, and no release changed how it is called. */
function calledErrsItself(view: EvidenceView): Reading | undefined {
  const errs = WORD_SIGNS["says-upstream-errs"].read(view);
  const changed = RELEASE_SIGNS["calls-changed"].read(view)?.degree ?? 0;
  return errs && { ...errs, degree: Math.min(errs.degree, 1 - changed), subject: "neighbour" };
}

/** Whether more arrives and no task takes it alone: with one busy task the growth explains nothing of the others. */
function trafficSpread(view: EvidenceView): Reading | undefined {
  const grew = TRAFFIC_SIGNS["traffic-grew"].read(view);
  const oneHot = CPU_SIGNS["cpu-in-one-task"].read(view)?.degree ?? 0;
  return grew && { ...grew, degree: grew.degree * (1 - oneHot) };
}

/**
 * Whether tasks are replaced for checks that they were too slow for, since more arrives: each one less leaves more to
 * the others. Answers with a wrong status and tasks that idle have other reasons.
 * https://github.com/aws/containers-roadmap/issues/1271
 */
function checksFailUnderLoad(view: EvidenceView): Reading | undefined {
  const grew = TRAFFIC_SIGNS["traffic-grew"].read(view);
  const killed = STOP_SIGNS["health-check-stop"].read(view);
  const late = FAILURE_SIGNS["answers-late"].read(view);
  if (grew === undefined || killed === undefined || late === undefined) return undefined;
  const otherwise = Math.max(
    HEALTH_SIGNS["wrong-answer"].read(view)?.degree ?? 0,
    lateAndIdle(view)?.degree ?? 0,
  );
  return reading(
    Math.min(grew.degree, killed.degree, late.degree, 1 - otherwise),
    [...grew.facts, ...killed.facts, ...late.facts],
    { subject: "service" },
  );
}

export const COMPOSITE_SIGNS = {
  "checks-fail-under-load": {
    family: "domino",
    what: "tasks replaced for slow checks since more arrives",
    read: checksFailUnderLoad,
  },
  "traffic-spread": {
    family: "load",
    what: "clearly more requests in all tasks",
    read: trafficSpread,
  },
  "called-errs-itself": {
    family: "called",
    what: "errors that the other side answers with, though it is called as before",
    read: calledErrsItself,
  },
  "sick-alone": {
    family: "health",
    what: "a task that fails its checks while the others answer as well as ever",
    read: sickAlone,
  },
  "revision-breaks": {
    family: "revision",
    what: "a revision whose tasks fail since it came, with a difference that can break them",
    read: revisionBreaks,
  },
  "late-and-idle": { family: "waiting", what: "late answers of idle tasks", read: lateAndIdle },
  "words-and-failures": {
    what: "failures of all tasks beside log lines that name something called",
    family: "called",
    read: wordsAndFailures,
  },
  /** Callers suffer, or tasks end: a trusted trace of what log lines say. */
  "suffering-or-exits": {
    what: "errors, late answers, unhealthy targets or exits",
    family: "suffering",
    read: (view) => strongest([FAILURE_SIGNS.suffering.read(view), STOP_SIGNS["exits-at-start"].read(view)]),
  },
  /** Health checks fail in any task, or were the reason to replace one. */
  "checks-fail": {
    what: "failed health checks",
    family: "health",
    read: (view) =>
      strongest([
        HEALTH_SIGNS["some-unhealthy"].read(view),
        HEALTH_SIGNS["all-unhealthy"].read(view),
        STOP_SIGNS["health-check-stop"].read(view),
      ]),
  },
  "disk-trouble": {
    what: "a full disk",
    family: "disk-any",
    read: (view) =>
      strongest([
        STOP_SIGNS["disk-stop"].read(view),
        SERVICE_SIGNS["disk-series-full"].read(view),
        WORD_SIGNS["says-disk"].read(view),
      ]),
  },
  /** A setting changed with the release, or the last words miss one. */
  "setting-suspect": {
    what: "a setting that changed or is missing",
    family: "diff",
    read: (view) => strongest([WORD_SIGNS["says-setting-missing"].read(view), settingsChanged(view)]),
  },
  "port-taken": {
    what: "a port in use",
    family: "port",
    read: (view) =>
      strongest([WORD_SIGNS["says-port-taken"].read(view), STOP_SIGNS["port-in-use-stop"].read(view)]),
  },
  "released-at-once": {
    what: "a deployment minutes before the onset",
    family: "release",
    read: (view) => {
      const one = blamed(view);
      if (one === undefined) return reading(0);
      const seconds = one.fact.data.secondsBeforeOnset ?? LATER_SECONDS;
      return reading(Math.min(one.degree, grade(seconds, LATER_SECONDS, AT_ONCE_SECONDS)), [one.fact]);
    },
  },
} as const satisfies Record<string, Sign>;
