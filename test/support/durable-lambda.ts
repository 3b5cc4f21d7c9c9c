/**
 * Lambda's durable side on this machine: a server that speaks the part of Lambda's API that the durable SDK and the
 * product call, and that invokes the functions under Lambda's own runtime whenever there is something to go on with.
 * Checkpoints, timers and callbacks are the embedded engine's, whose rules are held against the SDK's own test runner.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isDurableExecutionClientError, type OperationUpdate } from "@aws/durable-execution-sdk-js";
import { createCallbacks } from "../../packages/durable-sqlite/callbacks.ts";
import { storeCheckpoint } from "../../packages/durable-sqlite/checkpoint.ts";
import { createEngineClock } from "../../packages/durable-sqlite/clock.ts";
import {
  findExecution,
  insertExecution,
  readyExecutions,
} from "../../packages/durable-sqlite/storage/execution-store.ts";
import { beginInvocation, endInvocation } from "../../packages/durable-sqlite/storage/invocation-store.ts";
import { openDatabase } from "../../packages/durable-sqlite/storage/open-database.ts";
import { readPage } from "../../packages/durable-sqlite/storage/pages.ts";
import { hashPayload } from "../../packages/durable-sqlite/storage/payload.ts";
import type { LambdaEnvironment } from "./lambda-environment.ts";

export const INCIDENT_FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:opsagent-incident:live";

const OWNER = "lambda";
const LOOK_MS = 15;
const REPEAT_MS = 200;

export interface ExecutionState {
  readonly name: string;
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED";
  readonly version: string;
  /** How often the function was entered for it. */
  readonly invocations: number;
  readonly output: unknown;
  readonly error: unknown;
}

export interface DurableLambda {
  readonly endpoint: string;
  /** Calls of the API, such as `Invoke 202`, in order. */
  readonly calls: readonly string[];
  /** Publishes the next version, at which the alias then points; executions stay on the one they began on. */
  publish(environment: LambdaEnvironment): string;
  execution(name: string): ExecutionState | undefined;
  executions(): readonly ExecutionState[];
  close(): Promise<void>;
}

