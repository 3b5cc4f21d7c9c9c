import type { PipelineDependencies } from "../workflow/dependencies.ts";
import type { ReadOptions } from "./ports.ts";

/**
 * The time that one look at the world may take. Without it the vendor's retries go on for half a minute, past the
 * end of an invocation.
 */
export function within(deps: Pick<PipelineDependencies, "policy">): Required<ReadOptions> {
  return { signal: AbortSignal.timeout(deps.policy.timing.sourceTimeoutSeconds * 1000) };
}
