import { CORRELATES, type Hypothesis } from "./hypothesis.ts";

/** Tasks cannot be placed. */
export const capacityUnavailable: readonly Hypothesis[] = [
  {
    cause: "capacity-unavailable",
    prior: { logOdds: -3.2, source: "one of about 25 causes; no public count sets it apart" },
    expects: {
      "not-placed": { for: 6.5, against: 9 },
      "short-of-tasks": { for: 1.5, against: 7 },
    },
    contradicts: { "exits-at-start": 1 },
    tolerates: [...CORRELATES],
  },
];
