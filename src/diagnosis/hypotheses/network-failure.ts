import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** Names do not resolve or packets do not arrive. */
export const networkFailure: readonly Hypothesis[] = [
  {
    cause: "network-failure",
    variant: "says",
    prior: {
      logOdds: -3,
      source:
        "service providers trigger 5 % of postmortems, one of few causes counted (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "says-network": { for: 5 },
      "suffering-or-exits": { for: 1.5, against: 2.5 },
      "words-and-failures": { for: 1, against: 1 },
    },
    contradicts: { "calls-changed": 4, "sick-alone": 2.5 },
    tolerates: ["some-unhealthy", "says-refused", "exits-at-start", "revision-fails"],
    rivals: [
      { cause: "bad-deploy", separates: "whether the revision before would answer with the same errors" },
    ],
  },
  {
    cause: "network-failure",
    variant: "shut",
    prior: ONE_OF_MANY,
    expects: {
      "says-no-answer": { for: 3.5, against: 6 },
      "said-by-some": { for: 3.5, against: 2 },
      "suffering-or-exits": { for: 1.5 },
    },
    tolerates: ["some-unhealthy", "says-refused"],
    rivals: [{ cause: "dependency-down", separates: "whether other tasks reach the same address" }],
  },
  {
    cause: "network-failure",
    variant: "start",
    prior: ONE_OF_MANY,
    expects: {
      "start-unreachable": { for: 8, against: 9 },
    },
    tolerates: [...CORRELATES, "image-pull-stop", "initialization-stop"],
  },
  {
    cause: "network-failure",
    variant: "ingress",
    prior: ONE_OF_MANY,
    expects: {
      "all-time-out": { for: 4, against: 9 },
      "cpu-lowered": { for: 3, against: 6 },
    },
    contradicts: { "says-trouble": 5, "released-before": 4 },
    tolerates: ["cpu-lowered"],
  },
];
