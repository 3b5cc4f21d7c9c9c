/** What should not matter: each variation by its name. */
import type { Twist } from "../recorded/gather.ts";
import type { Case } from "../scenarios/types.ts";
import { duplicates, missingPoints, without } from "./answer-variations.ts";
import {
  atAnotherTime,
  faster,
  fiveMinutePeriods,
  loudHarmlessErrors,
  moreOrLess,
  oneMoreWellTask,
  otherNoise,
  releasedBefore,
  renamed,
  tasksReversed,
  trafficMoved,
  type WorldVariation,
} from "./world-variations.ts";

export interface Variation {
  readonly name: string;
  /** With less evidence nothing bolder may be done. */
  readonly less: boolean;
  /** The case with the change, and how it is asked; undefined where it does not apply. */
  readonly apply: (one: Case) => { readonly one: Case; readonly twist: Twist } | undefined;
}

const ofWorld = (name: string, change: WorldVariation, twist: Twist = {}): Variation => ({
  name,
  less: false,
  apply: (one) => {
    const varied = change(one);
    return varied === undefined ? undefined : { one: varied, twist };
  },
});

const ofAnswers = (name: string, less: boolean, twist: Twist): Variation => ({
  name,
  less,
  apply: (one) => ({ one, twist }),
});

export const VARIATIONS: readonly Variation[] = [
  ofWorld("size-0.7", moreOrLess(0.7)),
  ofWorld("size-1.3", moreOrLess(1.3)),
  ofWorld("traffic-0.7", trafficMoved(0.7)),
  ofWorld("traffic-1.3", trafficMoved(1.3)),
  ofWorld("periods-of-5", faster(5)),
  ofWorld("periods-of-20", faster(20)),
  ofWorld("periods-of-300", fiveMinutePeriods),
  ofWorld("metrics-of-300", fiveMinutePeriods, { metricPeriodSeconds: 300 }),
  ofWorld("another-time", atAnotherTime),
  ofWorld("other-noise", otherNoise),
  ofWorld("renamed", renamed),
  ofWorld("tasks-reversed", tasksReversed),
  ofWorld("released-before", releasedBefore),
  ofWorld("loud-harmless-errors", loudHarmlessErrors),
  ofWorld("one-more-well-task", oneMoreWellTask),
  ofAnswers("duplicates", false, duplicates),
  ofAnswers("missing-points", true, missingPoints),
  ofAnswers("no-metrics", true, without("GetMetricData")),
  ofAnswers("no-logs", true, without("FilterLogEvents")),
  ofAnswers("no-targets", true, without("DescribeTargetHealth", "DescribeTargetGroups")),
  ofAnswers("no-deployments", true, without("ListServiceDeployments", "DescribeServiceDeployments")),
  ofAnswers("no-definition", true, without("DescribeTaskDefinition")),
  ofAnswers("no-tasks", true, without("ListTasks")),
  ofAnswers("no-scaling", true, without("DescribeScalableTargets", "DescribeScalingActivities")),
  ofAnswers("no-alarm", true, without("DescribeAlarms", "DescribeAlarmHistory")),
];
