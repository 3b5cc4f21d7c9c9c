import type { Hypothesis } from "./hypothesis.ts";

/** Callers repeat what fails. */
export const retryStorm: readonly Hypothesis[] = [
  {
    cause: "retry-storm",
    prior: { logOdds: -4, source: "rarer than most: a house estimate, no public count" },
    expects: {
      "traffic-grew": { for: 3, against: 8 },
      "failures-before-traffic": { for: 5.5, against: 7 },
    },
    tolerates: ["cpu-raised", "says-refused", "memory-climbs"],
    rivals: [{ cause: "traffic-spike", separates: "whether failures began before the requests grew" }],
  },
];
