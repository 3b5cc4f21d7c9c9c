/** A model server on loopback that plays a script, for tests through the real SDK. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One answer of the script. */
export type ScriptedAnswer =
  | {
      readonly kind: "respond";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Sends headers and half a body, then nothing. */
  | { readonly kind: "stall" }
  /** Closes the connection without an answer. */
  | { readonly kind: "reset" }
  /** Closes the connection in the middle of the body. */
  | { readonly kind: "cut" };

interface ModelServerRequest {
  readonly url: string;
  /** When it came, epoch milliseconds. */
  readonly at: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: SentBody;
}

/** What tests look at in a sent request. */
export interface SentBody {
  readonly model: string;
  readonly models?: readonly string[];
  readonly provider?: Readonly<Record<string, unknown>>;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly max_tokens?: number;
  readonly temperature?: number;
  readonly response_format?: {
    readonly type: string;
    readonly json_schema: { readonly name: string; readonly strict: boolean; readonly schema: unknown };
  };
}

export interface ModelServer {
  /** For `baseURL` and OPENROUTER_BASE_URL. */
  readonly url: string;
  readonly requests: readonly ModelServerRequest[];
  /** The questions for words, which the script does not answer. */
  readonly explanations: readonly ModelServerRequest[];
  /** How questions for words are answered; they are refused before. */
  explain(answer: Scripted): void;
  close(): Promise<void>;
}

/** An answer, or what makes one of the request. */
export type Scripted = ScriptedAnswer | ((body: SentBody) => ScriptedAnswer);

/** Starts a server that answers with the script in order; the last answer repeats. */
export async function startModelServer(...script: readonly Scripted[]): Promise<ModelServer> {
  const requests: ModelServerRequest[] = [];
  const explanations: ModelServerRequest[] = [];
  let explaining: Scripted = { kind: "respond", status: 400, headers: {}, body: "{}" };
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => "");
    const sent = JSON.parse(body || "null") as SentBody;
    const forWords = sent?.response_format?.json_schema.name === "explanation";
    const next = script[Math.min(requests.length, script.length - 1)] ?? { kind: "reset" };
    const scripted = forWords ? explaining : next;
    (forWords ? explanations : requests).push({
      url: request.url ?? "",
      at: Date.now(),
      headers: request.headers,
      body: sent,
    });
    play(typeof scripted === "function" ? scripted(sent) : scripted, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/v1`,
    requests,
    explanations,
    explain: (answer) => {
      explaining = answer;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function play(answer: ScriptedAnswer, response: ServerResponse): void {
  switch (answer.kind) {
    case "respond":
      response.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    case "stall":
    case "cut":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"id":"gen-1",', () => {
        if (answer.kind === "cut") response.socket?.destroy();
      });
      return;
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "hang":
      return;
  }
}

/** A 200 with this JSON. */
export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer {
  return respond(200, JSON.stringify(body), { "content-type": "application/json", ...headers });
}

export function respond(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): ScriptedAnswer {
  return { kind: "respond", status, headers, body };
}

/** A chat completion whose message is this text, or this value as JSON. */
export function completion(
  content: unknown,
  options: {
    readonly finishReason?: string;
    readonly refusal?: string;
    readonly model?: string;
    readonly usage?: unknown;
  } = {},
): ScriptedAnswer {
  return json({
    id: "gen-1",
    object: "chat.completion",
    created: 1_793_000_000,
    model: options.model ?? "test/model-1",
    choices: [
      {
        index: 0,
        finish_reason: options.finishReason ?? "stop",
        message: {
          role: "assistant",
          content: typeof content === "string" || content === null ? content : JSON.stringify(content),
          ...(options.refusal === undefined ? {} : { refusal: options.refusal }),
        },
      },
    ],
    usage: options.usage ?? { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200, cost: 0.0042 },
  });
}

/** An HTTP error as OpenRouter words it. */
export function httpError(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ScriptedAnswer {
  const body = JSON.stringify({ error: { code: status, message } });
  return respond(status, body, { "content-type": "application/json", ...headers });
}

/** A failure after generation began: HTTP 200 with an `error`. */
export function errorInside200(code: number | string, message: string): ScriptedAnswer {
  return json({ id: "gen-1", error: { code, message } });
}

/** The fields of a good answer that cites E1; override what the test is about. */
export function goodAnswer(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    evidence: ["E1"],
    against: [],
    ruledOut: [{ cause: "traffic-spike", why: "requests are at their baseline" }],
    cause: "oom-kill",
    rootCause: "The container went over its memory limit and was killed.",
    action: "restart",
    confidence: 0.91,
    severity: "P2",
    rca: "Memory climbed to the limit; ECS reports OutOfMemoryError.",
    missing: [],
    nextSteps: ["Look for the leak."],
    ...overrides,
  };
}
