/**
 * The shape of a service: how it is scheduled and deployed, and what a deployment of it is doing now. Words are ECS's own;
 * those that OpsAgent does not know are kept as they are, and guardrails refuse on them.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */

/** How a service is scheduled and deployed. What ECS leaves out is undefined. */
export interface ServiceShape {
  /** `REPLICA` or `DAEMON`. */
  readonly schedulingStrategy?: string;
  /** `FARGATE`, `EC2`, `EXTERNAL` or `MANAGED_INSTANCES`; absent where capacity providers choose. */
  readonly launchType?: string;
  readonly capacityProviders?: readonly string[];
  /** `ROLLING`, `BLUE_GREEN`, `LINEAR` or `CANARY`. */
  readonly strategy?: string;
  /** Minutes for which both revisions run after the traffic has shifted. */
  readonly bakeMinutes?: number;
  /** Minutes that the steps of a canary or linear shift take before that. */
  readonly shiftMinutes?: number;
  readonly hooks?: readonly HookShape[];
  /** Alarms that fail a deployment, where that is on. */
  readonly deploymentAlarms?: { readonly names: readonly string[]; readonly rollback: boolean };
  /** Revisions that another controller than ECS keeps; ECS itself has deployments. */
  readonly taskSets?: readonly TaskSetReading[];
  /**
   * By the ARN of a target group: the one that takes its place after a deployment with a traffic shift, and gives it back
   * after the next.
   */
  readonly alternateGroups?: Readonly<Record<string, string>>;
  /** Names by which other services find it: Service Connect and Cloud Map. */
  readonly discoveryNames?: readonly string[];
  /** `ENABLED`: ECS moves tasks between availability zones by itself. */
  readonly zoneRebalancing?: string;
  /** The service's tag `opsagent:reversible`, as it is. */
  readonly reversibleTag?: string;
  /** True where the role may not read tags. */
  readonly tagsUnread?: boolean;
}

export interface HookShape {
  /** `AWS_LAMBDA` or `PAUSE`. */
  readonly kind: string;
  readonly stages: readonly string[];
}

/** A task set of a service whose deployments CodeDeploy or another controller makes. */
export interface TaskSetReading {
  readonly id: string;
  /** `PRIMARY`, `ACTIVE` or `DRAINING`. */
  readonly status: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Percent of the service's desired count. */
  readonly scalePercent?: number;
  /** `STEADY_STATE` or `STABILIZING`. */
  readonly stability?: string;
  /** Where CodeDeploy made it: the id of its deployment. */
  readonly externalId?: string;
}

/** What a service deployment of the deployment history does now, beside its status. */
export interface DeploymentProgress {
  readonly strategy?: string;
  /** The stage of its life, such as `PRODUCTION_TRAFFIC_SHIFT` or `BAKE_TIME`. */
  readonly stage?: string;
  readonly updatedAt?: string;
  readonly bakeMinutes?: number;
  readonly hooks?: readonly HookReading[];
  readonly alarms?: {
    readonly status: string;
    readonly names: readonly string[];
    readonly triggered: readonly string[];
  };
  /** Counts and traffic of the revision that it puts in place, and of those that it replaces. */
  readonly revisions?: readonly RevisionReading[];
}

/** A lifecycle hook that a deployment has come to. */
export interface HookReading {
  readonly id: string;
  readonly kind: string;
  /** `AWAITING_ACTION` where a pause waits for a person. */
  readonly status: string;
  readonly expiresAt?: string;
  /** What ECS does by itself at that time: `CONTINUE` or `ROLLBACK`. */
  readonly onTimeout?: string;
}

export interface RevisionReading {
  readonly taskDefinition?: string;
  /** True for the one that is put in place. */
  readonly target: boolean;
  readonly requested?: number;
  readonly running?: number;
  readonly pending?: number;
  /** Percent of the production traffic, and of the test traffic, that it is to get. */
  readonly productionWeight?: number;
  readonly testWeight?: number;
}

/** The tag of a service or task definition that says whether its deployment may be rolled back. */
export const REVERSIBLE_TAG = "opsagent:reversible";
