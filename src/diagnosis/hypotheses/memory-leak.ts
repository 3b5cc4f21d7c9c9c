import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** Memory climbs without load to explain it. */
export const memoryLeak: readonly Hypothesis[] = [
  {
    cause: "memory-leak",
    kin: ["oom-kill"],
    prior: ONE_OF_MANY,
    expects: {
      "memory-climbs": { for: 3.5, against: 6 },
      "memory-high": { for: 2.5, against: 3.5 },
      "memory-climbs-in-some": { for: 2 },
      "memory-climbs-since-release": { for: 1 },
      "oom-stop": { for: 1 },
    },
    contradicts: {
      "as-usual": 1.5,
      "memory-teeth": 4,
      "memory-level": 4,
      "memory-with-load": 3,
      "memory-limit-lowered": 3,
      "oom-since-release": 2,
      "words-and-failures": 1.5,
      "memory-after-failures": 1,
    },
    tolerates: ["revision-fails"],
    rivals: [
      {
        cause: "traffic-spike",
        separates: "requests of the same hours: memory that follows them is no leak",
      },
      { cause: "bad-deploy", separates: "memory before the deployment" },
    ],
  },
];
