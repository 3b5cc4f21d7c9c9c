/** What a check of `opsagent doctor` is, and what it finds. */
import type { Examination } from "./examination.ts";

/** `skipped`: the check does not apply, or could not be made; it is no failure. */
export type Status = "ok" | "warning" | "failed" | "skipped";

export const AREAS = {
  installation: "Installation",
  configuration: "Configuration",
  aws: "AWS",
  permissions: "Permissions",
  services: "Services",
  alarms: "Alarms",
  model: "Model",
  people: "People",
  store: "Store and server",
} as const;

export type Area = keyof typeof AREAS;

/** One finding. `remedy` is set whenever a person can do something. */
export interface Finding {
  readonly status: Status;
  /** The service, permission, alarm or topic of the finding, where there are several. */
  readonly subject?: string;
  readonly seen: string;
  readonly remedy?: string;
}

export interface Check {
  /** Stable: scripts and the documentation refer to it. */
  readonly id: string;
  readonly area: Area;
  /** What it checks, as a sentence for the documentation. */
  readonly does: string;
  /** What to do when it fails, as a sentence for the documentation; findings may be more specific. */
  readonly remedy: string;
  /** AWS permissions that it needs beyond the agent's; when denied, the check is skipped. */
  readonly permissions?: readonly string[];
  /** Whether it is part of the short check at the agent's start. */
  readonly atStart?: boolean;
  run(examination: Examination, options: RunOptions): Promise<Finding | readonly Finding[]>;
}

export interface RunOptions {
  /** Aborts when the check's time is up. */
  readonly signal: AbortSignal;
}

export const ok = (seen: string, subject?: string): Finding => finding("ok", seen, undefined, subject);

export const warning = (seen: string, remedy: string, subject?: string): Finding =>
  finding("warning", seen, remedy, subject);

export const failed = (seen: string, remedy: string, subject?: string): Finding =>
  finding("failed", seen, remedy, subject);

export const skipped = (seen: string, remedy?: string, subject?: string): Finding =>
  finding("skipped", seen, remedy, subject);

function finding(status: Status, seen: string, remedy?: string, subject?: string): Finding {
  return {
    status,
    ...(subject === undefined ? {} : { subject }),
    seen,
    ...(remedy === undefined ? {} : { remedy }),
  };
}
