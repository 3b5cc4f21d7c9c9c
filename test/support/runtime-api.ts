import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What became of an invocation: the handler's value, or the error that it ended with. */
export type InvocationResult =
  | { readonly kind: "response"; readonly body: unknown }
  | { readonly kind: "error"; readonly errorType: string; readonly errorMessage: string };

/** Lambda's Runtime API for one function in one execution environment. */
export interface RuntimeApi {
  /** host:port, as AWS_LAMBDA_RUNTIME_API has it. */
  readonly address: string;
  /** Gives the runtime an event, one after the other, and resolves with its result. */
  invoke(event: unknown, remainingMs: number): Promise<InvocationResult>;
  /** Resolves when the runtime reports that it could not start. */
  readonly initError: Promise<InvocationResult>;
  close(): Promise<void>;
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  readonly remainingMs: number;
  readonly finish: (result: InvocationResult) => void;
}

/**
 * Starts the server on a free port of the loopback interface. The API is described in
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const queue: Invocation[] = [];
  const running = new Map<string, Invocation>();
  const initError = Promise.withResolvers<InvocationResult>();
  let waiting: ServerResponse | undefined;
  let count = 0;

  function deliver(): void {
    const next = queue[0];
    if (next === undefined || waiting === undefined) return;
    queue.shift();
    running.set(next.id, next);
    waiting.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": next.id,
      "lambda-runtime-deadline-ms": String(Date.now() + next.remainingMs),
      "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:000000000000:function:opsagent",
      "lambda-runtime-trace-id": `Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e70${count % 10};Sampled=0`,
    });
    waiting.end(JSON.stringify(next.event));
    waiting = undefined;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").replace("/2018-06-01/runtime/", "");
    if (path === "invocation/next") {
      waiting = response;
      return deliver();
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body: unknown = JSON.parse(Buffer.concat(parts).toString("utf8") || "null");
    response.writeHead(202, { "content-type": "application/json" }).end("{}");
    if (path === "init/error") return initError.resolve(failure(body));
    const [, id = "", kind] = path.split("/");
    const invocation = running.get(id);
    running.delete(id);
    invocation?.finish(kind === "response" ? { kind: "response", body } : failure(body));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    initError: initError.promise,
    invoke(event, remainingMs) {
      const { promise, resolve } = Promise.withResolvers<InvocationResult>();
      count += 1;
      queue.push({ id: `request-${count}`, event, remainingMs, finish: resolve });
      deliver();
      return promise;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function failure(body: unknown): InvocationResult {
  const { errorType, errorMessage } = (body ?? {}) as Record<string, unknown>;
  return { kind: "error", errorType: String(errorType), errorMessage: String(errorMessage) };
}
