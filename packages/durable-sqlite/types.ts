/** The public types of the embedded durable engine. */
import type { DurableExecutionHandler } from "@aws/durable-execution-sdk-js";

/** The status of an execution. RUNNING includes "suspended, waiting for a timer or a callback". */
export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED";

/** Why an execution or a callback failed, as plain data. */
export type ExecutionError = { type?: string; message?: string };

/** The final state of an execution. */
export type FinalResult<O> = { status: "SUCCEEDED"; output: O } | { status: "FAILED"; error: ExecutionError };

/** The current state of an execution. */
export type ExecutionResult<O> = { status: "RUNNING" } | FinalResult<O>;

/** The result of `start`. `samePayload` is false when the name was used with another input. */
export type StartResult = { executionArn: string; created: boolean; samePayload: boolean };

/** The result of deciding a callback. The first decision wins. */
export type CallbackOutcome = "completed" | "already-decided" | "unknown";

/** One line of `list`. Times are milliseconds since the epoch. */
export type ExecutionSummary = {
  name: string;
  executionArn: string;
  status: ExecutionStatus;
  codeVersion: string;
  /** How often the workflow function was entered, the first time included. */
  invocations: number;
  createdAt: number;
  updatedAt: number;
  finishedAt?: number;
  /** The worker that holds the execution at present. */
  owner?: string;
};

/** One operation of an execution, for inspection. */
export type OperationSummary = {
  id: string;
  parentId?: string;
  name?: string;
  type: string;
  subType?: string;
  status: string;
  attempt: number;
  startedAt: number;
  endedAt?: number;
  error?: ExecutionError;
  /** For an open callback: the id that decides it. */
  callbackId?: string;
};

/** An unfinished execution that another version of the workflow began. */
export type VersionMismatch = { name: string; storedVersion: string; runningVersion: string };

/** What to do with a mismatch: end the execution as FAILED, or leave it for a worker of its version. */
export type MismatchVerdict = "fail" | "keep-waiting";

export type DurableEngineOptions<I, O> = {
  /** A file path, created with mode 0600 if missing, or ":memory:". */
  database: string;
  workflow: DurableExecutionHandler<I, O>;
  /** Stored with each execution; an execution is only ever replayed by the version that began it. */
  codeVersion: string;
  /** Called once per mismatching execution; its answer decides. Default: `onError` and "keep-waiting". */
  onVersionMismatch?: (mismatch: VersionMismatch) => MismatchVerdict | Promise<MismatchVerdict>;
  /** A label for this worker in listings. The engine makes it unique: no two engines share an identity. */
  owner?: string;
  /** Wall clock, milliseconds since the epoch. Default: `Date.now`. A jump backwards is ridden out. */
  clock?: () => number;
  /** Faults that end an invocation but not the execution, and faults of the engine's own loop
   * (then without a name). Default: `process.emitWarning`. */
  onError?: (error: Error, executionName: string | undefined) => void;
  /** How long a silent worker, whose death cannot be proven, keeps its executions. Default 15 000 ms. */
  leaseMs?: number;
  /** How long a write waits for another process's lock before it fails. Default 10 000 ms. */
  busyTimeoutMs?: number;
  /** How soon decisions made by other processes are noticed. Default 50 ms. */
  pollMs?: number;
  /** Workflow functions running at once; suspended executions do not count. Default 100. */
  maxConcurrentInvocations?: number;
  /**
   * Which executions can wait, by their names: they run when no other is ready, on a third of the slots at the most. Asked
   * each time, so that the answer may change. Default: none.
   */
  canWait?: (name: string) => boolean;
};

export type DurableEngine<I, O> = {
  /** A UUID that all engines on one database share; in memory each has its own. */
  readonly identity: string;
  /**
   * Begins an execution, or finds the one that has this name: the name is the idempotency key. An
   * unfinished execution whose worker is gone is taken over.
   */
  start(name: string, input: I): Promise<StartResult>;
  /** The present state. Throws `execution-not-found` for a name that was never started or was purged. */
  result(name: string): Promise<ExecutionResult<O>>;
  /** Resolves when the execution has ended, whichever process ends it. Rejects on abort and on `stop`. */
  waitFor(name: string, options?: { signal?: AbortSignal }): Promise<FinalResult<O>>;
  /**
   * Takes over every unfinished execution whose worker is gone and returns how many. From then on
   * this engine also adopts executions whose worker dies later.
   */
  resume(): Promise<number>;
  /** Decides a callback. Works from any process on the same database; no workflow code is run here. */
  completeCallback(callbackId: string, result: string): Promise<CallbackOutcome>;
  failCallback(callbackId: string, error: { type?: string; message: string }): Promise<CallbackOutcome>;
  /** Postpones a callback's heartbeat timeout ("completed" means: postponed). */
  heartbeatCallback(callbackId: string): Promise<CallbackOutcome>;
  /** Executions, newest first. */
  list(filter?: { status?: ExecutionStatus; limit?: number }): Promise<ExecutionSummary[]>;
  /** The operations of an execution in the order they began. */
  operations(name: string): Promise<OperationSummary[]>;
  /** Deletes executions that ended before this time (milliseconds since the epoch); returns how many. */
  purge(olderThan: number): Promise<number>;
  /**
   * Stops gracefully: no new step body begins, running ones finish and are checkpointed, claims are released, the
   * file is closed. After `timeoutMs` (default 30 000) it stops waiting for bodies.
   */
  stop(options?: { timeoutMs?: number }): Promise<void>;
};
