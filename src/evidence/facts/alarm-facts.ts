/** The alarm that fired, and the others of the same service. */
import type { AlarmDefinition } from "../../domain/evidence.ts";
import type { AlarmReading, AlarmTransitionReading, TargetGroupReading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target.ts";
import { contributorText } from "../alerted-alarm.ts";
import { clusterName } from "../series-trust.ts";
import type { FactDraft } from "../source.ts";
import { scalingOf } from "./autoscaling-alarm.ts";

/** Changes into ALARM within the window from which on the alarm flaps. */
const FLAPS = 3;

const MAX_OTHERS = 10;

/** The fact of the alarm that fired, with how often it fired in the last `windowMinutes`. */
export function alarmFacts(
  alarm: AlarmReading | undefined,
  target: Target,
  transitions: readonly AlarmTransitionReading[] | undefined,
  windowMinutes: number,
): FactDraft[] {
  if (alarm === undefined) return [];
  const recent = transitions?.filter((transition) => transition.to === "ALARM").length;
  const flapping = recent !== undefined && recent >= FLAPS;
  const within = windowMinutes === 60 ? "the hour" : `${windowMinutes} min`;
  const often = flapping
    ? `, it flaps: ${recent} times in ALARM, ${transitions?.length} changes of state within ${within}`
    : recent !== undefined && recent > 1
      ? `, ${recent} times in ALARM within ${within}`
      : "";
  const scaling = scalingOf(alarm, target);
  const whose = scaling === undefined ? "" : `, autoscaling's own: ${SCALES[scaling]}`;
  const series =
    alarm.contributor === undefined ? "" : `, for ${contributorText(alarm.contributor.attributes)},`;
  return [
    {
      ...toFact(alarm, `Alarm ${alarm.name}${series} is ${alarm.state}${whose}${often}`),
      data: {
        ...dataOf(alarm),
        ...(scaling === undefined ? {} : { scaling }),
        ...definitionOf(alarm),
        ...(recent === undefined ? {} : { recentAlarms: recent, flapping }),
        ...(transitions === undefined ? {} : { recentTransitions: transitions.length }),
      },
    },
  ];
}

const SCALES = {
  out: "it tells a scaling policy to add tasks",
  in: "it tells a scaling policy that it may remove tasks",
  unknown: "it tells a scaling policy",
} as const;

/** The parts of a composite alarm, as AWS has them. */
export function partFacts(parts: readonly AlarmReading[]): FactDraft[] {
  return parts.map((part) => ({
    ...toFact(
      part,
      `Part ${part.name} of the alarm${part.metric === undefined ? "" : ` on ${part.metric}`} is ${part.state}`,
    ),
    data: { ...dataOf(part), ...definitionOf(part), other: true },
  }));
}

/** Alarms in ALARM whose dimensions name the service, its target groups or their load balancers. */
export function otherAlarmFacts(
  firing: readonly AlarmReading[],
  own: string | undefined,
  target: Target,
  groups: readonly TargetGroupReading[],
): FactDraft[] {
  return firing
    .filter((alarm) => alarm.name !== own && isOfService(alarm, target, groups))
    .slice(0, MAX_OTHERS)
    .map((alarm) => {
      const scaling = scalingOf(alarm, target);
      const whose = scaling === undefined ? "of the service" : "of the service, autoscaling's own";
      return {
        ...toFact(
          alarm,
          `Another alarm ${whose}, ${alarm.name}${alarm.metric === undefined ? "" : ` on ${alarm.metric}`}, is ${alarm.state}`,
        ),
        data: { ...dataOf(alarm), ...(scaling === undefined ? {} : { scaling }), other: true },
      };
    });
}

function isOfService(
  { dimensions = {} }: AlarmReading,
  target: Target,
  groups: readonly TargetGroupReading[],
): boolean {
  const cluster = clusterName(target);
  if (dimensions["ServiceName"] !== undefined) {
    return dimensions["ServiceName"] === target.service && (dimensions["ClusterName"] ?? cluster) === cluster;
  }
  const { TargetGroup: group, LoadBalancer: balancer } = dimensions;
  if (group !== undefined) return groups.some(({ targetGroupDimension }) => targetGroupDimension === group);
  return (
    balancer !== undefined && groups.some(({ loadBalancerDimension }) => loadBalancerDimension === balancer)
  );
}

function toFact(alarm: AlarmReading, says: string) {
  return {
    kind: "alarm" as const,
    provenance: "metric" as const,
    ...(alarm.stateSince === undefined ? {} : { at: alarm.stateSince }),
    statement: `${says}${alarm.reason ? `: ${alarm.reason.replace(/\.$/, "")}` : ""}.`,
  };
}

function definitionOf(alarm: AlarmReading): { definition?: AlarmDefinition } {
  if (alarm.comparison === undefined) return {};
  const { namespace, metric, dimensions, statistic, periodSeconds, threshold, comparison } = alarm;
  const { evaluationPeriods, datapointsToAlarm, treatMissingData, queries } = alarm;
  const definition = {
    namespace,
    metric,
    dimensions,
    statistic,
    periodSeconds,
    threshold,
    comparison,
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData,
    math: queries === undefined ? undefined : true,
  };
  return {
    definition: Object.fromEntries(Object.entries(definition).filter(([, value]) => value !== undefined)),
  };
}

function dataOf(alarm: AlarmReading) {
  return {
    name: alarm.name,
    state: alarm.state,
    ...(alarm.reason === undefined ? {} : { reason: alarm.reason }),
    ...(alarm.stateSince === undefined ? {} : { stateSince: alarm.stateSince }),
  };
}
