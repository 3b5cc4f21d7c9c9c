import type { Policy } from "../../domain/policy.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";

/**
 * Refuses on a protected service, and where the policy names another service that is written almost alike and not this
 * one: what it protects or freezes would protect nothing.
 */
export const protectedService: Guardrail = {
  name: "protected-service",
  judge: ({ policy, target: { service } }) => {
    if (Object.hasOwn(policy.services, service)) {
      return policy.services[service]?.protected
        ? refuse(`${service} is protected: people act on it, the agent does not.`)
        : pass("The service is not protected.");
    }
    const alike = namesIn(policy).find((name) => name !== service && folded(name) === folded(service));
    return alike === undefined
      ? pass("The service is not protected.")
      : refuse(
          `The policy names ${alike}, which is written almost like ${service}. Correct it, or name ${service} under \`services\`, too.`,
        );
  },
};

function namesIn({ services, freezes }: Policy): string[] {
  return [...Object.keys(services), ...freezes.flatMap((freeze) => freeze.services ?? [])];
}

/** ECS tells upper and lower case apart, and `-` from `_`; people who write a policy often do not. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, "");
}
