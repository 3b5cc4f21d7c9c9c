import type { ProbeSubject, ReadProbe, ReadProbes } from "../../../doctor/ports.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { ReadOptions } from "../../../evidence/ports.ts";
import type { AwsAction } from "../aws-action.ts";
import { readFailure } from "../aws-error.ts";
import { call, type SendOptions } from "../call.ts";
import type { InspectionClients } from "./clients.ts";

/** Makes every read of an investigation once, with inputs that cost little. */
export function createReadProbes(clients: InspectionClients): ReadProbes {
  return {
    of: (subject) => [
      ...ecsProbes(clients, subject),
      ...telemetryProbes(clients, subject),
      ...loadBalancerProbes(clients, subject),
      ...scalingProbes(clients, subject),
      ...(subject.cloudTrail ? [cloudTrailProbe(clients)] : []),
    ],
  };
}

function probe(action: AwsAction, send: (options: SendOptions) => Promise<unknown>): ReadProbe {
  return {
    action,
    async attempt(options?: ReadOptions) {
      try {
        await call(action, options, send);
        return undefined;
      } catch (error) {
        // Only a caller with permission is told that something does not exist.
        const answered = error instanceof OpsAgentError && ANSWERED.has(error.code);
        const failure = answered ? readFailure(error.cause) : undefined;
        if (failure?.fromAws && (failure.status ?? 500) < 500) return failure.code;
        throw error;
      }
    },
  };
}

const ANSWERED: ReadonlySet<string> = new Set(["aws-failed", "service-not-found"]);

function ecsProbes(clients: InspectionClients, subject: ProbeSubject): ReadProbe[] {
  const { cluster, service, taskDefinition, serviceArn, onHosts } = subject;
  // IAM may allow only this cluster and service, so the example names belong to them.
  const prefix = serviceArn.slice(0, serviceArn.indexOf(":service/"));
  const anId = "0".repeat(21);
  return [
    probe("ecs:DescribeServices", async (send) => {
      const { sdk, client } = await clients.ecs();
      return client.send(new sdk.DescribeServicesCommand({ cluster, services: [service] }), send);
    }),
    probe("ecs:ListTasks", async (send) => {
      const { sdk, client } = await clients.ecs();
      return client.send(new sdk.ListTasksCommand({ cluster, serviceName: service }), send);
    }),
    probe("ecs:DescribeTasks", async (send) => {
      const { sdk, client } = await clients.ecs();
      const tasks = [`${prefix}:task/${cluster}/${"0".repeat(32)}`];
      return client.send(new sdk.DescribeTasksCommand({ cluster, tasks }), send);
    }),
    ...(onHosts
      ? [
          probe("ecs:DescribeContainerInstances", async (send) => {
            const { sdk, client } = await clients.ecs();
            const containerInstances = [`${prefix}:container-instance/${cluster}/${"0".repeat(32)}`];
            return client.send(
              new sdk.DescribeContainerInstancesCommand({ cluster, containerInstances }),
              send,
            );
          }),
        ]
      : []),
    probe("ecs:DescribeTaskDefinition", async (send) => {
      const { sdk, client } = await clients.ecs();
      return client.send(new sdk.DescribeTaskDefinitionCommand({ taskDefinition }), send);
    }),
    probe("ecs:ListServiceDeployments", async (send) => {
      const { sdk, client } = await clients.ecs();
      return client.send(new sdk.ListServiceDeploymentsCommand({ cluster, service, maxResults: 1 }), send);
    }),
    probe("ecs:DescribeServiceDeployments", async (send) => {
      const { sdk, client } = await clients.ecs();
      const serviceDeploymentArns = [`${prefix}:service-deployment/${cluster}/${service}/${anId}`];
      return client.send(new sdk.DescribeServiceDeploymentsCommand({ serviceDeploymentArns }), send);
    }),
    probe("ecs:DescribeServiceRevisions", async (send) => {
      const { sdk, client } = await clients.ecs();
      const serviceRevisionArns = [`${prefix}:service-revision/${cluster}/${service}/${anId}`];
      return client.send(new sdk.DescribeServiceRevisionsCommand({ serviceRevisionArns }), send);
    }),
  ];
}

