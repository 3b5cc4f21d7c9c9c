import type { Hypothesis } from "./hypothesis.ts";

/** A new revision fails where the one before worked. */
export const badDeploy: readonly Hypothesis[] = [
  {
    cause: "bad-deploy",
    variant: "stops",
    kin: ["startup-misconfiguration", "memory-limit-too-low", "health-check-misconfigured", "cpu-saturation"],
    prior: {
      logOdds: -2.7,
      source:
        "binary and configuration pushes trigger two thirds of postmortems (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "revision-fails": { for: 4.5, against: 7 },
      "revision-breaks": { for: 6 },
      "released-before": { for: 1.5, against: 2 },
      "deployment-fails": { for: 1 },
    },
    contradicts: {
      "released-after": 5,
      "diff-only-settings": 1,
      "diff-empty": 2,
      "rolling-back": 6,
      "siblings-well": 1,
    },
    tolerates: ["oom-stop", "cpu-raised"],
    rivals: [{ cause: "startup-misconfiguration", separates: "what the new tasks say before they end" }],
  },
  {
    cause: "bad-deploy",
    variant: "errs",
    kin: ["startup-misconfiguration", "memory-limit-too-low", "health-check-misconfigured", "cpu-saturation"],
    prior: {
      logOdds: -2.7,
      source:
        "binary and configuration pushes trigger two thirds of postmortems (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "failures-since-release": { for: 5, against: 8 },
      "calls-changed": { for: 4 },
      "cpu-limit-lowered": { for: 3 },
    },
    contradicts: { "diff-empty": 1.5, "traffic-grew": 3.5, "siblings-well": 1.5 },
    tolerates: ["revision-fails", "cpu-raised"],
    rivals: [{ cause: "dependency-down", separates: "whether another service that calls it fails, too" }],
  },
];
