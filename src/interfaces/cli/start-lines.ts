/** What a command that handles alarms says first: what it may do, and what would become of incidents as it is set up. */
import { brakeLines } from "../../domain/brake-state.ts";
import type { Policy } from "../../domain/policy.ts";
import { originText, type PolicyState } from "../../domain/policy-state.ts";
import { permissionLine } from "../../policy/permission-line.ts";
import type { OpsAgent } from "../../wiring/compose.ts";
import type { Config } from "../../wiring/config.ts";

/**
 * Returns one line for what may be changed, one for each pause in force, and one for each setting without which incidents
 * end with nothing found or done.
 */
export async function startLines(
  config: Config,
  { brake, policyState }: Pick<OpsAgent, "brake" | "policyState">,
): Promise<readonly string[]> {
  const state = await policyState();
  return [
    permissionLine({ policy: state.policy, mode: config.mode, policyFile: nameOf(state, config) }),
    ...brakeLines(await brake.state()),
    ...missingSettings(config, state.policy),
  ];
}

function nameOf({ origin }: PolicyState, { policyFile }: Config): string | undefined {
  return origin.kind === "published" ? originText(origin) : policyFile;
}

const WITHOUT_MODEL: Readonly<Record<Policy["whenModelFails"], string>> = {
  signs: "no model is asked, and the built-in rules decide alone",
  ask: "no model is asked, and every action is a question to a person (whenModelFails)",
  nothing: "every incident would end as failed (whenModelFails)",
};

function missingSettings({ diagnoser, model, cluster }: Config, policy: Policy): readonly string[] {
  return [
    ...(diagnoser === "model" && model.apiKey === undefined
      ? [
          `OPENROUTER_API_KEY is not set: ${WITHOUT_MODEL[policy.whenModelFails]}. Set it, or OPSAGENT_DIAGNOSER=rules, with which none is expected.`,
        ]
      : []),
    ...(cluster === undefined
      ? [
          "ECS_CLUSTER is not set: an alarm that names no cluster would be escalated, with nothing read. Set it to the cluster that this OpsAgent is responsible for.",
        ]
      : []),
  ];
}
