/** The version of OpsAgent. Executions are replayed by another one: `workflow-version/`. */
export const VERSION = "0.1.0";
