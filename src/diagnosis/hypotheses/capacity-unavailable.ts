import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** Tasks cannot be placed. */
export const capacityUnavailable: readonly Hypothesis[] = [
  {
    cause: "capacity-unavailable",
    prior: ONE_OF_MANY,
    expects: {
      "not-placed": { for: 6.5 },
      "short-of-tasks": { against: 7 },
    },
    tolerates: [...CORRELATES],
  },
];
