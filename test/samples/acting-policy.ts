/** Policies of tests and measurements in which OpsAgent acts: a policy that names no mode changes nothing. */
import { Policy } from "../../src/domain/policy.ts";

/** The modes of a team that trusts OpsAgent with what can be taken back, and is asked about a release. */
export const ACTING_MODES = { restart: "auto", scale: "auto", rollback: "approve" } as const;

/** {@link ACTING_MODES} as a line of a policy file. */
export const ACTING_LINE = "modes: { restart: auto, scale: auto, rollback: approve }";

/** The default policy with {@link ACTING_MODES} and these keys changed. Throws for keys that no policy may have. */
export function actingPolicy(keys: unknown = {}): Policy {
  const { modes, ...rest } = keys as { readonly modes?: object };
  return Policy.parse({ modes: { ...ACTING_MODES, ...modes }, ...rest });
}
