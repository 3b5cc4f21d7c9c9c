import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** The image cannot be pulled. */
export const imagePullFailure: readonly Hypothesis[] = [
  {
    cause: "image-pull-failure",
    prior: ONE_OF_MANY,
    expects: {
      "image-pull-stop": { for: 8, against: 9 },
    },
    contradicts: { "rolling-back": 6, "start-unreachable": 4 },
    tolerates: [...CORRELATES, "not-placed"],
  },
];
