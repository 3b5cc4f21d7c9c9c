/** A container instance: the host, in EC2 or outside AWS, that tasks of a service run on. */
export interface HostReading {
  readonly arn: string;
  /** `i-...` in EC2, `mi-...` outside AWS; the ARN's last part where ECS names none. */
  readonly id: string;
  /** `ACTIVE`, `DRAINING`, `INACTIVE`, `REGISTERING`, ... */
  readonly status: string;
  readonly statusReason?: string;
  /** False: ECS can neither stop nor start tasks on it, and what it says of them is old. */
  readonly agentConnected: boolean;
  /** `OK`, `IMPAIRED`, ... where its health is known. */
  readonly health?: string;
  readonly capacityProvider?: string;
}
