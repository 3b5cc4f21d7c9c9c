import type { Hypothesis } from "./hypothesis.ts";

/** A TLS certificate is expired or not valid. */
export const certificateExpired: readonly Hypothesis[] = [
  {
    cause: "certificate-expired",
    variant: "says",
    prior: {
      logOdds: -3,
      source:
        "service providers trigger 5 % of postmortems, one of few causes counted (Site Reliability Workbook, appendix C)",
    },
    expects: {
      "says-certificate": { for: 5 },
      "suffering-or-exits": { for: 1.5, against: 2.5 },
      "words-and-failures": { for: 1, against: 1 },
    },
    contradicts: { "calls-changed": 4, "revision-breaks": 1, "sick-alone": 2.5 },
    tolerates: ["some-unhealthy", "says-refused", "says-network", "exits-at-start", "revision-fails"],
    rivals: [
      { cause: "bad-deploy", separates: "whether the revision before would answer with the same errors" },
    ],
  },
];
