import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** What usually arrives does not, while the service is well. */
export const trafficLoss: readonly Hypothesis[] = [
  {
    cause: "traffic-loss",
    prior: ONE_OF_MANY,
    expects: {
      "requests-lost": { for: 5.5, against: 8 },
      "service-well": { for: 1.5, against: 5 },
    },
    contradicts: { "as-usual": 3, "failures-before-loss": 5, "released-before": 2, "autoscalers-alarm": 3 },
    tolerates: ["cpu-lowered"],
    rivals: [{ cause: "no-fault", separates: "the same hour of other days" }],
  },
];
