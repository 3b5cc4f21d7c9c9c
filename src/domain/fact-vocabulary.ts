/** The closed vocabularies of facts. */
import { z } from "zod";

export { SeriesSummary } from "../../packages/signals/series-summary.ts";

/** Who can have written a fact. An action needs support from the first two; an attacker can write the third. */
export const Provenance = z.enum(["control-plane", "metric", "log", "memory"]);

export type Provenance = z.infer<typeof Provenance>;

/** Roles of series about one task each; restarts are planned by them. */
export const TASK_ROLES = ["task-cpu", "task-memory", "task-disk"] as const;

export type TaskRole = (typeof TASK_ROLES)[number];

/** Which role a series plays, whatever namespace it came from. */
export const MetricRole = z.enum([
  "alarm",
  "cpu",
  "memory",
  "memory-lowest",
  "requests",
  "errors-5xx",
  "elb-5xx",
  "latency-p50",
  "latency-p99",
  "unhealthy-hosts",
  "running-tasks",
  ...TASK_ROLES,
]);

export type MetricRole = z.infer<typeof MetricRole>;

/** What a stopped task's codes, reasons and exit codes amount to. */
export const StopClass = z.enum([
  "out-of-memory",
  "killed-after-stop-timeout",
  "stopped-on-request",
  "scaled-in-or-replaced",
  "failed-health-check",
  "image-pull-failed",
  "initialization-failed",
  "container-runtime-error",
  "crashed",
  "exited-successfully",
  "capacity-reclaimed",
  "no-capacity",
  "disk-full",
  "other",
]);

export type StopClass = z.infer<typeof StopClass>;

/** What a change in the account touches. */
export const ChangeArea = z.enum([
  "deployment",
  "scaling",
  "permission",
  "network",
  "secret",
  "database",
  "load-balancing",
  "image",
]);

export type ChangeArea = z.infer<typeof ChangeArea>;

/** Where changes were looked for. */
export const ChangeSource = z.enum(["ecs", "deployment-history", "autoscaling", "cloudtrail"]);

export type ChangeSource = z.infer<typeof ChangeSource>;
