import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** What the service calls answers with throttling. */
export const dependencyThrottled: readonly Hypothesis[] = [
  {
    cause: "dependency-throttled",
    variant: "says",
    prior: {
      logOdds: -3,
      source:
        "service providers trigger 5 % of postmortems, one of few causes counted (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "says-throttled": { for: 5 },
      "suffering-or-exits": { against: 2.5 },
      "words-and-failures": { for: 1 },
    },
    contradicts: { "calls-changed": 4, "sick-alone": 2.5 },
    tolerates: ["some-unhealthy", "says-refused", "exits-at-start", "revision-fails"],
    rivals: [
      { cause: "bad-deploy", separates: "whether the revision before would answer with the same errors" },
    ],
  },
  {
    cause: "dependency-throttled",
    variant: "shared",
    prior: ONE_OF_MANY,
    expects: {
      "more-tasks": { for: 3.5, against: 8 },
      "says-too-many-connections": { for: 4, against: 8 },
      suffering: { for: 1 },
    },
    tolerates: ["says-pool", "says-refused"],
  },
  {
    cause: "dependency-throttled",
    variant: "full",
    prior: ONE_OF_MANY,
    expects: {
      "says-too-many-connections": { for: 3.5, against: 8 },
      "all-fail-at-once": { for: 4, against: 3 },
    },
    contradicts: { "some-unhealthy": 3, "tasks-are-old": 1.5 },
    tolerates: ["says-pool", "says-refused"],
    rivals: [
      {
        cause: "connection-leak",
        separates: "connections that each task holds, against those of all others",
      },
    ],
  },
];
