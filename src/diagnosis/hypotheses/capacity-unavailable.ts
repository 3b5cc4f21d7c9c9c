import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** Tasks cannot be placed. */
export const capacityUnavailable: readonly Hypothesis[] = [
  {
    cause: "capacity-unavailable",
    prior: ONE_OF_MANY,
    expects: {
      "not-placed": { for: 6.5, against: 9 },
      "short-of-tasks": { for: 1.5, against: 7 },
    },
    contradicts: { "exits-at-start": 1 },
    tolerates: [...CORRELATES],
  },
];
