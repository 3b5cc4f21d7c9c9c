/** The SDK's transport for one invocation, over the database. */
import {
  type DurableExecutionClient,
  isDurableExecutionClientError,
  type OperationUpdate,
  type WireOperation,
} from "@aws/durable-execution-sdk-js";
import { authorize, storeCheckpoint } from "./checkpoint.ts";
import type { EngineClock } from "./clock.ts";
import { interruption, toError } from "./errors.ts";
import { checkLimits } from "./limits.ts";
import { beginOperation, toWire } from "./operation.ts";
import type { Bodies } from "./storage/bodies.ts";
import type { Database } from "./storage/database.ts";
import { readPage } from "./storage/pages.ts";

export type CheckpointClient = DurableExecutionClient & {
  /** The token of the last checkpoint stored. */
  readonly latestToken: string | undefined;
};

/**
 * Checkpoints go to the database, one transaction each. A fault of the database (locked for too long, disk
 * full) ends the invocation, not the execution.
 */
export function createCheckpointClient(
  database: Database,
  clock: EngineClock,
  bodies: Bodies,
): CheckpointClient {
  let latestToken: string | undefined;

  async function store(
    arn: string | undefined,
    token: string | undefined,
    updates: readonly OperationUpdate[],
  ): Promise<WireOperation[]> {
    checkLimits(updates);
    const held = bodies.draining ? updates.filter((update) => isHeldBack(update, bodies)) : [];
    const stored = updates.filter((update) => !held.includes(update));
    const checkpoint = await database.write(() => storeCheckpoint(database, clock, arn, token, stored));
    latestToken = checkpoint.token;
    for (const update of stored) if (isStepStart(update)) bodies.started(update.Id ?? "");
    return [...checkpoint.changed, ...held.map((update) => pretendStarted(update, clock))];
  }

  return {
    get latestToken() {
      return latestToken;
    },

    async checkpoint(request) {
      const { DurableExecutionArn: arn, CheckpointToken: token, Updates: updates = [] } = request;
      try {
        const changed = await bodies.during(() => store(arn, token, updates));
        if (bodies.draining && bodies.idle) throw interruption("The engine is stopping.");
        return { CheckpointToken: latestToken, NewExecutionState: { Operations: changed } };
      } catch (error) {
        throw isDurableExecutionClientError(error) ? error : interruption(toError(error).message, error);
      }
    },

    async getExecutionState(request) {
      const execution = authorize(database, request.DurableExecutionArn, request.CheckpointToken);
      return readPage(database, clock, execution, request.Marker, request.MaxItems);
    },
  };
}

function isStepStart(update: OperationUpdate): boolean {
  return update.Type === "STEP" && update.Action === "START";
}

/** While the engine stops, the START of a body that has not begun is not stored: it begins after the restart. */
function isHeldBack(update: OperationUpdate, bodies: Bodies): boolean {
  return isStepStart(update) && !bodies.hasBegun(update.Id ?? "");
}

function pretendStarted(update: OperationUpdate, clock: EngineClock): WireOperation {
  return toWire(beginOperation(update, "STEP", clock.now()), clock.toDate);
}
