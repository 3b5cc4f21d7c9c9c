import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** Tasks cannot start with what they are given. */
export const startupMisconfiguration: readonly Hypothesis[] = [
  {
    cause: "startup-misconfiguration",
    variant: "initialization",
    kin: ["bad-deploy", "memory-limit-too-low", "health-check-misconfigured", "cpu-saturation"],
    prior: {
      logOdds: -2.7,
      source:
        "binary and configuration pushes trigger two thirds of postmortems (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "initialization-stop": { for: 6.5, against: 9 },
    },
    contradicts: { "start-refused": 5, "start-unreachable": 5 },
    tolerates: [...CORRELATES],
  },
  {
    cause: "startup-misconfiguration",
    variant: "runtime",
    kin: ["bad-deploy", "memory-limit-too-low", "health-check-misconfigured", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "runtime-refuses": { for: 6.5, against: 9 },
    },
    tolerates: [...CORRELATES, "port-in-use-stop", "port-taken", "says-port-taken"],
  },
  {
    cause: "startup-misconfiguration",
    variant: "wrong-architecture",
    kin: ["bad-deploy", "memory-limit-too-low", "health-check-misconfigured", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "says-wrong-architecture": { for: 4.5, against: 6 },
      "exits-at-start": { for: 3 },
    },
    tolerates: [...CORRELATES],
    rivals: [{ cause: "bad-deploy", separates: "for which architecture the image was built" }],
  },
  {
    cause: "startup-misconfiguration",
    variant: "exits",
    kin: ["bad-deploy", "memory-limit-too-low", "health-check-misconfigured", "cpu-saturation"],
    prior: {
      logOdds: -2.7,
      source:
        "binary and configuration pushes trigger two thirds of postmortems (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "exits-at-start": { for: 3, against: 8 },
      "setting-suspect": { for: 4.5, against: 5 },
      "says-setting-missing": { for: 3.5 },
      "diff-only-settings": { for: 3 },
    },
    contradicts: { "rolling-back": 6 },
    tolerates: ["revision-fails"],
    rivals: [{ cause: "dependency-down", separates: "what the tasks say before they end" }],
  },
  {
    cause: "startup-misconfiguration",
    variant: "never-healthy",
    kin: ["bad-deploy", "memory-limit-too-low", "health-check-misconfigured", "cpu-saturation"],
    prior: {
      logOdds: -2.7,
      source:
        "binary and configuration pushes trigger two thirds of postmortems (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "diff-only-settings": { for: 3.5, against: 8 },
      "health-check-stop": { for: 3.5 },
      "released-before": { for: 1.5, against: 4 },
    },
    contradicts: { "rolling-back": 6 },
    tolerates: ["revision-fails", "some-unhealthy", "cpu-lowered"],
  },
  {
    cause: "startup-misconfiguration",
    variant: "port-in-use",
    kin: ["bad-deploy", "memory-limit-too-low", "health-check-misconfigured", "cpu-saturation"],
    prior: ONE_OF_MANY,
    expects: {
      "port-taken": { for: 7, against: 9 },
    },
    tolerates: [...CORRELATES],
  },
];
