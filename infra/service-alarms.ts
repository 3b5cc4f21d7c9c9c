import { Duration } from "aws-cdk-lib";
import {
  type Alarm,
  ComparisonOperator,
  type CreateAlarmOptions,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { Settings } from "./settings.ts";

const MINUTE = Duration.minutes(1);

interface Standard {
  readonly kind: string;
  readonly metric: IMetric & { createAlarm: Metric["createAlarm"] };
  readonly options: Pick<CreateAlarmOptions, "threshold" | "evaluationPeriods" | "alarmDescription">;
}

/**
 * Creates the standard alarms for every service that the policy names, called `NAME-SERVICE-KIND`. Throws where an
 * alarm could not be matched to its service, because its metric has no ECS dimension and the policy has no pattern
 * for its name.
 */
export function createServiceAlarms(scope: Construct, settings: Settings): readonly Alarm[] {
  const parent = new Construct(scope, "Services");
  const { policy, serviceAlarms } = settings;
  const services = [
    ...new Set([...(serviceAlarms ? policy.services : []), ...Object.keys(settings.loadBalancers)]),
  ];
  return services.flatMap((service) => {
    const own = new Construct(parent, service);
    const wanted = [...(serviceAlarms ? ofEcs(service, settings) : []), ...ofLoadBalancer(service, settings)];
    return wanted.map(({ kind, metric, options }) =>
      metric.createAlarm(own, kind, {
        ...options,
        alarmName: `${settings.name}-${service}-${kind}`,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        // Without requests or tasks there is no data; the alarm on running tasks covers that.
        treatMissingData: TreatMissingData.MISSING,
      }),
    );
  });
}

function ofEcs(service: string, { cluster, containerInsights }: Settings): readonly Standard[] {
  const dimensionsMap = { ClusterName: cluster, ServiceName: service };
  const ecs = (metricName: string) =>
    new Metric({ namespace: "AWS/ECS", metricName, dimensionsMap, statistic: Stats.AVERAGE, period: MINUTE });
  const counted = (metricName: string) =>
    new Metric({
      namespace: "ECS/ContainerInsights",
      metricName,
      dimensionsMap,
      statistic: Stats.AVERAGE,
      period: MINUTE,
    });
  const resources: Standard[] = [
    {
      kind: "cpu",
      metric: ecs("CPUUtilization"),
      options: {
        threshold: 85,
        evaluationPeriods: 3,
        alarmDescription: `${service}: CPU above 85 % for 3 minutes`,
      },
    },
    {
      kind: "memory",
      metric: ecs("MemoryUtilization"),
      options: {
        threshold: 85,
        evaluationPeriods: 3,
        alarmDescription: `${service}: memory above 85 % for 3 minutes`,
      },
    },
  ];
  if (!containerInsights) return resources;
  const missing = new MathExpression({
    expression: "desired - running",
    label: "tasks missing",
    period: MINUTE,
    usingMetrics: { desired: counted("DesiredTaskCount"), running: counted("RunningTaskCount") },
  });
  return [
    ...resources,
    {
      kind: "tasks-missing",
      metric: missing,
      options: {
        threshold: 0,
        evaluationPeriods: 5,
        alarmDescription: `${service}: fewer tasks than desired for 5 minutes`,
      },
    },
  ];
}

function ofLoadBalancer(service: string, { loadBalancers, name, policy }: Settings): readonly Standard[] {
  const at = loadBalancers[service];
  if (at === undefined) return [];
  for (const kind of ["5xx", "unhealthy-hosts"]) {
    const alarm = `${name}-${service}-${kind}`;
    if (policy.serviceOfAlarm(alarm) !== service) {
      throw new Error(
        `The alarm ${alarm} has no ECS dimension, and the policy file does not say that it is about ${service}. ` +
          `Add to its alarms:  - { pattern: "${name}-${service}-*", service: ${service} }`,
      );
    }
  }
  const dimensionsMap = { LoadBalancer: at.loadBalancer, TargetGroup: at.targetGroup };
  const elb = (metricName: string, statistic: string) =>
    new Metric({ namespace: "AWS/ApplicationELB", metricName, dimensionsMap, statistic, period: MINUTE });
  return [
    {
      kind: "5xx",
      metric: elb("HTTPCode_Target_5XX_Count", Stats.SUM),
      options: {
        threshold: 10,
        evaluationPeriods: 3,
        alarmDescription: `${service}: more than 10 errors a minute`,
      },
    },
    {
      kind: "unhealthy-hosts",
      metric: elb("UnHealthyHostCount", Stats.MAXIMUM),
      options: {
        threshold: 0,
        evaluationPeriods: 3,
        alarmDescription: `${service}: unhealthy targets for 3 minutes`,
      },
    },
  ];
}
