import type { AwsService } from "../wire/service.ts";
import type { AlarmRegistry } from "./alarms/alarm-registry.ts";
import { createCompositeEvaluation } from "./alarms/composite-evaluation.ts";
import { controlAlarms } from "./alarms/control-alarms.ts";
import { describeAlarmContributors } from "./alarms/describe-alarm-contributors.ts";
import { describeAlarmHistory } from "./alarms/describe-alarm-history.ts";
import { describeAlarms, describeAlarmsForMetric } from "./alarms/describe-alarms.ts";
import { putCompositeAlarm } from "./alarms/put-composite-alarm.ts";
import { putMetricAlarm } from "./alarms/put-metric-alarm.ts";
import { getMetricData } from "./metrics/get-metric-data.ts";
import { getMetricStatistics } from "./metrics/get-metric-statistics.ts";
import { listMetrics } from "./metrics/list-metrics.ts";
import type { MetricStore } from "./metrics/metric-store.ts";
import { putMetricData } from "./metrics/put-metric-data.ts";

/** CloudWatch spoke Query before it spoke JSON; clients go on to see the names that errors had there. */
const QUERY_CODES = {
  ThrottlingException: "Throttling",
  ValidationException: "ValidationError",
  InvalidParameterValueException: "InvalidParameterValue",
  InvalidParameterCombinationException: "InvalidParameterCombination",
  MissingRequiredParameterException: "MissingParameter",
  InternalServiceFault: "InternalServiceError",
};

/** The CloudWatch API (AWS JSON 1.0) over a metric store and the alarms. */
export function createCloudWatchService(
  store: MetricStore,
  registry: AlarmRegistry,
  now: () => number,
): AwsService {
  const composites = createCompositeEvaluation(registry, now);
  return {
    name: "cloudwatch",
    protocol: {
      kind: "json",
      version: "1.0",
      targetPrefix: "GraniteServiceVersion20100801",
      queryCodes: QUERY_CODES,
    },
    operations: {
      PutMetricData: putMetricData(store, now),
      GetMetricData: getMetricData(store),
      GetMetricStatistics: getMetricStatistics(store),
      ListMetrics: listMetrics(store),
      PutMetricAlarm: putMetricAlarm(registry),
      PutCompositeAlarm: putCompositeAlarm(registry, composites),
      DescribeAlarms: describeAlarms(registry, composites),
      DescribeAlarmsForMetric: describeAlarmsForMetric(registry),
      DescribeAlarmContributors: describeAlarmContributors(registry),
      DescribeAlarmHistory: describeAlarmHistory(registry),
      ...controlAlarms(registry, composites),
    },
  };
}
