import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, awsError } from "./aws-stub-answers.ts";

/** The members of a request: parsed JSON, or the form fields of AWS Query. */
export type StubInput = Readonly<Record<string, unknown>>;

/** What the request says besides its members. */
export interface StubCall {
  /** The region that the request is signed for. */
  readonly region: string | undefined;
}

type Scripted = Answer | ((input: StubInput, call: StubCall) => Answer);

/** A local endpoint that speaks the wire of AWS and answers as the test says. */
export interface AwsStub {
  readonly endpoint: string;
  /** Answers of an operation in their order; the last one is repeated. */
  on(operation: string, ...answers: readonly [Scripted, ...Scripted[]]): void;
  /** The inputs of the calls of an operation so far; a call whose body was not read has an empty one. */
  calls(operation: string): readonly StubInput[];
  /** The regions for which the calls of an operation were signed. */
  regions(operation: string): readonly string[];
  /** How many connections were opened so far. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts the stub on a free port of the loopback interface. */
export async function startAwsStub(): Promise<AwsStub> {
  const scripts = new Map<string, Scripted[]>();
  const calls = new Map<string, StubInput[]>();
  const regions = new Map<string, string[]>();
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.headers["x-amz-target"]?.toString().split(".")[1];
    const call = {
      region: /Credential=[^/]+\/\d+\/([\w-]+)\//.exec(request.headers.authorization ?? "")?.[1],
    };
    if (target !== undefined && isResetBeforeBody(scripts.get(target)?.[0])) {
      take(target, {}, call);
      request.socket.destroy();
      return;
    }
    const body = await readText(request);
    const form = new URLSearchParams(target === undefined ? body : "");
    const operation = target ?? form.get("Action") ?? "";
    const input = target === undefined ? Object.fromEntries(form) : (JSON.parse(body || "{}") as StubInput);
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? "")?.[1];
    regions.set(operation, [...(regions.get(operation) ?? []), region ?? ""]);
    await send(response, take(operation, input, call), { operation, isQuery: target === undefined });
  }

  function take(operation: string, input: StubInput, call: StubCall): Answer {
    calls.set(operation, [...(calls.get(operation) ?? []), input]);
    const [next, ...rest] = scripts.get(operation) ?? [awsError("UnknownOperationException")];
    if (rest.length > 0) scripts.set(operation, rest);
    return typeof next === "function" ? next(input, call) : (next as Answer);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    on: (operation, ...answers) => void scripts.set(operation, [...answers]),
    calls: (operation) => calls.get(operation) ?? [],
    regions: (operation) => regions.get(operation) ?? [],
    connections: () => connections,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface CallKind {
  readonly operation: string;
  readonly isQuery: boolean;
}

async function send(response: ServerResponse, answer: Answer, call: CallKind): Promise<void> {
  switch (answer.kind) {
    case "delayed":
      await sleep(answer.milliseconds);
      return send(response, answer.then, call);
    case "reset":
      if (answer.when === "within-answer") response.writeHead(200, { "content-length": 100 }).write('{"task');
      if (answer.when === "within-answer") await sleep(20);
      response.destroy();
      return;
    case "raw":
      return write(response, answer.status, answer.contentType, answer.body);
    case "json":
      return write(response, 200, "application/x-amz-json-1.1", JSON.stringify(answer.body));
    case "xml":
      return write(response, 200, "text/xml", queryResponse(call.operation, answer.result));
    case "error": {
      const { code, message, status } = answer;
      if (!call.isQuery) {
        return write(
          response,
          status,
          "application/x-amz-json-1.1",
          JSON.stringify({ __type: code, message }),
        );
      }
      const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
      return write(response, status, "text/xml", `<ErrorResponse>${error}</ErrorResponse>`);
    }
  }
}

function queryResponse(operation: string, result: string): string {
  return `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;
}

function write(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { "content-type": contentType, "x-amzn-requestid": "stub" }).end(body);
}

function isResetBeforeBody(scripted: Scripted | undefined): boolean {
  return typeof scripted === "object" && scripted.kind === "reset" && scripted.when === "before-body";
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
