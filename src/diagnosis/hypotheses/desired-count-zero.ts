import { CORRELATES, type Hypothesis } from "./hypothesis.ts";

/** The service is set to run nothing. */
export const desiredCountZero: readonly Hypothesis[] = [
  {
    cause: "desired-count-zero",
    prior: { logOdds: -3.2, source: "one of about 25 causes; no public count sets it apart" },
    expects: {
      "desired-zero": { for: 9, against: 9 },
    },
    tolerates: [...CORRELATES, "requests-lost"],
  },
];
