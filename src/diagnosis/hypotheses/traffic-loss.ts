import type { Hypothesis } from "./hypothesis.ts";

/** What usually arrives does not, while the service is well. */
export const trafficLoss: readonly Hypothesis[] = [
  {
    cause: "traffic-loss",
    prior: { logOdds: -3.2, source: "one of about 25 causes; no public count sets it apart" },
    expects: {
      "requests-lost": { for: 5.5, against: 8 },
      "service-well": { for: 1.5, against: 5 },
    },
    contradicts: { "as-usual": 3, "failures-before-loss": 5, "released-before": 2, "autoscalers-alarm": 3 },
    tolerates: ["cpu-lowered"],
    rivals: [{ cause: "no-fault", separates: "the same hour of other days" }],
  },
];
