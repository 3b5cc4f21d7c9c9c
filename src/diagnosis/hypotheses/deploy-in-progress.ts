import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** A deployment or its rollback is under way. */
export const deployInProgress: readonly Hypothesis[] = [
  {
    cause: "deploy-in-progress",
    variant: "under-way",
    prior: {
      logOdds: -2.7,
      source:
        "binary and configuration pushes trigger two thirds of postmortems (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "deployment-progresses": { for: 5, against: 8 },
    },
    contradicts: { "deployment-fails": 4, "deployment-stands": 4 },
    tolerates: ["cpu-raised", "some-unhealthy"],
  },
  {
    cause: "deploy-in-progress",
    variant: "rolling-back",
    prior: ONE_OF_MANY,
    expects: {
      "rolling-back": { for: 8, against: 9 },
    },
    tolerates: [
      ...CORRELATES,
      "image-pull-stop",
      "initialization-stop",
      "oom-stop",
      "says-setting-missing",
      "port-in-use-stop",
      "says-port-taken",
    ],
  },
];
