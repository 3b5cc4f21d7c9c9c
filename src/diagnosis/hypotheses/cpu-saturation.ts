import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** CPU is used up without more to do. */
export const cpuSaturation: readonly Hypothesis[] = [
  {
    cause: "cpu-saturation",
    kin: ["bad-deploy", "startup-misconfiguration", "memory-limit-too-low", "health-check-misconfigured"],
    prior: ONE_OF_MANY,
    expects: {
      "cpu-raised": { for: 3, against: 8 },
      "cpu-high": { for: 2.5, against: 3.5 },
      "cpu-in-one-task": { for: 2.5 },
      "fewer-tasks": { for: 1.5 },
      suffering: { for: 0.7, against: 1 },
      "released-before": { for: 0.7 },
      "cpu-limit-lowered": { for: 2 },
    },
    contradicts: {
      "as-usual": 2.5,
      "cpu-passes": 4.5,
      "traffic-spread": 3.5,
      "deployment-progresses": 2.5,
      "words-and-failures": 3,
    },
    tolerates: ["traffic-grew"],
    rivals: [{ cause: "traffic-spike", separates: "requests of the same minutes" }],
  },
];
