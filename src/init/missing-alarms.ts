/** The alarms that every service should have and that are missing, as input of CloudWatch's PutMetricAlarm. Pure. */
import type { Seen, SeenService } from "./look.ts";

/** The members of PutMetricAlarm that are used, exact, so that they can be sent or compared. */
export interface ProposedAlarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Statistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly unknown[];
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: string;
  readonly AlarmActions: readonly string[];
  readonly OKActions: readonly string[];
}

export interface MissingAlarm {
  readonly service: string;
  /** Whether only a pattern of the policy tells which service the alarm is about. */
  readonly needsPattern: boolean;
  readonly alarm: ProposedAlarm;
}

type Draft = Omit<ProposedAlarm, "AlarmName" | "AlarmActions" | "OKActions">;

interface Kind {
  readonly suffix: string;
  /** An alarm on one of these metrics counts as such an alarm. */
  readonly covers: readonly string[];
  readonly needsPattern: boolean;
  draft(service: SeenService, seen: Seen): Draft | undefined;
}

const MINUTE = 60;

const KINDS: readonly Kind[] = [
  {
    suffix: "cpu",
    covers: ["CPUUtilization", "CpuUtilized", "TaskCpuUtilization"],
    needsPattern: false,
    draft: (service, seen) => ({
      AlarmDescription: `CPU of ${service.name} over 85 % for three minutes`,
      ...utilization("CPUUtilization", "Average", service, seen),
      ...judged(3, 85, "GreaterThanOrEqualToThreshold", "missing"),
    }),
  },
  {
    suffix: "memory",
    covers: ["MemoryUtilization", "MemoryUtilized", "TaskMemoryUtilization"],
    needsPattern: false,
    draft: (service, seen) => ({
      AlarmDescription: `Memory of the fullest task of ${service.name} over 85 % for two minutes`,
      ...utilization("MemoryUtilization", "Maximum", service, seen),
      ...judged(2, 85, "GreaterThanOrEqualToThreshold", "missing"),
    }),
  },
  {
    suffix: "running",
    covers: ["RunningTaskCount"],
    needsPattern: false,
    draft: (service, seen) =>
      seen.cluster.containerInsights
        ? {
            AlarmDescription: `Fewer tasks of ${service.name} run than desired for five minutes`,
            Metrics: [
              { Id: "missing", Expression: "desired - running", Label: "tasks missing", ReturnData: true },
              insight("desired", "DesiredTaskCount", service, seen),
              insight("running", "RunningTaskCount", service, seen),
            ],
            ...judged(5, 0, "GreaterThanThreshold", "breaching"),
          }
        : undefined,
  },
  {
    suffix: "5xx",
    covers: ["HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"],
    needsPattern: true,
    draft: (service) =>
      balanced("HTTPCode_Target_5XX_Count", "Sum", service, {
        AlarmDescription: `${service.name} answers with 5xx, ten or more a minute for three minutes`,
        ...judged(3, 10, "GreaterThanOrEqualToThreshold", "notBreaching"),
      }),
  },
  {
    suffix: "unhealthy-hosts",
    covers: ["UnHealthyHostCount", "HealthyHostCount"],
    needsPattern: true,
    draft: (service) =>
      balanced("UnHealthyHostCount", "Maximum", service, {
        AlarmDescription: `A target of ${service.name} is unhealthy for three minutes`,
        ...judged(3, 0, "GreaterThanThreshold", "notBreaching"),
      }),
  },
];

/** Returns the missing alarms. `topic` is the ARN that they notify, or a placeholder. */
export function missingAlarms(seen: Seen, topic: string): MissingAlarm[] {
  return seen.services.flatMap((service) => {
    const watched = new Set(service.alarms.flatMap(({ alarm }) => alarm.metrics.map(({ metric }) => metric)));
    return KINDS.flatMap(({ suffix, covers, needsPattern, draft }): MissingAlarm[] => {
      const proposed = covers.some((metric) => watched.has(metric)) ? undefined : draft(service, seen);
      if (proposed === undefined) return [];
      const AlarmName = `opsagent-${service.name}-${suffix}`;
      const alarm = { AlarmName, ...proposed, AlarmActions: [topic], OKActions: [topic] };
      return [{ service: service.name, needsPattern, alarm }];
    });
  });
}

function utilization(metric: string, statistic: string, service: SeenService, seen: Seen) {
  return {
    Namespace: "AWS/ECS",
    MetricName: metric,
    Dimensions: dimensions(service, seen),
    Statistic: statistic,
    Period: MINUTE,
  };
}

function insight(id: string, metric: string, service: SeenService, seen: Seen) {
  const Metric = {
    Namespace: "ECS/ContainerInsights",
    MetricName: metric,
    Dimensions: dimensions(service, seen),
  };
  return { Id: id, MetricStat: { Metric, Period: MINUTE, Stat: "Average" }, ReturnData: false };
}

function dimensions({ name }: SeenService, { cluster }: Seen) {
  return [
    { Name: "ClusterName", Value: cluster.name },
    { Name: "ServiceName", Value: name },
  ];
}

/** Only application load balancers have these metrics with these dimensions. */
function balanced(
  metric: string,
  statistic: string,
  { targetGroups }: SeenService,
  rest: Omit<Draft, "Namespace" | "MetricName" | "Dimensions" | "Statistic" | "Period">,
): Draft | undefined {
  const group = targetGroups.find((one) => one.loadBalancerDimension?.startsWith("app/"));
  if (group?.loadBalancerDimension === undefined) return undefined;
  const Dimensions = [
    { Name: "LoadBalancer", Value: group.loadBalancerDimension },
    { Name: "TargetGroup", Value: group.targetGroupDimension },
  ];
  return {
    Namespace: "AWS/ApplicationELB",
    MetricName: metric,
    Dimensions,
    Statistic: statistic,
    Period: MINUTE,
    ...rest,
  };
}

function judged(periods: number, Threshold: number, ComparisonOperator: string, TreatMissingData: string) {
  return {
    EvaluationPeriods: periods,
    DatapointsToAlarm: periods,
    Threshold,
    ComparisonOperator,
    TreatMissingData,
  };
}
