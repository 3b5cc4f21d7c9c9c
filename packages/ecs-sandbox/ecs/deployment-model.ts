/** How a service deploys, and how far a deployment that shifts traffic has come. */

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHook.html */
export interface DeploymentHook {
  readonly targetType: "AWS_LAMBDA" | "PAUSE";
  readonly hookTargetArn?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly lifecycleStages: readonly string[];
  readonly timeoutConfiguration: {
    readonly timeoutInMinutes: number;
    readonly action: "CONTINUE" | "ROLLBACK";
  };
}

export interface DeploymentConfiguration {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly circuitBreaker: { readonly enable: boolean; readonly rollback: boolean };
  readonly strategy: "ROLLING" | "BLUE_GREEN" | "LINEAR" | "CANARY";
  readonly bakeTimeInMinutes?: number | undefined;
  readonly canary?: { readonly canaryPercent: number; readonly canaryBakeTimeInMinutes: number };
  readonly linear?: { readonly stepPercent: number; readonly stepBakeTimeInMinutes: number };
  readonly hooks: readonly DeploymentHook[];
}

/** The stages of a deployment that shifts traffic, in order. */
export type LifecycleStage =
  | "PRE_SCALE_UP"
  | "SCALE_UP"
  | "POST_SCALE_UP"
  | "TEST_TRAFFIC_SHIFT"
  | "POST_TEST_TRAFFIC_SHIFT"
  | "PRODUCTION_TRAFFIC_SHIFT"
  | "POST_PRODUCTION_TRAFFIC_SHIFT"
  | "BAKE_TIME"
  | "CLEAN_UP";

/** One hook at one stage. */
export interface HookRun {
  readonly id: string;
  readonly hook: DeploymentHook;
  readonly stage: LifecycleStage;
  readonly expiresAt: Date;
  status: "AWAITING_ACTION" | "SUCCEEDED" | "TIMED_OUT";
}

/** How far a deployment has shifted traffic to its revision. Instants are epoch milliseconds. */
export interface TrafficShift {
  stage: LifecycleStage;
  since: number;
  /** Percent of the production traffic that goes to the new revision. */
  weight: number;
  /** When the weight was last changed. */
  weighedAt: number;
  readonly hooks: HookRun[];
}
