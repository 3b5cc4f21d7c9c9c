import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** The service is set to run nothing. */
export const desiredCountZero: readonly Hypothesis[] = [
  {
    cause: "desired-count-zero",
    prior: ONE_OF_MANY,
    expects: {
      "desired-zero": { for: 9, against: 9 },
    },
    tolerates: [...CORRELATES, "requests-lost"],
  },
];
