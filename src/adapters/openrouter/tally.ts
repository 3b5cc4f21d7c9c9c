import type { ModelUsage } from "../../domain/diagnosis.ts";
import type { Consumed } from "./response.ts";

/** Adds up the usage of the requests of one `ask`. `calls` counts requests, failed ones included. */
export function createTally(requested: string): { add(consumed: Consumed): void; usage(): ModelUsage } {
  const started = Date.now();
  let model = requested;
  let calls = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  let costUsd: number | undefined;

  return {
    add(consumed) {
      calls += 1;
      model = consumed.model ?? model;
      inputTokens += consumed.inputTokens;
      outputTokens += consumed.outputTokens;
      if (consumed.costUsd !== undefined) costUsd = (costUsd ?? 0) + consumed.costUsd;
    },
    usage: () => ({
      model,
      calls,
      inputTokens,
      outputTokens,
      ...(costUsd === undefined ? {} : { costUsd }),
      milliseconds: Date.now() - started,
    }),
  };
}
