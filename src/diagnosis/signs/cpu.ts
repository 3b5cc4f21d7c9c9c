/** Signs of CPU: how high, in which tasks, whether it stays, and whether it follows the load. */
import { loadCorrelation } from "../../../packages/signals/index.ts";
import { isAboveThreshold, isRaised } from "../../domain/metric-side.ts";
import { comesAndGoes, type EvidenceView, ifRaised, periodsBefore } from "../view/evidence-view.ts";
import { limitLowered } from "./release.ts";
import { lowered, type Metric, raised } from "./series.ts";
import { grade, type Reading, reading, type Sign } from "./sign.ts";

/** Percent: at two thirds of the limit answers begin to wait (issue 15: 66 to 79 % with latency × 4 to 18). */
const ROOMY_PERCENT = 45;
const BUSY_PERCENT = 75;

/** Percent above the siblings' median: task noise, and a task that clearly does other work. */
const LIKE_OTHERS = 15;
const APART = 35;

/** Whether one task is busy while its siblings are not; not known without a series of at least two tasks. */
function oneHot(view: EvidenceView): Reading | undefined {
  const tasks = view.metrics("task-cpu").filter(({ data }) => data.noDataSince === undefined);
  const [hottest, ...others] = tasks.toSorted((a, b) => b.data.summary.current - a.data.summary.current);
  if (hottest === undefined || others.length === 0) return undefined;
  // The next hottest one, so that two hot tasks are not one.
  const next = others[0]?.data.summary.current ?? 0;
  const { current } = hottest.data.summary;
  const degree = Math.min(
    grade(current, ROOMY_PERCENT, BUSY_PERCENT),
    grade(current - next, LIKE_OTHERS, APART),
  );
  return reading(degree, [hottest], { subject: "task", direction: "up" });
}

/** Shares of its rise that CPU has lost again by itself: still up, and on its way back. */
const STILL_UP = 0.3;
const COMING_BACK = 0.7;

/** Whether CPU was up only for a while, comes and goes, or falls by itself; a task that is stuck stays hot. */
function passes(view: EvidenceView): Reading | undefined {
  const cpu = view.metric("cpu");
  if (cpu === undefined) return undefined;
  const { shape, receding = 0 } = cpu.data.summary;
  const gone = shape === "spike" || comesAndGoes(cpu) || view.alarm?.data.flapping === true;
  return reading(gone ? 1 : grade(receding, STILL_UP, COMING_BACK), [cpu]);
}

/** Degree of a level that is high by the alarm's threshold only: the team's word, and room all the same. */
const ABOVE_THRESHOLD_ONLY = 0.4;

function cpuHigh(view: EvidenceView): Reading | undefined {
  const cpu = view.metric("cpu");
  if (cpu === undefined || cpu.data.noDataSince !== undefined) return undefined;
  const byLevel = grade(cpu.data.summary.current, ROOMY_PERCENT, BUSY_PERCENT);
  return reading(Math.max(byLevel, isAboveThreshold(cpu) ? ABOVE_THRESHOLD_ONLY : 0), [cpu]);
}

/** Rank correlations: none to speak of, and plain. */
const APART_CORRELATION = 0.1;
const TOGETHER_CORRELATION = 0.5;

/** Whether CPU, or without it the slowest answers, move with the load: together in time, or in rank. */
function followsLoad(view: EvidenceView): Reading | undefined {
  const load = view.metric("requests");
  const cpu = view.metric("cpu");
  const symptom = isRaised(cpu) ? cpu : view.metric("latency-p99");
  if (load === undefined || symptom === undefined) return undefined;
  const apart = periodsBefore(ifRaised(symptom), load);
  if (apart !== undefined && Math.abs(apart) <= 1) return reading(1, [load, symptom]);
  const points = ({ data }: Metric) => data.points.map(([t, v]) => ({ t, v }));
  const { periodSeconds } = load.data;
  const { correlation } = loadCorrelation(points(load), points(symptom), { periodSeconds });
  return correlation === undefined
    ? undefined
    : reading(grade(correlation, APART_CORRELATION, TOGETHER_CORRELATION), [load, symptom]);
}

export const CPU_SIGNS = {
  "cpu-limit-lowered": {
    what: "a lowered share of CPU",
    family: "diff",
    unexplained: 1.5,
    read: (view) => limitLowered(view, /\bcpu$/),
  },
  "cpu-raised": {
    what: "raised CPU",
    family: "cpu",
    unexplained: 1,
    read: (view) => raised(view.metric("cpu")),
  },
  "cpu-high": {
    what: "CPU near its limit",
    family: "cpu-level",
    read: cpuHigh,
  },
  "cpu-in-one-task": {
    what: "one task busy beside idle ones",
    family: "cpu-scope",
    unexplained: 3,
    read: oneHot,
  },
  "cpu-lowered": { what: "lowered CPU", family: "cpu", read: (view) => lowered(view.metric("cpu")) },
  "cpu-passes": { what: "CPU that comes and goes by itself", family: "cpu-passes", read: passes },
  "follows-load": { what: "a symptom that moves with the load", family: "load", read: followsLoad },
} as const satisfies Record<string, Sign>;
