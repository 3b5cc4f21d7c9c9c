import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** Connections or descriptors run out inside the service. */
export const connectionLeak: readonly Hypothesis[] = [
  {
    cause: "connection-leak",
    prior: ONE_OF_MANY,
    expects: {
      "says-pool": { for: 4.5, against: 8 },
      suffering: { for: 1.5, against: 3 },
      "some-unhealthy": { for: 1 },
      "failures-grow": { for: 1 },
      "tasks-are-old": { for: 0.5 },
    },
    contradicts: { "traffic-grew": 4, "more-tasks": 5, "all-fail-at-once": 3 },
    tolerates: ["says-refused"],
    rivals: [
      {
        cause: "dependency-throttled",
        separates: "connections that each task holds, against the limit of what is called",
      },
    ],
  },
];
