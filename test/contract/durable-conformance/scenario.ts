/** What a conformance scenario is, and the small things scenarios share. */
import type { DurableContext } from "@aws/durable-execution-sdk-js";

export type Scenario = {
  title: string;
  /** Makes a workflow with state of its own: each engine gets one. */
  workflow: () => (input: { seed: number }, context: DurableContext) => Promise<unknown>;
  /** Decisions from outside, by the name of the callback operation. */
  decisions?: { name: string; result?: string; error?: string }[];
  /** Operations below an ended context, which nobody waits for: the test runner lets their time pass too. */
  leftOver?: string[];
};

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : "");
export const nameOf = (error: unknown) => (error instanceof Error ? error.name : "");
export const oneSecond = { seconds: 1 };
export const noRetry = { retryStrategy: () => ({ shouldRetry: false }) };
export const retryTwice = {
  retryStrategy: (_error: Error, attempt: number) => ({ shouldRetry: attempt < 3, delay: oneSecond }),
};
