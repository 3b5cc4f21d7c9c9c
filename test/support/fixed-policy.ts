import type { Policy } from "../../src/domain/policy.ts";
import type { PolicySource } from "../../src/domain/ports.ts";

/** A policy that stays as it is. */
export function fixedPolicy(policy: Policy): PolicySource {
  return { current: async () => ({ policy, origin: { kind: "start" } }) };
}
