/**
 * Readings: what AWS and others answer, with the fields that OpsAgent uses. Adapters return them to the stages. Times
 * are ISO 8601 in UTC. A field that a vendor left out is undefined.
 */

import type { DeploymentProgress, ServiceShape } from "./service-shape.ts";

export type { LogLine } from "../../packages/log-templates/log-line.ts";
export type { Point } from "../../packages/signals/point.ts";

export interface DeploymentReading {
  readonly id: string;
  readonly status: string;
  readonly rolloutState?: string;
  readonly rolloutReason?: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly failedTasks: number;
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export interface ServiceReading extends ServiceShape {
  readonly arn: string;
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly taskDefinition: string;
  readonly controller: string;
  readonly healthCheckGraceSeconds?: number;
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  /** `threshold`: failed tasks, or percent of the desired count, as ECS has it. */
  readonly circuitBreaker?: {
    readonly enabled: boolean;
    readonly rollback: boolean;
    readonly threshold?: string;
  };
  readonly deployments: readonly DeploymentReading[];
  readonly events: readonly { readonly at: string; readonly message: string }[];
  /** Of every load balancer, each followed by its alternate one. */
  readonly targetGroupArns: readonly string[];
}

/** One entry of a service's deployment history. Task definitions are ARNs. */
export interface ServiceDeploymentReading extends DeploymentProgress {
  readonly id: string;
  readonly arn?: string;
  /** The id of the service revision that it put in place. */
  readonly revision?: string;
  readonly status: string;
  readonly reason?: string;
  readonly createdAt?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly taskDefinition?: string;
  readonly images: readonly ImageReading[];
  /** The task definitions that it replaced. */
  readonly replaced: readonly string[];
  readonly circuitBreaker?: {
    readonly status: string;
    readonly failures: number;
    readonly threshold?: number;
  };
  readonly rollback?: { readonly reason?: string; readonly taskDefinition?: string };
}

export interface ImageReading {
  readonly container: string;
  readonly image: string;
  readonly digest?: string;
}

/** One control-plane call that changed something, as CloudTrail keeps it. */
export interface ChangeReading {
  readonly id: string;
  readonly at: string;
  readonly event: string;
  /** `ecs` for `ecs.amazonaws.com`. */
  readonly service: string;
  /** The role's or user's name. */
  readonly who: string;
  readonly resources: readonly string[];
  /** A few harmless request parameters by name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One entry of ECS Action Logs. */
export interface ActionLogReading {
  readonly at: string;
  readonly level: "WARN" | "ERROR";
  readonly event: string;
  readonly reason?: string;
}

export interface ContainerReading {
  readonly name: string;
  /** Its hard limit. */
  readonly memoryMiB?: number;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly health?: string;
  readonly hostPort?: number;
  readonly privateAddress?: string;
  /** Docker's id of it, which names its log stream where no prefix is set. */
  readonly runtimeId?: string;
}

export interface TaskReading {
  readonly arn: string;
  /** The last part of the ARN. */
  readonly id: string;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly health?: string;
  readonly taskDefinition: string;
  readonly startedBy?: string;
  /** ARN of the container instance that it runs on; tasks of Fargate have none. */
  readonly host?: string;
  readonly createdAt?: string;
  readonly startedAt?: string;
  readonly stoppedAt?: string;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  /** The limit of the whole task. */
  readonly memoryMiB?: number;
  readonly containers: readonly ContainerReading[];
}

/** A container of a task definition. Of environment values only fingerprints are kept. */
export interface ContainerDefinitionReading {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly cpu?: number;
  readonly memoryMiB?: number;
  readonly memoryReservationMiB?: number;
  readonly environmentNames: readonly string[];
  readonly secretNames: readonly string[];
  /** By name: of the value, or of where the secret is. Only this process can compare two, and none tells the value. */
  readonly environmentFingerprints?: Readonly<Record<string, string>>;
  readonly secretFingerprints?: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  readonly healthCheck?: string;
  readonly command?: string;
  readonly logs?: ContainerLogReading;
  /** Absent for an application's own container. */
  readonly role?: Exclude<ContainerRole, "application">;
}

/** A log router and an agent (of monitoring, tracing, security; a proxy) never speak for the application. */
export type ContainerRole = "application" | "router" | "agent";

/** Where the log lines of a container go, as its task definition says. */
export interface ContainerLogReading {
  readonly driver: string;
  /** The log group in CloudWatch, where it is one; a template of FireLens still has its variables. */
  readonly group?: string;
  /** Where it is said, and so perhaps another than the service's. */
  readonly region?: string;
  /** What the names of the container's streams begin with, where that is known. */
  readonly streamPrefix?: string;
  /** The prefix is the whole name: all tasks write to one stream. */
  readonly oneStream?: boolean;
  /** `non-blocking`: lines are dropped when the driver's buffer is full. */
  readonly mode: "blocking" | "non-blocking";
  /** Where lines go that cannot be read: ends the sentence "The logs of container web ...". */
  readonly unread?: string;
}

export interface TaskDefinitionReading {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`. */
  readonly status?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly networkMode?: string;
  /** Names of roles, without their paths and accounts. */
  readonly taskRole?: string;
  readonly executionRole?: string;
  readonly volumes?: readonly string[];
  readonly registeredAt?: string;
  /** Its tag `opsagent:reversible`, as it is. */
  readonly reversibleTag?: string;
  readonly containers: readonly ContainerDefinitionReading[];
}

export interface TargetHealthReading {
  readonly targetGroupArn: string;
  readonly id: string;
  readonly port?: number;
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

export interface TargetGroupReading {
  readonly arn: string;
  /** The group whose place it takes in turn, where it is an alternate one. */
  readonly alternateOf?: string;
  /** The `LoadBalancer` and `TargetGroup` dimensions of AWS/ApplicationELB. */
  readonly loadBalancerDimension?: string;
  readonly targetGroupDimension: string;
  /** The `LoadBalancer` dimension of AWS/NetworkELB, of a network load balancer. */
  readonly networkDimension?: string;
  readonly healthCheckPath?: string;
  readonly healthCheckPort?: string;
  readonly healthCheckProtocol?: string;
  /** Codes that pass, such as `200-299`; of gRPC `0-99`. */
  readonly healthCheckCodes?: string;
  readonly healthCheckTimeoutSeconds?: number;
}

export interface ScalingLimitsReading {
  readonly min: number;
  readonly max: number;
  readonly suspended: boolean;
}

export interface ScalingActivityReading {
  readonly at: string;
  readonly description: string;
  readonly cause: string;
  readonly status: string;
}

/** One query of an alarm's `Metrics[]`: a series, or an expression over the other queries. Period in seconds. */
export interface AlarmQueryReading {
  readonly id: string;
  readonly expression?: string;
  readonly label?: string;
  readonly returnData?: boolean;
  readonly periodSeconds?: number;
  /** The account that owns the series, where it is another than the alarm's. */
  readonly accountId?: string;
  readonly metric?: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly statistic: string;
    readonly periodSeconds: number;
    readonly unit?: string;
  };
}

/** An alarm as DescribeAlarms has it. */
export interface AlarmReading {
  readonly name: string;
  readonly arn?: string;
  readonly state: string;
  readonly reason?: string;
  readonly stateSince?: string;
  readonly namespace?: string;
  readonly metric?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic?: string;
  readonly periodSeconds?: number;
  readonly evaluationPeriods?: number;
  readonly datapointsToAlarm?: number;
  readonly threshold?: number;
  readonly comparison?: string;
  readonly treatMissingData?: string;
  /** The queries of an alarm on metric math or on an anomaly band. */
  readonly queries?: readonly AlarmQueryReading[];
  /** The id of the query that is the anomaly band. */
  readonly bandQuery?: string;
  /** ARNs of what AWS does when the alarm fires, such as scaling policies. */
  readonly actions?: readonly string[];
  /** Of a composite alarm, which has no metric. */
  readonly rule?: string;
  /** Of an alarm on many series: the one that this reading is about. */
  readonly contributor?: Pick<AlarmContributorReading, "id" | "attributes">;
}

/** One series of an alarm on many, which is in ALARM. */
export interface AlarmContributorReading {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly reason?: string;
  readonly stateSince?: string;
}

export interface AlarmTransitionReading {
  readonly at: string;
  readonly from: string;
  readonly to: string;
}
