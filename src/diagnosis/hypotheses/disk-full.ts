import type { Hypothesis } from "./hypothesis.ts";

/** The task's disk or shared memory is full. */
export const diskFull: readonly Hypothesis[] = [
  {
    cause: "disk-full",
    prior: { logOdds: -3.2, source: "one of about 25 causes; no public count sets it apart" },
    expects: {
      "disk-trouble": { for: 4.5, against: 8 },
      "disk-stop": { for: 7 },
      "disk-series-full": { for: 7 },
      "suffering-or-exits": { for: 1, against: 1 },
      "some-unhealthy": { for: 0.7 },
    },
    tolerates: ["exits-at-start", "says-disk", "wrong-answer"],
    proposes: [
      { action: "restart", needs: ["disk-stop"] },
      { action: "restart", needs: ["disk-series-full"] },
      { action: "restart", needs: ["some-unhealthy"] },
    ],
  },
];
