import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** A container ends by itself again and again, and nothing else that is known explains it. */
export const crashLoop: readonly Hypothesis[] = [
  {
    cause: "crash-loop",
    prior: ONE_OF_MANY,
    expects: {
      "crashes-repeat": { for: 5.5, against: 9 },
    },
    contradicts: {
      "released-before": 4,
      "deployment-fails": 3,
      "setting-suspect": 4,
      "memory-climbs": 4,
    },
    tolerates: ["exits-at-start", "exits-later", "revision-fails", "cpu-raised", "some-unhealthy"],
    rivals: [
      { cause: "dependency-down", separates: "what the container says before it ends" },
      { cause: "startup-misconfiguration", separates: "whether a setting, secret or role was changed" },
    ],
  },
];
