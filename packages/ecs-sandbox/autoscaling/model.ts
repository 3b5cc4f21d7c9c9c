/** What the sandbox's Application Auto Scaling knows. */

/** A service that may be scaled, between its bounds. */
export interface ScalableTarget {
  readonly arn: string;
  readonly namespace: string;
  readonly resourceId: string;
  readonly dimension: string;
  readonly createdAt: Date;
  min: number;
  max: number;
  suspended: Suspended;
}

/** What is switched off on a target. */
export interface Suspended {
  readonly dynamicIn: boolean;
  readonly dynamicOut: boolean;
  readonly scheduled: boolean;
}

/** The metric that a policy keeps near its target value. */
export interface TrackedMetric {
  readonly type:
    | "ECSServiceAverageCPUUtilization"
    | "ECSServiceAverageMemoryUtilization"
    | "ALBRequestCountPerTarget";
  readonly namespace: string;
  readonly name: string;
  readonly statistic: "Average" | "Sum";
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A target tracking policy with the two alarms that Application Auto Scaling makes for it. */
export interface ScalingPolicy {
  readonly arn: string;
  readonly name: string;
  readonly target: ScalableTarget;
  readonly createdAt: Date;
  readonly metric: TrackedMetric;
  readonly targetValue: number;
  readonly scaleOutCooldownSeconds: number;
  readonly scaleInCooldownSeconds: number;
  readonly disableScaleIn: boolean;
  readonly highAlarm: string;
  /** Absent when the policy never scales in. */
  readonly lowAlarm?: string;
  /** The configuration as it was put, to be shown again. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** Why an activity did not scale. */
export interface NotScaledReason {
  readonly Code: "AlreadyAtMaxCapacity" | "AlreadyAtMinCapacity";
  readonly MaxCapacity?: number;
  readonly MinCapacity?: number;
  readonly CurrentCapacity: number;
}

/** A change of capacity as `DescribeScalingActivities` lists it. */
export interface ScalingActivity {
  readonly id: string;
  readonly resourceId: string;
  readonly description: string;
  readonly cause: string;
  readonly startTime: Date;
  statusCode: "Successful" | "Failed" | "InProgress" | "Overridden";
  statusMessage?: string;
  endTime?: Date;
  readonly notScaledReasons?: readonly NotScaledReason[];
}
