import { CORRELATES, type Hypothesis } from "./hypothesis.ts";

/** The image cannot be pulled. */
export const imagePullFailure: readonly Hypothesis[] = [
  {
    cause: "image-pull-failure",
    prior: { logOdds: -3.2, source: "one of about 25 causes; no public count sets it apart" },
    expects: {
      "image-pull-stop": { for: 8, against: 9 },
    },
    contradicts: { "rolling-back": 6, "start-unreachable": 4 },
    tolerates: [...CORRELATES, "not-placed"],
  },
];
