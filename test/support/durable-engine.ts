/** Engines for the tests beside: quick to poll, closed when the test ends, with the faults they report. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DurableContext } from "@aws/durable-execution-sdk-js";
import { StepSemantics } from "@aws/durable-execution-sdk-js";
import { onTestFinished } from "vitest";
import {
  createDurableEngine,
  type DurableEngine,
  type DurableEngineOptions,
} from "../../packages/durable-sqlite/index.ts";

type Workflow<O> = (input: unknown, context: DurableContext) => Promise<O>;

export const atMostOnce = {
  semantics: StepSemantics.AtMostOncePerRetry,
  retryStrategy: () => ({ shouldRetry: false }),
};

export function scratchFile(): string {
  return join(mkdtempSync(join(tmpdir(), "durable-")), "durable.db");
}

export function openEngine<O>(
  workflow: Workflow<O>,
  options: Partial<DurableEngineOptions<unknown, O>> = {},
): DurableEngine<unknown, O> & { faults: string[] } {
  const faults: string[] = [];
  const engine = createDurableEngine({
    database: ":memory:",
    codeVersion: "1",
    pollMs: 5,
    onError: (error) => faults.push(error.message),
    ...options,
    workflow,
  });
  onTestFinished(() => engine.stop({ timeoutMs: 0 }));
  return { ...engine, faults };
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The id that decides the execution's open callback, once there is one. */
export async function openCallback(
  engine: Pick<DurableEngine<unknown, unknown>, "operations">,
  name: string,
): Promise<string> {
  for (;;) {
    const open = (await engine.operations(name)).find((operation) => operation.callbackId);
    if (open?.callbackId) return open.callbackId;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
