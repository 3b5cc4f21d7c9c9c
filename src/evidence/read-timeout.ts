import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { ReadOptions } from "./ports.ts";

/** Options that limit one read. Without them the vendor's retries take half a minute, past the end of an invocation. */
export function readTimeout(deps: Pick<WorkflowDependencies, "policy">): Required<ReadOptions> {
  return { signal: AbortSignal.timeout(deps.policy.timing.sourceTimeoutSeconds * 1000) };
}
