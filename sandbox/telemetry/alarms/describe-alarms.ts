import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { DimensionList, dimensionsFromList, type MetricId, metricKey } from "../metrics/metric-id.ts";
import { toEpochSeconds } from "../shared/format.ts";
import { operation } from "../shared/operation.ts";
import { paginate } from "../shared/page.ts";
import { type Alarm, AlarmState } from "./alarm.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";

const AlarmType = z.enum(["CompositeAlarm", "MetricAlarm", "LogAlarm"]);

const DescribeAlarmsInput = z.object({
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmNamePrefix: z.string().optional(),
  AlarmTypes: z.array(AlarmType).optional(),
  StateValue: AlarmState.optional(),
  ActionPrefix: z.string().optional(),
  MaxRecords: z.number().int().min(1).max(100).default(50),
  NextToken: z.string().optional(),
});

/** DescribeAlarms, in the order of names. The sandbox has no composite alarms. */
export function describeAlarms(registry: AlarmRegistry): Operation {
  return operation(DescribeAlarmsInput, "ValidationException", (request) => {
    const { AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue, ActionPrefix } = request;
    if (AlarmNames !== undefined && AlarmNamePrefix !== undefined) {
      throw new WireError(
        "InvalidParameterCombinationException",
        "AlarmNames and AlarmNamePrefix exclude each other.",
      );
    }
    const wanted = registry
      .list()
      .filter(
        ({ configuration, state }) =>
          (AlarmNames?.includes(configuration.AlarmName) ?? true) &&
          configuration.AlarmName.startsWith(AlarmNamePrefix ?? "") &&
          (AlarmTypes?.includes("MetricAlarm") ?? true) &&
          (StateValue ?? state) === state &&
          (ActionPrefix === undefined ||
            actionsOf(configuration).some((arn) => arn.startsWith(ActionPrefix))),
      );
    const page = paginate(wanted, request.MaxRecords, request.NextToken, "InvalidNextToken");
    return {
      MetricAlarms: page.items.map(toWire),
      CompositeAlarms: [],
      ...(page.nextToken !== undefined && { NextToken: page.nextToken }),
    };
  });
}

const DescribeAlarmsForMetricInput = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: DimensionList.optional(),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Period: z.number().int().optional(),
  Unit: z.string().optional(),
});

/** DescribeAlarmsForMetric: alarms on exactly this metric; alarms on expressions are not found, as on AWS. */
export function describeAlarmsForMetric(registry: AlarmRegistry): Operation {
  return operation(DescribeAlarmsForMetricInput, "ValidationException", (request) => {
    const key = metricKey(metricOf(request));
    const narrowing = ["Statistic", "ExtendedStatistic", "Period", "Unit"] as const;
    const wanted = registry
      .list()
      .filter(
        ({ configuration }) =>
          configuration.MetricName !== undefined &&
          metricKey(metricOf(configuration)) === key &&
          narrowing.every(
            (member) => request[member] === undefined || request[member] === configuration[member],
          ),
      );
    return { MetricAlarms: wanted.map(toWire) };
  });
}

function metricOf(source: {
  Namespace?: string | undefined;
  MetricName?: string | undefined;
  Dimensions?: DimensionList | undefined;
}): MetricId {
  const { Namespace: namespace = "", MetricName: name = "", Dimensions } = source;
  return { namespace, name, dimensions: dimensionsFromList(Dimensions) };
}

function actionsOf({ OKActions, AlarmActions, InsufficientDataActions }: Alarm["configuration"]): string[] {
  return [...OKActions, ...AlarmActions, ...InsufficientDataActions];
}

function toWire(alarm: Alarm): unknown {
  return {
    ...alarm.configuration,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: toEpochSeconds(alarm.configurationUpdatedAt),
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateReasonData: alarm.stateReasonData,
    StateUpdatedTimestamp: toEpochSeconds(alarm.stateUpdatedAt),
    StateTransitionedTimestamp: toEpochSeconds(alarm.stateTransitionedAt),
  };
}
