import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** Tasks work, and their health check asks for the wrong thing, or too early. */
export const healthCheckMisconfigured: readonly Hypothesis[] = [
  {
    cause: "health-check-misconfigured",
    variant: "changed",
    kin: ["bad-deploy", "startup-misconfiguration", "memory-limit-too-low", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "check-changed": { for: 5, against: 8 },
      "checks-fail": { for: 2.5 },
      "released-before": { for: 1, against: 1 },
    },
    tolerates: ["revision-fails", "some-unhealthy", "wrong-answer", "client-error-answer"],
  },
  {
    cause: "health-check-misconfigured",
    variant: "wrong-path",
    kin: ["bad-deploy", "startup-misconfiguration", "memory-limit-too-low", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "client-error-answer": { for: 7, against: 9 },
    },
    tolerates: [...CORRELATES, "wrong-answer"],
  },
  {
    cause: "health-check-misconfigured",
    variant: "wrong-port",
    kin: ["bad-deploy", "startup-misconfiguration", "memory-limit-too-low", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "check-port-closed": { for: 8, against: 9 },
    },
    tolerates: [...CORRELATES, "wrong-answer"],
  },
  {
    cause: "health-check-misconfigured",
    variant: "too-early",
    kin: ["bad-deploy", "startup-misconfiguration", "memory-limit-too-low", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "health-check-stops-early": { for: 5.5, against: 8 },
    },
    tolerates: ["some-unhealthy", "revision-fails"],
  },
  {
    cause: "health-check-misconfigured",
    variant: "too-strict",
    kin: ["bad-deploy", "startup-misconfiguration", "memory-limit-too-low", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "all-unhealthy": { for: 3.5, against: 8 },
      "serves-as-ever": { for: 3.5, against: 8 },
    },
  },
  {
    cause: "health-check-misconfigured",
    variant: "wrong-status",
    kin: ["bad-deploy", "startup-misconfiguration", "memory-limit-too-low", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "wrong-answer": { for: 4, against: 9 },
    },
  },
];
