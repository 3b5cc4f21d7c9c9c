/** The version of this code. Executions in the store are only replayed by the version that began them. */
export const VERSION = "0.1.0";
