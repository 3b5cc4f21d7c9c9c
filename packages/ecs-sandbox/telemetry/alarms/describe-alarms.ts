import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { DimensionList, dimensionsFromList, type MetricId, metricKey } from "../metrics/metric-id.ts";
import { operation } from "../shared/operation.ts";
import { paginate } from "../shared/page.ts";
import { type Alarm, AlarmState } from "./alarm.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";
import { alarmStateView, alarmView } from "./alarm-view.ts";
import type { CompositeEvaluation } from "./composite-evaluation.ts";

export const AlarmType = z.enum(["CompositeAlarm", "MetricAlarm", "LogAlarm"]);

const DescribeAlarmsInput = z.object({
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmNamePrefix: z.string().optional(),
  AlarmTypes: z.array(AlarmType).optional(),
  ChildrenOfAlarmName: z.string().optional(),
  ParentsOfAlarmName: z.string().optional(),
  StateValue: AlarmState.optional(),
  ActionPrefix: z.string().optional(),
  MaxRecords: z.number().int().min(1).max(100).default(50),
  NextToken: z.string().optional(),
});
type DescribeAlarmsInput = z.infer<typeof DescribeAlarmsInput>;

/** DescribeAlarms, in the order of names; of metric alarms unless asked otherwise. */
export function describeAlarms(registry: AlarmRegistry, composites: CompositeEvaluation): Operation {
  return operation(DescribeAlarmsInput, "ValidationException", (request) => {
    if (request.AlarmNames !== undefined && request.AlarmNamePrefix !== undefined) {
      throw new WireError(
        "InvalidParameterCombinationException",
        "AlarmNames and AlarmNamePrefix exclude each other.",
      );
    }
    const family = familyOf(request, registry, composites);
    const wanted = family ?? registry.list().filter((alarm) => isWanted(alarm, request));
    const page = paginate(wanted, request.MaxRecords, request.NextToken, "InvalidNextToken");
    const view = family === undefined ? alarmView : alarmStateView;
    const viewsOf = (kind: Alarm["kind"]) => page.items.filter((alarm) => alarm.kind === kind).map(view);
    return {
      MetricAlarms: viewsOf("MetricAlarm"),
      CompositeAlarms: viewsOf("CompositeAlarm"),
      ...(page.nextToken !== undefined && { NextToken: page.nextToken }),
    };
  });
}

/** The alarms below or above one, if requested; AWS allows no other filter beside it. */
function familyOf(
  request: DescribeAlarmsInput,
  registry: AlarmRegistry,
  composites: CompositeEvaluation,
): Alarm[] | undefined {
  const name = request.ChildrenOfAlarmName ?? request.ParentsOfAlarmName;
  if (name === undefined) return undefined;
  const { ChildrenOfAlarmName, ParentsOfAlarmName, AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue } =
    request;
  const others = [AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue, request.ActionPrefix];
  const isAlone = others.every((other) => other === undefined);
  if (!isAlone || (ChildrenOfAlarmName !== undefined && ParentsOfAlarmName !== undefined)) {
    throw new WireError(
      "ValidationException",
      "ChildrenOfAlarmName and ParentsOfAlarmName exclude all other filters.",
    );
  }
  const alarm = registry.get(name);
  if (alarm === undefined) return [];
  if (ParentsOfAlarmName !== undefined) return composites.parentsOf(alarm);
  return alarm.kind === "CompositeAlarm" ? composites.childrenOf(alarm) : [];
}

function isWanted({ kind, configuration, state }: Alarm, request: DescribeAlarmsInput): boolean {
  const { AlarmNames, AlarmNamePrefix, AlarmTypes = ["MetricAlarm"], StateValue, ActionPrefix } = request;
  const { AlarmName, OKActions, AlarmActions, InsufficientDataActions } = configuration;
  const actions = [...OKActions, ...AlarmActions, ...InsufficientDataActions];
  return (
    AlarmTypes.includes(kind) &&
    (AlarmNames?.includes(AlarmName) ?? true) &&
    AlarmName.startsWith(AlarmNamePrefix ?? "") &&
    (StateValue ?? state) === state &&
    (ActionPrefix === undefined || actions.some((arn) => arn.startsWith(ActionPrefix)))
  );
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
      .filter((alarm) => alarm.kind === "MetricAlarm")
      .filter(
        ({ configuration }) =>
          configuration.MetricName !== undefined &&
          metricKey(metricOf(configuration)) === key &&
          narrowing.every(
            (member) => request[member] === undefined || request[member] === configuration[member],
          ),
      );
    return { MetricAlarms: wanted.map(alarmView) };
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
