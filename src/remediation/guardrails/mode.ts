import type { Mode, Policy } from "../../domain/policy.ts";
import { ask, type Guardrail, pass, refuse } from "../guardrail.ts";

const RANK: Record<Mode, number> = { observe: 0, approve: 1, auto: 2 };

type Acting = "restart" | "scale" | "rollback";

/** Returns the mode that the policy sets: the service's own, else the policy's. */
export function modeWanted(policy: Policy, service: string, action: Acting): Mode {
  return policy.services[service]?.modes?.[action] ?? policy.modes[action];
}

/** Returns the mode in force: the policy's, never above the ceiling. */
export function modeInForce(policy: Policy, ceiling: Mode, service: string, action: Acting): Mode {
  const wanted = modeWanted(policy, service, action);
  return RANK[wanted] <= RANK[ceiling] ? wanted : ceiling;
}

/** Returns the key of the policy file that sets the mode, such as `services.shop.modes.restart`. */
export function modeSetting(policy: Policy, service: string, action: Acting): string {
  const own = policy.services[service]?.modes?.[action] !== undefined;
  return own ? `services.${service}.modes.${action}` : `modes.${action}`;
}

export const mode: Guardrail = {
  name: "mode",
  judge: ({ policy, ceiling, target, plan }) => {
    const wanted = modeWanted(policy, target.service, plan.action);
    for (const known of [wanted, ceiling]) {
      if (!Object.hasOwn(RANK, known)) throw new Error(`"${String(known)}" is not a mode`);
    }
    const inForce = modeInForce(policy, ceiling, target.service, plan.action);
    if (inForce === "observe") {
      const change = [
        ...(wanted === "observe"
          ? [`${modeSetting(policy, target.service, plan.action)} in the policy`]
          : []),
        ...(ceiling === "observe" ? ["OPSAGENT_MODE"] : []),
      ].join(" and ");
      return refuse(`The mode of ${plan.action} is observe. To allow it, set ${change} to approve or auto.`);
    }
    return inForce === "approve"
      ? ask(`${plan.action} needs a person's approval.`)
      : pass(`${plan.action} is on auto.`);
  },
};
