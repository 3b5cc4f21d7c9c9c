/** Limits that rules which diagnose and rules which permit must share. */

/** Percent of the limit; above it a task's CPU is saturated, below half of it, it is cool. */
export const HOT_CPU_PERCENT = 80;

/** Percent of the ephemeral storage; above it writes fail or are about to. */
export const FULL_DISK_PERCENT = 95;

/** A deployment that began within this many seconds before the onset can have caused it. */
export const DEPLOYMENT_BLAME_SECONDS = 3600;

/**
 * The longest shift of traffic, with its bakes, that recovery is waited for after going back by a new deployment. Minutes. A
 * longer one is for a person to watch.
 */
export const WATCHED_SHIFT_MINUTES = 30;
