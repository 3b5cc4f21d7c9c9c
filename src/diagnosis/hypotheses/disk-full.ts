import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** The task's disk or shared memory is full. */
export const diskFull: readonly Hypothesis[] = [
  {
    cause: "disk-full",
    prior: ONE_OF_MANY,
    expects: {
      "disk-trouble": { for: 4.5, against: 8 },
      "disk-stop": { for: 7 },
      "disk-series-full": { for: 7 },
      "suffering-or-exits": { for: 1, against: 1 },
      "some-unhealthy": { for: 0.7 },
    },
    tolerates: ["exits-at-start", "says-disk", "wrong-answer"],
  },
];
