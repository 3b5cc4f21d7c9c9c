/** Where a target listens. */
export interface TargetAddress {
  readonly id: string;
  readonly port: number;
}

/**
 * The health of a target in the words of the API.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
 */
export interface TargetHealth {
  readonly state: "initial" | "healthy" | "unhealthy" | "draining" | "unused";
  readonly reason?: string;
  readonly description?: string;
}

/** How a target group checks its targets. */
export interface HealthCheckSettings {
  readonly path: string;
  /** A number of its own, or the one that takes the traffic. */
  readonly port: number | "traffic-port";
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** The HTTP statuses that count as healthy: `200`, `200,204`, `200-299`. */
  readonly matcher: string;
}

/** A registered target and what its checks and requests have shown so far. */
export interface Target {
  readonly address: TargetAddress;
  health: TargetHealth;
  /** Checks in a row with the same result. */
  passes: number;
  failures: number;
  /** Requests being served. */
  inFlight: number;
  checking: boolean;
}

/** A target group. `dimension` is its name in CloudWatch: `targetgroup/<name>/<id>`. */
export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly dimension: string;
  healthCheck: HealthCheckSettings;
  deregistrationDelaySeconds: number;
  /** Seconds for which the load balancer's own cookie keeps a client at its target; undefined: no stickiness. */
  stickinessSeconds: number | undefined;
  readonly targets: Map<string, Target>;
  loadBalancerArn: string;
  /** Its share of what the listener forwards, beside that of the other groups. */
  weight: number;
}

export const registering: TargetHealth = {
  state: "initial",
  reason: "Elb.RegistrationInProgress",
  description: "Target registration is in progress",
};

export const initialHealth: TargetHealth = {
  state: "initial",
  reason: "Elb.InitialHealthChecking",
  description: "Initial health checks in progress",
};

export const drainingHealth: TargetHealth = {
  state: "draining",
  reason: "Target.DeregistrationInProgress",
  description: "Target deregistration is in progress",
};

export const notRegistered: TargetHealth = {
  state: "unused",
  reason: "Target.NotRegistered",
  description: "Target is not registered to the target group",
};

/** The key of a target inside its group. */
export function targetKey(address: TargetAddress): string {
  return `${address.id}:${address.port}`;
}

/** A load balancer with one listener and one target group, or two between which traffic is shifted. `dimension` is `app/<name>/<id>`. */
export interface LoadBalancer {
  readonly name: string;
  readonly arn: string;
  readonly dimension: string;
  readonly url: string;
  readonly group: TargetGroup;
  /** For the other of two revisions. */
  readonly alternate?: TargetGroup;
  readonly createdAt: Date;
  /** The listener answers every request itself with this status; undefined: it forwards. */
  answerItself(status: number | undefined): void;
  /** Closes the listener: from then on a connection is refused. */
  closeListener(): Promise<void>;
}
