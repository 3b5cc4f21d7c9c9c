/** How a language model is called. */
import type { ModelUsage } from "../domain/diagnosis.ts";
import type { TextFor } from "../domain/exit.ts";

export interface ModelRequest {
  readonly system: TextFor<"model">;
  readonly user: TextFor<"model">;
  /** JSON Schema of the answer, strict. */
  readonly schemaName: string;
  readonly schema: Record<string, unknown>;
  readonly maxOutputTokens: number;
}

export interface ModelAnswer {
  /** The raw text of the answer; the caller parses it. */
  readonly text: string;
  readonly usage: ModelUsage;
}

/** One call of a language model. Throws {@link OpsAgentError} with a `model-*` code. */
export interface ModelClient {
  ask(request: ModelRequest): Promise<ModelAnswer>;
}