function telemetryProbes(clients: InspectionClients, { cluster, service, logs }: ProbeSubject): ReadProbe[] {
  const Dimensions = [
    { Name: "ClusterName", Value: cluster },
    { Name: "ServiceName", Value: service },
  ];
  const now = Date.now();
  return [
    probe("cloudwatch:GetMetricData", async (send) => {
      const { sdk, client } = await clients.cloudWatch();
      const Metric = { Namespace: "AWS/ECS", MetricName: "CPUUtilization", Dimensions };
      const command = new sdk.GetMetricDataCommand({
        StartTime: new Date(now - 300_000),
        EndTime: new Date(now),
        MetricDataQueries: [{ Id: "cpu", MetricStat: { Metric, Period: 60, Stat: "Average" } }],
      });
      return client.send(command, send);
    }),
    probe("cloudwatch:DescribeAlarms", async (send) => {
      const { sdk, client } = await clients.cloudWatch();
      return client.send(new sdk.DescribeAlarmsCommand({ MaxRecords: 1 }), send);
    }),
    probe("cloudwatch:DescribeAlarmContributors", async (send) => {
      const { sdk, client } = await clients.cloudWatch();
      return client.send(new sdk.DescribeAlarmContributorsCommand({ AlarmName: "opsagent-doctor" }), send);
    }),
    probe("cloudwatch:DescribeAlarmHistory", async (send) => {
      const { sdk, client } = await clients.cloudWatch();
      return client.send(new sdk.DescribeAlarmHistoryCommand({ MaxRecords: 1 }), send);
    }),
    probe("logs:FilterLogEvents", async (send) => {
      const { sdk, client } = await clients.logs(logs.region);
      const input = { logGroupName: logs.group, startTime: now - 60_000, limit: 1 };
      return client.send(new sdk.FilterLogEventsCommand(input), send);
    }),
  ];
}

function loadBalancerProbes(
  clients: InspectionClients,
  { targetGroupArns: [TargetGroupArn] }: ProbeSubject,
): ReadProbe[] {
  if (TargetGroupArn === undefined) return [];
  return [
    probe("elasticloadbalancing:DescribeTargetGroups", async (send) => {
      const { sdk, client } = await clients.loadBalancing();
      return client.send(new sdk.DescribeTargetGroupsCommand({ TargetGroupArns: [TargetGroupArn] }), send);
    }),
    probe("elasticloadbalancing:DescribeTargetHealth", async (send) => {
      const { sdk, client } = await clients.loadBalancing();
      return client.send(new sdk.DescribeTargetHealthCommand({ TargetGroupArn }), send);
    }),
  ];
}

function scalingProbes(clients: InspectionClients, { cluster, service }: ProbeSubject): ReadProbe[] {
  const resource = `service/${cluster}/${service}`;
  const of = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;
  return [
    probe("application-autoscaling:DescribeScalableTargets", async (send) => {
      const { sdk, client } = await clients.scaling();
      return client.send(new sdk.DescribeScalableTargetsCommand({ ...of, ResourceIds: [resource] }), send);
    }),
    probe("application-autoscaling:DescribeScalingActivities", async (send) => {
      const { sdk, client } = await clients.scaling();
      const input = { ...of, ResourceId: resource, MaxResults: 1 };
      return client.send(new sdk.DescribeScalingActivitiesCommand(input), send);
    }),
  ];
}

function cloudTrailProbe(clients: InspectionClients): ReadProbe {
  return probe("cloudtrail:LookupEvents", async (send) => {
    const { sdk, client } = await clients.cloudTrail();
    return client.send(new sdk.LookupEventsCommand({ MaxResults: 1 }), send);
  });
}
