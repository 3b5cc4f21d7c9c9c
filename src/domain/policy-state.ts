/** The policy as it is now, where it comes from, and what keeps it from being used. Pure. */
import type { Mode, Policy } from "./policy.ts";

/** `start`: as the process was started with: the packed policy on Lambda, the defaults without a file. */
export type PolicyOrigin =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "published"; readonly version: number; readonly by: string; readonly at: string }
  | { readonly kind: "start" };

export interface PolicyState {
  readonly policy: Policy;
  readonly origin: PolicyOrigin;
  /**
   * Set while the policy of now cannot be used: `policy` is then the last good one, restricted to observe. One sentence
   * that says what is wrong, since when, and what that means.
   */
  readonly problem?: string;
}

/** Returns the policy with every mode on observe; whatever else it forbids stays forbidden. */
export function restrictedToObserve(policy: Policy): Policy {
  const observe = { restart: "observe", scale: "observe", rollback: "observe" } as const satisfies Record<
    keyof Policy["modes"],
    Mode
  >;
  const services = Object.fromEntries(
    Object.entries(policy.services).map(([name, own]) => [name, { ...own, modes: observe }]),
  );
  return { ...policy, modes: observe, services };
}

/** Returns where the policy of now comes from, in words. */
export function originText(origin: PolicyOrigin): string {
  switch (origin.kind) {
    case "file":
      return `the policy file ${origin.path}`;
    case "published":
      return `version ${origin.version} of the published policy (by ${origin.by}, ${origin.at})`;
    case "start":
      return "the policy that OpsAgent was started with";
  }
}
