import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** More arrives than the tasks can serve. */
export const trafficSpike: readonly Hypothesis[] = [
  {
    cause: "traffic-spike",
    variant: "saturated",
    prior: {
      logOdds: -3,
      source: "user behaviour triggers 9 % of postmortems (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "traffic-grew": { for: 4.5, against: 6 },
      "cpu-high": { for: 2, against: 2 },
      "cpu-raised": { for: 1, against: 1 },
      suffering: { for: 1, against: 0.5 },
      "follows-load": { for: 0.5, against: 2 },
    },
    contradicts: {
      "as-usual": 2.5,
      "failures-before-traffic": 5,
      "not-placed": 3,
      "cpu-in-one-task": 5,
      "short-of-tasks": 2,
      "words-and-failures": 2,
      "released-before": 1.5,
    },
    tolerates: ["memory-climbs", "some-unhealthy"],
    rivals: [
      { cause: "retry-storm", separates: "whether failures began before the requests grew" },
      { cause: "cpu-saturation", separates: "CPU of each task" },
    ],
  },
  {
    cause: "traffic-spike",
    variant: "domino",
    prior: ONE_OF_MANY,
    expects: {
      "checks-fail-under-load": { for: 6.5, against: 9 },
    },
    contradicts: {
      "released-before": 3,
    },
    tolerates: ["traffic-grew", "some-unhealthy", "cpu-raised", "memory-climbs", "revision-fails"],
    rivals: [{ cause: "hung-task", separates: "whether the load grew before the first task was replaced" }],
  },
  {
    cause: "traffic-spike",
    variant: "followed",
    prior: { logOdds: -4, source: "rarer than most: a house estimate, no public count" },
    expects: {
      "traffic-grew": { for: 4.5, against: 8 },
      "autoscaling-followed": { for: 4, against: 6 },
    },
    contradicts: { "errors-raised": 4, "answers-late": 3 },
    tolerates: ["cpu-raised"],
  },
];