/** Starts it without any version of the function. */
export async function startDurableLambda(): Promise<DurableLambda> {
  const database = openDatabase(":memory:", 1_000);
  const clock = createEngineClock();
  const callbacks = createCallbacks(database, clock);
  const versions: LambdaEnvironment[] = [];
  const tokens = new Map<string, string>();
  const inFlight = new Set<number>();
  const notBefore = new Map<number, number>();
  const names: string[] = [];
  const calls: string[] = [];
  let closed = false;

  async function goOn(id: number): Promise<void> {
    const input = await database.write(() => beginInvocation(database, clock, OWNER, id));
    const execution = findExecution(database, "id", id);
    if (input === undefined || execution === undefined) return;
    tokens.set(execution.arn, input.CheckpointToken);
    const environment = versions[Number(execution.codeVersion) - 1];
    if (environment === undefined) throw new Error(`There is no version ${execution.codeVersion}.`);
    const result = await environment.invoke(input);
    if (closed) return;
    if (result.kind === "error") {
      // Lambda repeats an invocation that ended with an error; what was checkpointed stays.
      notBefore.set(id, Date.now() + REPEAT_MS);
      return;
    }
    const token = tokens.get(execution.arn) ?? "";
    await database.write(() => endInvocation(database, clock, id, token, result.body as never));
  }

  const timer = setInterval(() => {
    for (const { id } of readyExecutions(database, OWNER, clock.now(), 10)) {
      if (inFlight.has(id) || (notBefore.get(id) ?? 0) > Date.now()) continue;
      inFlight.add(id);
      goOn(id)
        .catch((error: unknown) => {
          if (!closed) process.stderr.write(`The durable stand-in failed: ${String(error)}\n`);
          notBefore.set(id, Number.POSITIVE_INFINITY);
        })
        .finally(() => inFlight.delete(id));
    }
  }, LOOK_MS);

  async function begin(request: IncomingMessage, target: string, input: string): Promise<Answer> {
    const name = String(request.headers["x-amz-durable-execution-name"] ?? "");
    if (target !== INCIDENT_FUNCTION)
      return refused(404, "ResourceNotFoundException", `No function ${target}`);
    if (request.headers["x-amz-invocation-type"] !== "Event" || !/^[\w-]{1,64}$/.test(name)) {
      return refused(400, "InvalidParameterValueException", "Not asynchronous, or no allowed name");
    }
    const payloadHash = hashPayload(input);
    const before = findExecution(database, "name", name);
    if (before !== undefined && before.payloadHash !== payloadHash) {
      return refused(409, "DurableExecutionAlreadyStartedException", `${name} was started before`);
    }
    if (before === undefined) {
      const fresh = { name, payloadHash, codeVersion: String(versions.length), input, owner: OWNER };
      await database.write(() => insertExecution(database, fresh, clock.now()));
      names.push(name);
    }
    return { status: 202, body: {} };
  }

  async function checkpoint(arn: string, body: string): Promise<Answer> {
    const { CheckpointToken, Updates = [] } = JSON.parse(body) as {
      CheckpointToken: string;
      Updates?: OperationUpdate[];
    };
    try {
      const { token, changed } = await database.write(() =>
        storeCheckpoint(database, clock, arn, CheckpointToken, Updates),
      );
      tokens.set(arn, token);
      return { status: 200, body: { CheckpointToken: token, NewExecutionState: { Operations: changed } } };
    } catch (error) {
      if (!isDurableExecutionClientError(error)) throw error;
      return refused(400, "InvalidParameterValueException", (error as Error).message);
    }
  }

  async function complete(callbackId: string, result: string): Promise<Answer> {
    const outcome = await callbacks.complete(callbackId, result);
    if (outcome === "completed") return { status: 200, body: {} };
    return outcome === "unknown"
      ? refused(404, "ResourceNotFoundException", "No such callback")
      : refused(400, "CallbackTimeoutException", "The callback is over");
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? "", "http://lambda");
    const parts = url.pathname.split("/").map(decodeURIComponent);
    const [, version = "", kind = "", id = "", verb = ""] = parts;
    const body = await textOf(request);
    switch (`${request.method} ${version}/${kind}/${verb}`) {
      case "POST 2015-03-31/functions/invocations":
        return begin(request, id, body);
      case "POST 2025-12-01/durable-executions/checkpoint":
        return checkpoint(id, body);
      case "GET 2025-12-01/durable-executions/state": {
        const execution = findExecution(database, "arn", id);
        if (execution === undefined) return refused(404, "ResourceNotFoundException", `No execution ${id}`);
        return {
          status: 200,
          body: readPage(database, clock, execution, url.searchParams.get("Marker") ?? undefined),
        };
      }
      case "POST 2025-12-01/durable-execution-callbacks/succeed":
        return complete(id, body);
      default:
        return refused(400, "UnknownOperationException", `${request.method} ${url.pathname}`);
    }
  }

  const server = createServer((request, response) => {
    const operation = request.url?.split("?")[0]?.split("/").at(-1) ?? "";
    answer(request).then(
      (given) => {
        calls.push(`${operation} ${given.status}`);
        send(response, given);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const execution = (name: string): ExecutionState | undefined => {
    const found = findExecution(database, "name", name);
    if (found === undefined) return undefined;
    const { status, codeVersion, invocations, output, error } = found;
    return {
      name,
      status: status as ExecutionState["status"],
      version: codeVersion,
      invocations,
      output: output === null ? undefined : JSON.parse(output),
      error: error === null ? undefined : JSON.parse(error),
    };
  };
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    publish: (environment) => String(versions.push(environment)),
    execution,
    executions: () => names.flatMap((name) => execution(name) ?? []),
    async close() {
      closed = true;
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      database.close();
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly error?: string;
}

function refused(status: number, error: string, message: string): Answer {
  return { status, error, body: { Type: "User", Message: message, message } };
}

/** Lambda's JSON has times as seconds since the epoch. */
function send(response: ServerResponse, { status, body, error }: Answer): void {
  const text = JSON.stringify(body, function (this: Record<string, unknown>, key, value: unknown) {
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1_000 : value;
  });
  response
    .writeHead(status, {
      "content-type": "application/json",
      ...(error === undefined ? {} : { "x-amzn-errortype": error }),
    })
    .end(text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
