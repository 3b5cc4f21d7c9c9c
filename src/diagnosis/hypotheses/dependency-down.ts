import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** What the service calls refuses, fails or does not answer. */
export const dependencyDown: readonly Hypothesis[] = [
  {
    cause: "dependency-down",
    variant: "says",
    prior: {
      logOdds: -3,
      source:
        "service providers trigger 5 % of postmortems, one of few causes counted (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "says-refused": { for: 4.5, against: 5.5 },
      "suffering-or-exits": { for: 1.5, against: 2.5 },
      "words-and-failures": { for: 1, against: 1 },
    },
    contradicts: {
      "calls-changed": 4,
      "revision-breaks": 2.5,
      "sick-alone": 2.5,
      "said-by-some": 3,
      "cpu-limit-lowered": 3,
    },
    tolerates: ["some-unhealthy", "exits-at-start", "revision-fails", "cpu-lowered"],
    outOfReach: "called-errs-itself",
    rivals: [
      { cause: "bad-deploy", separates: "whether the revision before would answer with the same errors" },
    ],
  },
  {
    cause: "dependency-down",
    variant: "waits",
    prior: ONE_OF_MANY,
    expects: {
      "late-and-idle": { for: 5.2, against: 8 },
    },
    tolerates: ["cpu-lowered"],
  },
];
