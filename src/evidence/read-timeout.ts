import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { ReadOptions } from "./ports.ts";

/**
 * The time that one look at the world may take. Without it the vendor's retries go on for half a minute, past the
 * end of an invocation.
 */
export function readTimeout(deps: Pick<WorkflowDependencies, "policy">): Required<ReadOptions> {
  return { signal: AbortSignal.timeout(deps.policy.timing.sourceTimeoutSeconds * 1000) };
}
