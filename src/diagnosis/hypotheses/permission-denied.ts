import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** Calls are refused for lack of permission. */
export const permissionDenied: readonly Hypothesis[] = [
  {
    cause: "permission-denied",
    variant: "says",
    prior: {
      logOdds: -3,
      source:
        "service providers trigger 5 % of postmortems, one of few causes counted (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "says-permission": { for: 5 },
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
    cause: "permission-denied",
    variant: "start",
    prior: ONE_OF_MANY,
    expects: {
      "start-refused": { for: 7.5, against: 9 },
    },
    tolerates: [...CORRELATES, "initialization-stop"],
  },
];
