/** The policy as it is deployed: JSON made from a policy file that was checked. */
import { Policy } from "../domain/policy.ts";
import type { PolicyResult } from "./policy-file.ts";

/** Parses and validates as strictly as the policy file. Never throws. */
export function readPackedPolicy(text: string): PolicyResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      problems: [{ path: "", message: error instanceof Error ? error.message : "no JSON" }],
    };
  }
  const parsed = Policy.safeParse(value);
  if (parsed.success) return { ok: true, policy: parsed.data };
  const problems = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String).join("."),
    message,
  }));
  return { ok: false, problems };
}
