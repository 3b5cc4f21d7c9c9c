/** The policy as it is deployed: JSON that was made of a file which had been checked. */
import { Policy } from "../domain/policy.ts";
import type { PolicyResult } from "./policy-file.ts";

/** Parses and validates, as strictly as the file that people write. Never throws. */
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
