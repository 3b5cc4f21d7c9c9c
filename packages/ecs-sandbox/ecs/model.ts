/** What the sandbox's ECS knows. Mutable records: the scheduler and the task lifecycle change them in place. */
import type { Input } from "../wire/input.ts";
import type { DeploymentConfiguration, TrafficShift } from "./deployment-model.ts";
import type { ContainerProcess } from "./tasks/container-process.ts";
import type { TaskDisk } from "./tasks/task-disk.ts";

export interface Cluster {
  readonly arn: string;
  readonly name: string;
  /** The `containerInsights` setting. */
  readonly insights: "enhanced" | "enabled" | "disabled";
  instances: readonly ContainerInstance[];
  /** Unlimited without it. */
  capacity?: ClusterCapacity;
  /** A container that AWS adds to every task that is started from now on. */
  injected?: ContainerDefinition;
}

/** A host of the cluster. */
export interface ContainerInstance {
  readonly id: string;
  readonly ec2InstanceId: string;
  readonly registeredAt: Date;
  status: "ACTIVE" | "DRAINING";
  agentConnected: boolean;
}

interface PortMapping {
  readonly containerPort: number;
  /** Absent or 0 means a dynamic host port. */
  readonly hostPort?: number;
}

export interface ContainerHealthCheck {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

/** Another container that this one waits for. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html */
export interface ContainerDependency {
  readonly containerName: string;
  readonly condition: "START" | "COMPLETE" | "SUCCESS" | "HEALTHY";
}

/** Where the log driver sends what a container prints. */
export type LogRoute =
  | {
      readonly driver: "awslogs";
      readonly group: string;
      readonly prefix?: string;
      readonly region?: string;
    }
  /** To the log router of the task, which sends it on by these options. */
  | { readonly driver: "awsfirelens"; readonly options: Readonly<Record<string, string>> }
  /** Another driver: nothing comes to CloudWatch. */
  | { readonly driver: "other" };

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly cpu: number;
  /** Hard limit in MiB. */
  readonly memory?: number;
  /** Soft limit in MiB. */
  readonly memoryReservation?: number;
  readonly essential: boolean;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly portMappings: readonly PortMapping[];
  readonly healthCheck?: ContainerHealthCheck;
  readonly stopTimeoutSeconds: number;
  /** Without it the sandbox keeps the lines in `/ecs/<service>`. */
  readonly log?: LogRoute;
  /** The FireLens log router of its task. */
  readonly isLogRouter: boolean;
  readonly dependsOn: readonly ContainerDependency[];
}

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly registeredAt: Date;
  /** Task level CPU units and MiB, when given. */
  readonly cpu?: number;
  readonly memory?: number;
  readonly ephemeralStorageGiB?: number;
  readonly containers: readonly ContainerDefinition[];
  /** The request, for everything that is only shown again. */
  readonly request: Input;
}

type ContainerHealth = "HEALTHY" | "UNHEALTHY" | "UNKNOWN";

export interface PortBinding {
  readonly containerPort: number;
  readonly hostPort: number;
}

/** What the last sample of a container's process showed. `cpuCores` is the share of one core. */
interface Usage {
  readonly rssBytes: number;
  readonly cpuCores: number;
}

export interface Container {
  readonly arn: string;
  readonly runtimeId: string;
  readonly definition: ContainerDefinition;
  bindings: readonly PortBinding[];
  status: "PENDING" | "RUNNING" | "STOPPED";
  health: ContainerHealth;
  process?: ContainerProcess;
  imageDigest?: string;
  exitCode?: number;
  reason?: string;
  usage?: Usage;
}

type TaskStatus = "PENDING" | "RUNNING" | "DEACTIVATING" | "STOPPING" | "STOPPED";

export type StopCode =
  | "TaskFailedToStart"
  | "EssentialContainerExited"
  | "UserInitiated"
  | "ServiceSchedulerInitiated"
  | "SpotInterruption"
  | "TerminationNotice"
  | "InfrastructureHealth";

