import { type Hypothesis, ONE_OF_MANY } from "./hypothesis.ts";

/** One task does not answer, while others do. */
export const hungTask: readonly Hypothesis[] = [
  {
    cause: "hung-task",
    prior: ONE_OF_MANY,
    expects: {
      "some-unhealthy": { for: 5.5, against: 8 },
      "siblings-well": { for: 1, against: 1.5 },
    },
    contradicts: {
      "most-answers-late": 3,
      "wrong-answer": 3,
      "health-check-stops-repeat": 2.5,
      "words-and-failures": 3,
      "revision-fails": 2,
    },
    tolerates: [
      "says-refused",
      "says-network",
      "says-certificate",
      "says-permission",
      "says-throttled",
      "cpu-in-one-task",
      "cpu-raised",
    ],
    rivals: [
      { cause: "bad-deploy", separates: "whether tasks of the same revision are well" },
      { cause: "dependency-down", separates: "whether the tasks that pass their checks answer with errors" },
    ],
  },
];
