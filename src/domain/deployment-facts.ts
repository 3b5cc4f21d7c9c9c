/** What facts say of a service's shape and of a deployment's progress; members of `service` and `deployment` facts. */
import { z } from "zod";

/** Of the `service` fact; each is absent in older records, and where ECS does not say. */
export const shapeOfService = {
  /** `REPLICA`, or `DAEMON`, which takes no desired count. */
  schedulingStrategy: z.string().optional(),
  launchType: z.string().optional(),
  capacityProviders: z.array(z.string()).optional(),
  /** How ECS deploys it: `ROLLING`, `BLUE_GREEN`, `LINEAR`, `CANARY`, or a word that is not known. */
  strategy: z.string().optional(),
  bakeMinutes: z.number().optional(),
  /** Minutes that the steps of a canary or linear shift take before the bake. */
  shiftMinutes: z.number().optional(),
  /** Stages at which a deployment pauses for a person. */
  pausesAt: z.array(z.string()).optional(),
  /** Alarms by which ECS itself fails a deployment, and whether it then rolls back. */
  deploymentAlarms: z.array(z.string()).optional(),
  deploymentAlarmsRollback: z.boolean().optional(),
  circuitBreaker: z.boolean().optional(),
  circuitBreakerThreshold: z.string().optional(),
  discoveryNames: z.array(z.string()).optional(),
  zoneRebalancing: z.string().optional(),
  /** Why a deployment of it must not be rolled back: where it is marked so. */
  irreversible: z.string().optional(),
  /** True where whether it is marked could not be read. */
  reversibleUnread: z.boolean().optional(),
};

/**
 * What a deployment waits for while it moves no tasks: `shift` while traffic moves between two revisions that both run,
 * `bake` while both run after that, `pause` at a hook that waits for a person.
 */
export const Holding = z.enum(["shift", "bake", "pause"]);
export type Holding = z.infer<typeof Holding>;

/** Of the `deployment` fact; from the deployment history. */
export const progressOfDeployment = {
  strategy: z.string().optional(),
  stage: z.string().optional(),
  holding: Holding.optional(),
  /** The hook that a paused deployment waits at, until when, and what ECS does then. */
  hookId: z.string().optional(),
  hookExpiresAt: z.iso.datetime().optional(),
  hookOnTimeout: z.string().optional(),
  /** Percent of the production traffic that its revision is to get. */
  productionWeight: z.number().optional(),
  testWeight: z.number().optional(),
  pending: z.number().optional(),
  /** What the circuit breaker and the deployment alarms do with it: `MONITORING`, `TRIGGERED`, ... */
  circuitBreakerStatus: z.string().optional(),
  circuitBreakerThreshold: z.number().optional(),
  alarmsStatus: z.string().optional(),
  triggeredAlarms: z.array(z.string()).optional(),
  /** True where `secondsBeforeOnset` counts from when traffic last moved to it, not from its beginning. */
  sinceShift: z.boolean().optional(),
  /** True for a task set, which another controller than ECS keeps. */
  taskSet: z.boolean().optional(),
  /** Of a task set that CodeDeploy made: the id of its deployment. */
  externalId: z.string().optional(),
};

/** The data of a `host` fact. */
export const hostTrouble = z.object({
  /** `i-...` in EC2, `mi-...` outside AWS. */
  host: z.string(),
  /** ECS's word, or `GONE` where ECS no longer knows it. */
  status: z.string(),
  agentConnected: z.boolean(),
  health: z.string().optional(),
  capacityProvider: z.string().optional(),
  external: z.boolean().optional(),
  taskIds: z.array(z.string()),
});
