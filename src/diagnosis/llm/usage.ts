import type { ModelUsage } from "../../domain/diagnosis.ts";

/** Adds two usages, under the second's model. A cost that only one of them has is kept as it is. */
export function addUsage<T extends ModelUsage | undefined>(
  earlier: ModelUsage | undefined,
  last: T,
): T | ModelUsage {
  if (earlier === undefined) return last;
  if (last === undefined) return earlier;
  const costs = [earlier.costUsd, last.costUsd].filter((cost) => cost !== undefined);
  return {
    model: last.model,
    calls: earlier.calls + last.calls,
    inputTokens: earlier.inputTokens + last.inputTokens,
    outputTokens: earlier.outputTokens + last.outputTokens,
    ...(costs.length === 0 ? {} : { costUsd: costs.reduce((sum, cost) => sum + cost, 0) }),
    milliseconds: earlier.milliseconds + last.milliseconds,
  };
}
