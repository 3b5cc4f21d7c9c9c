import type { AwsService } from "../wire/service.ts";
import type { AlarmRegistry } from "./alarms/alarm-registry.ts";
import { controlAlarms } from "./alarms/control-alarms.ts";
import { describeAlarmHistory } from "./alarms/describe-alarm-history.ts";
import { describeAlarms, describeAlarmsForMetric } from "./alarms/describe-alarms.ts";
import { putMetricAlarm } from "./alarms/put-metric-alarm.ts";
import { getMetricData } from "./metrics/get-metric-data.ts";
import { getMetricStatistics } from "./metrics/get-metric-statistics.ts";
import { listMetrics } from "./metrics/list-metrics.ts";
import type { MetricStore } from "./metrics/metric-store.ts";
import { putMetricData } from "./metrics/put-metric-data.ts";

/** The CloudWatch API (AWS JSON 1.0) over a metric store and the alarms. */
export function createCloudWatchService(
  store: MetricStore,
  registry: AlarmRegistry,
  now: () => number,
): AwsService {
  return {
    name: "cloudwatch",
    protocol: { kind: "json", version: "1.0", targetPrefix: "GraniteServiceVersion20100801" },
    operations: {
      PutMetricData: putMetricData(store, now),
      GetMetricData: getMetricData(store),
      GetMetricStatistics: getMetricStatistics(store),
      ListMetrics: listMetrics(store),
      PutMetricAlarm: putMetricAlarm(registry),
      DescribeAlarms: describeAlarms(registry),
      DescribeAlarmsForMetric: describeAlarmsForMetric(registry),
      DescribeAlarmHistory: describeAlarmHistory(registry),
      ...controlAlarms(registry),
    },
  };
}
