import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** The limit, not the application, is what is exceeded. */
export const memoryLimitTooLow: readonly Hypothesis[] = [
  {
    cause: "memory-limit-too-low",
    variant: "lowered",
    kin: ["bad-deploy", "startup-misconfiguration", "health-check-misconfigured", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "memory-limit-lowered": { for: 6, against: 8 },
      "released-before": { against: 1 },
    },
    contradicts: { "memory-climbs-in-some": 2 },
    tolerates: [...CORRELATES],
  },
  {
    cause: "memory-limit-too-low",
    variant: "hungrier",
    kin: ["bad-deploy", "startup-misconfiguration", "health-check-misconfigured", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "appetite-raised": { for: 4.5, against: 8 },
      "oom-since-release": { for: 4 },
      "oom-stop": { against: 2 },
    },
    tolerates: [...CORRELATES],
  },
  {
    cause: "memory-limit-too-low",
    variant: "too-small",
    kin: ["bad-deploy", "startup-misconfiguration", "health-check-misconfigured", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "oom-at-start": { for: 6, against: 8 },
      "oom-stop": { for: 1 },
    },
    tolerates: [...CORRELATES],
    rivals: [{ cause: "oom-kill", separates: "how long the killed tasks had run" }],
  },
  {
    cause: "memory-limit-too-low",
    variant: "at-container-start",
    kin: ["bad-deploy", "startup-misconfiguration", "health-check-misconfigured", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "oom-at-container-start": { for: 7, against: 9 },
    },
    tolerates: [...CORRELATES],
  },
];
