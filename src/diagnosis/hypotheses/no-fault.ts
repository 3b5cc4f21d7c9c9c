import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** Nothing is wrong now. */
export const noFault: readonly Hypothesis[] = [
  {
    cause: "no-fault",
    variant: "over",
    prior: ONE_OF_MANY,
    expects: {
      "service-well": { for: 2, against: 7 },
      "metric-inside": { for: 3, against: 6 },
      "alarm-ok": { for: 2.5, against: 4 },
    },
    contradicts: { "errors-raised": 4, "requests-lost": 6, "oom-beside": 5 },
  },
  {
    cause: "no-fault",
    variant: "noise",
    prior: ONE_OF_MANY,
    expects: {
      "service-well": { for: 2, against: 7 },
      "flaps-in-noise": { for: 5.5, against: 9 },
    },
    contradicts: { "errors-raised": 4 },
  },
  {
    cause: "no-fault",
    variant: "comes-and-goes",
    prior: ONE_OF_MANY,
    expects: {
      "service-well": { for: 2, against: 7 },
      "comes-without-harm": { for: 5.5, against: 9 },
    },
    contradicts: { suffering: 4 },
    tolerates: ["cpu-raised", "cpu-in-one-task", "deployment-progresses"],
  },
  {
    cause: "no-fault",
    variant: "filled-up",
    prior: ONE_OF_MANY,
    expects: {
      "service-well": { against: 7 },
      "filled-up": { for: 5.5, against: 9 },
    },
    contradicts: { suffering: 4, "released-before": 4 },
    tolerates: ["memory-climbs"],
  },
  {
    cause: "no-fault",
    variant: "autoscaler",
    prior: ONE_OF_MANY,
    expects: {
      "service-well": { against: 8 },
      "autoscalers-alarm": { for: 6, against: 9 },
    },
    contradicts: { suffering: 5, "others-fire": 5, "autoscaling-cannot": 6 },
    tolerates: ["cpu-raised", "memory-climbs", "deployment-progresses", "requests-lost"],
  },
  {
    cause: "no-fault",
    variant: "usual",
    prior: ONE_OF_MANY,
    expects: {
      "service-well": { for: 2, against: 7 },
      "as-usual": { for: 5, against: 9 },
    },
    contradicts: { suffering: 4 },
    tolerates: ["cpu-raised", "traffic-grew", "memory-climbs", "deployment-progresses"],
  },
  {
    cause: "no-fault",
    variant: "teeth",
    prior: ONE_OF_MANY,
    expects: {
      "service-well": { for: 2 },
      "memory-teeth": { for: 5, against: 9 },
    },
    contradicts: { suffering: 4 },
    tolerates: ["memory-climbs"],
  },
];
