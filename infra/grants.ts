/** The incident function's permissions on the account's services, as data, from the policy file alone. */
import type { Names } from "./names.ts";
import type { Action } from "./policy-view.ts";
import type { Settings } from "./settings.ts";

export interface Grant {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why the resources are not narrower; set where a wildcard is used. */
  readonly whyWide?: string;
}

const NO_RESOURCE =
  "AWS offers no narrower resource for these calls (Service Authorization Reference); they only read.";

/**
 * Reads of the whole cluster, since an alarm may be about any of its services, and reads that CloudWatch, the load
 * balancers and CloudTrail only grant for the account. Source: the Service Authorization Reference of each service,
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function readGrants(names: Names, settings: Settings): readonly Grant[] {
  return [
    {
      sid: "ReadServices",
      actions: ["ecs:DescribeServices", "ecs:ListServiceDeployments"],
      resources: [names.service("*")],
      whyWide: "An alarm may be about any service of the one cluster; these calls only read.",
    },
    {
      sid: "ReadDeployments",
      actions: ["ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions"],
      resources: [names.serviceDeployments("*"), names.serviceRevisions("*")],
      whyWide:
        "Their ids are not known before; they are those of the one cluster, and these calls only read.",
    },
    ...taskGrants(names),
    {
      sid: "ReadHosts",
      actions: ["ecs:DescribeContainerInstances"],
      resources: [names.containerInstances],
      whyWide:
        "Ids of container instances are not known before; they are those of the one cluster, and the call only reads.",
    },
    {
      sid: "ReadTags",
      actions: ["ecs:ListTagsForResource"],
      resources: [names.service("*"), names.taskDefinitions],
      whyWide:
        "DescribeServices and DescribeTaskDefinition ask it for tags, of which only opsagent:reversible is kept.",
    },
    {
      sid: "ReadAccountWide",
      actions: [
        "ecs:DescribeTaskDefinition",
        "cloudwatch:GetMetricData",
        // With a narrower resource it leaves out composite alarms.
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DescribeAlarmContributors",
        "cloudwatch:DescribeAlarmHistory",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:DescribeScalingActivities",
        ...(settings.policy.readsCloudTrail ? ["cloudtrail:LookupEvents"] : []),
      ],
      resources: ["*"],
      whyWide: NO_RESOURCE,
    },
    ...(settings.policy.readsActionLogs ? actionLogGrants(names) : []),
    {
      sid: "ReadLogs",
      actions: ["logs:FilterLogEvents"],
      resources: [`${settings.logGroupPrefix}*`, ...settings.logGroups].map((group) =>
        names.logGroupArn(`${group}:*`),
      ),
      whyWide: "A service's log groups begin with the prefix that the agent is given; the call only reads.",
    },
  ];
}

/** The delivery leads to the group; by default its name begins so. */
function actionLogGrants(names: Names): readonly Grant[] {
  return [
    {
      sid: "FindActionLogs",
      actions: ["logs:DescribeDeliverySources", "logs:DescribeDeliveries", "logs:GetDeliveryDestination"],
      resources: ["*"],
      whyWide: "The names of the cluster's delivery are not known before; these calls only read.",
    },
    {
      sid: "ReadActionLogs",
      actions: ["logs:FilterLogEvents"],
      resources: [names.logGroupArn("/aws/vendedlogs/ecs/action-logs/*:*")],
      whyWide:
        "The group is named after the cluster, or as whoever turned them on likes; the call only reads.",
    },
  ];
}

function taskGrants(names: Names): readonly Grant[] {
  const inCluster = { ArnEquals: { "ecs:cluster": names.cluster } };
  return [
    {
      sid: "ReadTasks",
      actions: ["ecs:DescribeTasks"],
      resources: [names.tasks],
      whyWide: "Task ids are not known before; they are those of the one cluster, and the call only reads.",
    },
    {
      sid: "ListTasks",
      actions: ["ecs:ListTasks"],
      resources: ["*"],
      conditions: inCluster,
      whyWide:
        "Its resource is a container instance, which Fargate has not; the condition names the one cluster.",
    },
  ];
}

/** What the dispatcher reads: which service an alarm is about that stands for others, and which tasks stopped lately. */
export function followGrants(names: Names): readonly Grant[] {
  return [
    ...taskGrants(names),
    {
      sid: "FollowAlarms",
      // With a narrower resource DescribeAlarms leaves out composite alarms.
      actions: ["cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmContributors"],
      resources: ["*"],
      whyWide: NO_RESOURCE,
    },
  ];
}

/** The calls of each action; undo and scale-in make the same ones. */
const CALLS: Readonly<Record<Action, readonly string[]>> = {
  restart: ["ecs:StopTask", "ecs:UpdateService"],
  scale: ["ecs:UpdateService"],
  rollback: ["ecs:UpdateService", "ecs:StopServiceDeployment"],
};

/**
 * Changes, on exactly the services on which the policy lets the agent act. IAM cannot tell a task's service (its ARN
 * has the cluster and a random id), so StopTask is limited to the cluster, or with `stopOnlyTaggedTasks` to tasks
 * with ECS's own tag of the service's name.
 */
export function writeGrants(names: Names, settings: Settings): readonly Grant[] {
  const { policy, taskRoles, stopOnlyTaggedTasks } = settings;
  const services = (call: string) =>
    policy.services.filter((service) =>
      policy.mayAct(service).some((action) => CALLS[action].includes(call)),
    );
  const stopping = services("ecs:StopTask");
  const updating = services("ecs:UpdateService");
  const rollingBack = services("ecs:StopServiceDeployment");
  const tagged = { StringEquals: { "aws:ResourceTag/aws:ecs:serviceName": stopping } };
  return [
    {
      sid: "RestartTasks",
      actions: ["ecs:StopTask"],
      resources: stopping.length > 0 ? [names.tasks] : [],
      conditions: {
        ArnEquals: { "ecs:cluster": names.cluster },
        ...(stopOnlyTaggedTasks ? tagged : {}),
      },
      whyWide:
        "A task's ARN holds the cluster and a random id, not the service; the condition names the cluster.",
    },
    { sid: "UpdateServices", actions: ["ecs:UpdateService"], resources: updating.map(names.service) },
    {
      sid: "RollBackDeployments",
      actions: ["ecs:StopServiceDeployment"],
      resources: rollingBack.map(names.serviceDeployments),
      whyWide: "A deployment's id is not known before; the ARN names the service.",
    },
    {
      sid: "PassTaskRoles",
      actions: ["iam:PassRole"],
      resources: rollingBack.length > 0 ? taskRoles : [],
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ].filter(({ resources }) => resources.length > 0);
}
