import { CORRELATES, type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** A container went over its limit: ECS says so. */
export const oomKill: readonly Hypothesis[] = [
  {
    cause: "oom-kill",
    variant: "beside",
    prior: ONE_OF_MANY,
    expects: {
      "oom-beside": { for: 6, against: 9 },
    },
  },
  {
    cause: "oom-kill",
    kin: ["memory-leak"],
    prior: ONE_OF_MANY,
    expects: {
      "oom-stop": { for: 7, against: 8 },
      "memory-high": { for: 1 },
    },
    contradicts: { "memory-limit-lowered": 4, "oom-at-start": 3.5, "oom-since-release": 3 },
    tolerates: [...CORRELATES, "memory-climbs-in-some"],
    rivals: [
      {
        cause: "memory-limit-too-low",
        separates: "whether tasks that are days old were killed, too, or only new ones",
      },
      {
        cause: "memory-leak",
        separates: "memory of each task over a day (Container Insights with enhanced observability)",
      },
    ],
  },
];
