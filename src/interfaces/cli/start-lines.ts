/** What a command that handles alarms says first: what it may do, and what would become of incidents as it is set up. */
import { permissionLine } from "../../policy/permission-line.ts";
import type { Config } from "../../wiring/config.ts";

/** One line for what may be changed, and one for each setting without which incidents end with nothing found or done. */
export function startLines(config: Config): readonly string[] {
  return [permissionLine(config), ...missingSettings(config)];
}

function missingSettings({ diagnoser, model, cluster }: Config): readonly string[] {
  return [
    ...(diagnoser === "model" && model.apiKey === undefined
      ? [
          "OPENROUTER_API_KEY is not set: every incident would end as failed, without a diagnosis. Set it, or OPSAGENT_DIAGNOSER=rules, with which the built-in rules diagnose.",
        ]
      : []),
    ...(cluster === undefined
      ? [
          "ECS_CLUSTER is not set: an alarm that names no cluster would be escalated, with nothing read. Set it to the cluster that this OpsAgent is responsible for.",
        ]
      : []),
  ];
}