export interface Task {
  readonly arn: string;
  readonly id: string;
  readonly cluster: Cluster;
  readonly service: Service;
  readonly deploymentId: string;
  readonly definition: TaskDefinition;
  readonly usesAlternate: boolean;
  /** The container instance that it was placed on; undefined on Fargate. */
  readonly instance?: ContainerInstance;
  readonly containers: readonly Container[];
  readonly createdAt: Date;
  disk?: TaskDisk;
  version: number;
  status: TaskStatus;
  desiredStatus: "RUNNING" | "STOPPED";
  /** True once every target and container health check of the task has passed. */
  everHealthy: boolean;
  pullStartedAt?: Date;
  pullStoppedAt?: Date;
  startedAt?: Date;
  stoppingAt?: Date;
  stoppedAt?: Date;
  stopCode?: StopCode;
  stoppedReason?: string;
}

export interface ServiceLoadBalancer {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly advancedConfiguration?: {
    readonly alternateTargetGroupArn: string;
    readonly productionListenerRule?: string | undefined;
    readonly testListenerRule?: string | undefined;
    readonly roleArn?: string | undefined;
  };
}

/** A version of a service that a deployment brings in. */
export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinition: TaskDefinition;
  readonly createdAt: Date;
  /**
   * The digest of each container's image, from the first pull on: every later task of the revision runs that content,
   * also when the tag has moved.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability
   */
  readonly imageDigests: Map<string, string>;
  /** Whether its tasks are in the alternate target group of their service. */
  readonly usesAlternate: boolean;
}

type ServiceDeploymentStatus =
  | "IN_PROGRESS"
  | "SUCCESSFUL"
  | "STOPPED"
  | "ROLLBACK_REQUESTED"
  | "ROLLBACK_IN_PROGRESS"
  | "ROLLBACK_SUCCESSFUL"
  | "ROLLBACK_FAILED";

/** A deployment, both as `deployments[]` of a service and as a service deployment with its own ARN. */
export interface Deployment {
  readonly id: string;
  readonly arn: string;
  readonly revision: ServiceRevision;
  /** The revision that ran before, if any. */
  readonly source?: ServiceRevision;
  readonly createdAt: Date;
  updatedAt: Date;
  finishedAt?: Date;
  /** INACTIVE once its last task is gone. */
  role: "PRIMARY" | "ACTIVE" | "INACTIVE";
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  failedTasks: number;
  /** Of a deployment that shifts traffic, once there is a revision to shift it from. */
  shift?: TrafficShift;
  /** The failed deployment that going back to this one undoes. */
  rollbackOf?: Deployment;
  rollback?: { readonly reason: string; readonly startedAt: Date; readonly revisionArn: string };
}

interface ServiceEvent {
  readonly id: string;
  readonly createdAt: Date;
  readonly message: string;
  /** The service action of the event bus that goes with it. */
  readonly action?: ServiceAction;
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html */
export interface ServiceAction {
  readonly eventType: "INFO" | "WARN" | "ERROR";
  readonly eventName: string;
  /** What is missing, as `RESOURCE:MEMORY`. */
  readonly reason?: string;
}

export interface Service {
  readonly arn: string;
  readonly name: string;
  readonly cluster: Cluster;
  readonly createdAt: Date;
  readonly launchType: "EC2" | "FARGATE";
  /** Shown in the place of the launch type. */
  readonly capacityProvider?: string;
  readonly schedulingStrategy: "REPLICA" | "DAEMON";
  readonly deploymentController: "ECS" | "CODE_DEPLOY";
  readonly loadBalancers: readonly ServiceLoadBalancer[];
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  desiredCount: number;
  deploymentConfiguration: DeploymentConfiguration;
  healthCheckGracePeriodSeconds: number;
  /** Newest first. */
  deployments: Deployment[];
  /** Newest first, at most 100. */
  events: ServiceEvent[];
  steady: boolean;
  /** No task is started before this time, epoch milliseconds. */
  notBefore: number;
  /** Tasks in a row that could not be started. */
  failedStarts: number;
  /** The event about a task that has no room, until one has been placed again. */
  placementProblem?: string;
}

/** The room of a cluster: for so many tasks, CPU units and MiB. What is absent is not limited. */
export interface ClusterCapacity {
  readonly tasks?: number | undefined;
  readonly cpu?: number | undefined;
  readonly memory?: number | undefined;
}
