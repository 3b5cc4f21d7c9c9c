/** Limits that rules which diagnose and rules which permit must share. */

/** Percent of the limit; above it a task's CPU is saturated, below half of it, it is cool. */
export const HOT_CPU_PERCENT = 80;

/** A deployment that began within this many seconds before the onset can have caused it. */
export const DEPLOYMENT_BLAME_SECONDS = 3600;
