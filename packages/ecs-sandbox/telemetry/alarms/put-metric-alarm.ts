import { type Operation, WireError } from "../../wire/service.ts";
import { isValidPeriod } from "../metrics/aggregate.ts";
import { parseInsights } from "../metrics/insights-query.ts";
import { isReturned, runQuery, validateQueries } from "../metrics/metric-query.ts";
import { createMetricStore } from "../metrics/metric-store.ts";
import { parseStatistic } from "../metrics/statistic.ts";
import { operation } from "../shared/operation.ts";
import { AlarmConfiguration } from "./alarm.ts";
import { periodOf } from "./alarm-query.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";

/**
 * EvaluationPeriods × Period is at most a day, or seven days for periods of an hour and more.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
const MAXIMUM_SECONDS = 86_400;
const MAXIMUM_SECONDS_OF_LONG_PERIODS = 604_800;
const LONG_PERIOD_SECONDS = 3_600;

/** PutMetricAlarm: creates an alarm, or overwrites its configuration and leaves its state. */
export function putMetricAlarm(registry: AlarmRegistry): Operation {
  return operation(AlarmConfiguration, "ValidationException", (configuration) => {
    validate(configuration);
    registry.putMetricAlarm(configuration);
    return {};
  });
}

function validate(configuration: AlarmConfiguration): void {
  const { DatapointsToAlarm, EvaluationPeriods, MetricName, Metrics } = configuration;
  if (DatapointsToAlarm !== undefined && DatapointsToAlarm > EvaluationPeriods) {
    throw invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods.");
  }
  if ((MetricName === undefined) === (Metrics === undefined)) {
    throw invalid("An alarm watches either MetricName or Metrics.");
  }
  const period = periodOf(configuration);
  const longest = period < LONG_PERIOD_SECONDS ? MAXIMUM_SECONDS : MAXIMUM_SECONDS_OF_LONG_PERIODS;
  if (EvaluationPeriods * period > longest) {
    throw invalid(`Metrics cannot be checked across more than ${longest} seconds.`);
  }
  if (Metrics === undefined) validateSingleMetric(configuration);
  else validateExpression(configuration, Metrics);
}

function validateSingleMetric({ Namespace, Period, Statistic, ExtendedStatistic }: AlarmConfiguration): void {
  if (Namespace === undefined || Period === undefined) throw invalid("Namespace and Period must be given.");
  if (!isValidPeriod(Period)) throw invalid("Period must be 1, 5, 10, 20, 30 or a multiple of 60.");
  if ((Statistic === undefined) === (ExtendedStatistic === undefined)) {
    throw invalid("Either Statistic or ExtendedStatistic must be given.");
  }
  if (ExtendedStatistic !== undefined && parseStatistic(ExtendedStatistic)?.kind !== "percentile") {
    throw invalid(`ExtendedStatistic ${ExtendedStatistic} is not a percentile p0 to p100.`);
  }
}

function validateExpression(
  { Namespace, Period, Statistic, ExtendedStatistic, Dimensions }: AlarmConfiguration,
  metrics: NonNullable<AlarmConfiguration["Metrics"]>,
): void {
  const single = [Namespace, Period, Statistic, ExtendedStatistic, Dimensions[0]];
  if (single.some((member) => member !== undefined)) {
    throw invalid(
      "Metrics excludes MetricName, Namespace, Dimensions, Period, Statistic and ExtendedStatistic.",
    );
  }
  const [watched, ...others] = metrics.filter(isReturned);
  if (watched === undefined || others.length > 0) {
    throw invalid("Exactly one of Metrics must set ReturnData to true.");
  }
  if (parseInsights(watched.Expression ?? "") && metrics.length === 1) return;
  validateQueries(metrics);
  // A run over no data finds what parsing cannot, such as an expression that is not a time series.
  runQuery(
    watched,
    metrics,
    { start: 0, end: 60_000 },
    createMetricStore(() => 0),
  );
}

function invalid(message: string): WireError {
  return new WireError("ValidationException", message);
}
