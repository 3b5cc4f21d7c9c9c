/** One invocation: runs the workflow function once, replaying what is stored, until it suspends or ends. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type DurableExecutionHandler, withDurableExecution } from "@aws/durable-execution-sdk-js";
import { createCheckpointClient } from "./checkpoint-client.ts";
import type { EngineClock } from "./clock.ts";
import { toError } from "./errors.ts";
import { createLambdaContext } from "./lambda-context.ts";
import { createBodies } from "./storage/bodies.ts";
import type { Database } from "./storage/database.ts";
import { beginInvocation, endInvocation } from "./storage/invocation-store.ts";

/** Milliseconds that a stop waits for a workflow that neither runs a body nor checkpoints. */
const DRAIN_GRACE_MS = 100;

/** How an invocation ended. "lost": the execution ended elsewhere, or another worker owns it. */
export type InvocationEnd =
  | { kind: "suspended" | "ended" | "lost" | "drained" }
  | { kind: "faulted"; error: Error };

export type Invocation = {
  end: Promise<InvocationEnd>;
  /** Ends gracefully: running bodies finish and are stored, no new one begins. */
  drain(): void;
};

export type InvocationDependencies<I, O> = {
  database: Database;
  clock: EngineClock;
  owner: string;
  workflow: DurableExecutionHandler<I, O>;
};

/** Runs the workflow of an execution that this worker owns. Its `end` never rejects. */
export function invoke<I, O>(dependencies: InvocationDependencies<I, O>, execution: number): Invocation {
  const { database, clock, owner, workflow } = dependencies;
  const bodies = createBodies();
  const abandoned = Promise.withResolvers<InvocationEnd>();
  const client = createCheckpointClient(database, clock, bodies);
  const handler = withDurableExecution(workflow, {
    durableExecutionClient: client,
    plugins: [bodies.plugin],
  });

  async function run(): Promise<InvocationEnd> {
    const input = await database.write(() => beginInvocation(database, clock, owner, execution));
    if (!input) return { kind: "lost" };
    const output = await handler(input, createLambdaContext(input.DurableExecutionArn, randomUUID()));
    const token = client.latestToken ?? input.CheckpointToken;
    return { kind: await database.write(() => endInvocation(database, clock, execution, token, output)) };
  }

  async function runSafely(): Promise<InvocationEnd> {
    try {
      return await run();
    } catch (error) {
      await bodies.untilIdle();
      return bodies.draining ? { kind: "drained" } : { kind: "faulted", error: toError(error) };
    }
  }

  async function abandonWhenQuiet(): Promise<void> {
    do {
      await bodies.untilIdle();
      await sleep(DRAIN_GRACE_MS);
    } while (!bodies.idle);
    abandoned.resolve({ kind: "drained" });
  }

  return {
    end: Promise.race([runSafely(), abandoned.promise]),
    drain() {
      bodies.drain();
      void abandonWhenQuiet();
    },
  };
}
