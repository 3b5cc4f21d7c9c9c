import { afterEach, describe, expect, test } from "vitest";
import { createOpenRouterClient } from "../../src/adapters/openrouter/client.ts";
import type { OpenRouterOptions } from "../../src/adapters/openrouter/settings.ts";
import type { ModelAnswer } from "../../src/diagnosis/ports.ts";
import { textFor } from "../../src/domain/exit.ts";
import { ModelError } from "../../src/domain/model-error.ts";
import {
  completion,
  errorInside200,
  httpError,
  json,
  type ModelServer,
  respond,
  type ScriptedAnswer,
  startModelServer,
} from "../support/model-server.ts";

const KEY = "sk-or-v1-0123456789abcdef0123456789abcdef";
const REQUEST = {
  system: textFor("model", "system text"),
  user: textFor("model", "user text"),
  schemaName: "diagnosis",
  schema: { type: "object", properties: {}, required: [], additionalProperties: false },
  maxOutputTokens: 100,
};

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

interface Asked {
  /** Milliseconds between one request and the next, as the server saw them. */
  readonly waits: () => number[];
  readonly ask: () => Promise<ModelAnswer>;
}

/** A client before a server that plays the script. */
async function run(
  script: readonly ScriptedAnswer[],
  options: Partial<OpenRouterOptions> = {},
): Promise<Asked> {
  const { requests, url } = await startServer(script);
  const client = createOpenRouterClient({
    apiKey: KEY,
    baseURL: url,
    models: ["test/model-1"],
    ...options,
  });
  const waits = () => requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0));
  return { waits, ask: () => client.ask(REQUEST) };
}

async function startServer(script: readonly ScriptedAnswer[]): Promise<ModelServer> {
  server = await startModelServer(...script);
  return server;
}

/** What a server may send with a failure so that tests do not wait for the next try. */
const AT_ONCE = { "retry-after-ms": "1" };

async function failure(asking: Promise<unknown>): Promise<ModelError> {
  const thrown = await asking.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof ModelError)) throw new Error(`expected a ModelError, got ${String(thrown)}`);
  return thrown;
}

describe("an answer", () => {
  test("is the text with the model that answered, tokens, cost and time", async () => {
    const { ask } = await run([completion("{}", { model: "other/fallback" })]);

    const answer = await ask();

    expect(answer.text).toBe("{}");
    expect(answer.usage).toMatchObject({
      model: "other/fallback",
      calls: 1,
      inputTokens: 1000,
      outputTokens: 200,
      costUsd: 0.0042,
    });
    expect(answer.usage.milliseconds).toBeGreaterThanOrEqual(0);
  });

  test("needs no usage and no model name", async () => {
    const { ask } = await run([json({ choices: [{ message: { content: "{}" } }] })]);

    const { usage } = await ask();

    expect(usage).toMatchObject({ model: "test/model-1", calls: 1, inputTokens: 0, outputTokens: 0 });
    expect(usage).not.toHaveProperty("costUsd");
  });

  test("tolerates the blank lines that OpenRouter sends to keep a connection open", async () => {
    const body = JSON.stringify({ choices: [{ finish_reason: "stop", message: { content: "{}" } }] });
    const { ask } = await run([respond(200, `\n\n  \n${body}`, { "content-type": "application/json" })]);

    await expect(ask()).resolves.toMatchObject({ text: "{}" });
  });
});

describe("the request", () => {
  test("asks for strict JSON, fallbacks, and providers that obey and do not collect", async () => {
    const { ask } = await run([completion("{}")], { models: ["a/one", "b/two", "c/three"] });

    await ask();

    const sent = server?.requests[0];
    expect(sent?.url).toBe("/api/v1/chat/completions");
    expect(sent?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(sent?.body).toMatchObject({
      model: "a/one",
      models: ["a/one", "b/two", "c/three"],
      provider: { require_parameters: true, data_collection: "deny" },
      max_tokens: 100,
      messages: [
        { role: "system", content: "system text" },
        { role: "user", content: "user text" },
      ],
      response_format: {
        type: "json_schema",
        json_schema: { name: "diagnosis", strict: true, schema: REQUEST.schema },
      },
    });
    expect(sent?.body).not.toHaveProperty("temperature");
  });

  test.each([
    httpError(400, "Unrecognized request argument supplied: models"),
    httpError(400, "property 'provider' is unsupported"),
    respond(422, '{"detail":[{"type":"extra_forbidden","loc":["body","provider"]}]}', {
      "content-type": "application/json",
    }),
  ])("leaves OpenRouter's fields out for a server that refuses them by name", async (refused) => {
    const { ask } = await run([refused, completion("{}")], { maxAttempts: 1 });

    await ask();
    await ask();

    const bodies = server?.requests.map(({ body }) => body);
    expect(bodies).toHaveLength(3);
    expect(bodies?.[1]).not.toHaveProperty("models");
    expect(bodies?.[1]).not.toHaveProperty("provider");
    expect(bodies?.[2]).not.toHaveProperty("provider");
  });

  test("keeps them when a server refuses for another reason", async () => {
    const { ask } = await run([httpError(400, "context length exceeded by the provider")]);

    const error = await failure(ask());

    expect(error.code).toBe("model-refused");
    expect(server?.requests).toHaveLength(1);
  });

  test("without OpenRouter's fallback, a further try names the next model", async () => {
    const { ask } = await run(
      [
        httpError(400, "Unknown parameter: 'provider'"),
        httpError(503, "overloaded", AT_ONCE),
        completion("{}"),
      ],
      { models: ["one", "two"] },
    );

    await ask();

    expect(server?.requests.map(({ body }) => body.model)).toEqual(["one", "one", "two"]);
  });
});

describe("retries", () => {
  test("429 with Retry-After: waits what is asked, then succeeds", async () => {
    const { ask, waits } = await run([httpError(429, "slow down", { "retry-after": "1" }), completion("{}")]);

    const { usage } = await ask();

    expect(usage.calls).toBe(2);
    expect(waits()).toHaveLength(1);
    expect(waits()[0]).toBeGreaterThanOrEqual(990);
  });

  test("429 with a date in Retry-After", async () => {
    const date = new Date(Date.now() + 3_000).toUTCString();
    const { ask, waits } = await run([
      httpError(429, "slow down", { "retry-after": date }),
      completion("{}"),
    ]);

    await ask();

    // A date names whole seconds.
    expect(waits()[0]).toBeGreaterThan(1_500);
  });

  test("429 forever: gives up after the last try", async () => {
    const { ask, waits } = await run([httpError(429, "slow down")], { maxAttempts: 4 });

    const error = await failure(ask());

    expect(error).toMatchObject({ code: "model-rate-limited", retryable: true });
    expect(error.message).toContain("in 4 tries");
    expect(server?.requests).toHaveLength(4);
    expect(waits()[0]).toBeGreaterThanOrEqual(370);
    expect(waits()[2]).toBeGreaterThanOrEqual(1_490);
  });

  test.each([
    { asked: "3600", timeoutSeconds: 90 },
    { asked: "70", timeoutSeconds: 90 },
    { asked: "20", timeoutSeconds: 10 },
  ])("a wait beyond the deadline, or a minute, is not begun: %j", async ({ asked, timeoutSeconds }) => {
    const { ask } = await run([httpError(429, "slow down", { "retry-after": asked })], { timeoutSeconds });
    const started = performance.now();

    const error = await failure(ask());

    expect(error.code).toBe("model-rate-limited");
    expect(error.message).toContain(`asked to wait ${asked} s`);
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(server?.requests).toHaveLength(1);
  });

  test.each([408, 409, 500, 502, 503, 504, 524, 529])("%i is tried again", async (status) => {
    const { ask } = await run([httpError(status, "busy", AT_ONCE), completion("{}")]);

    await expect(ask()).resolves.toMatchObject({ usage: { calls: 2 } });
  });

  test.each([
    { kind: "reset" },
    { kind: "cut" },
    { kind: "respond", status: 200, headers: AT_ONCE, body: '{"error":{"code":502,"message":"upstream"}}' },
  ] as const)("%j is tried again", async (broken) => {
    const { ask } = await run([broken, completion("{}")]);

    await expect(ask()).resolves.toMatchObject({ usage: { calls: 2 } });
  });

  test.each([400, 401, 402, 403, 404, 413, 422])("%i is not, even with Retry-After", async (status) => {
    const { ask } = await run([
      httpError(status, "no", { "retry-after": "1", "x-should-retry": "true" }),
      completion("{}"),
    ]);

    const error = await failure(ask());

    expect(error.retryable).toBe(false);
    expect(server?.requests).toHaveLength(1);
  });

  test("a server that says that another try is of no use is tried again all the same", async () => {
    const never = httpError(503, "x", { ...AT_ONCE, "x-should-retry": "false" });
    const { ask } = await run([never, completion("{}")]);

    await expect(ask()).resolves.toMatchObject({ usage: { calls: 2 } });
  });

  test("one try is one, whatever the server says", async () => {
    const { ask } = await run([httpError(500, "x", { "x-should-retry": "true" })], { maxAttempts: 1 });

    await failure(ask());

    expect(server?.requests).toHaveLength(1);
  });
});

describe("failures", () => {
  test.each([
    [httpError(401, "No auth credentials found"), "model-refused", "OPENROUTER_API_KEY"],
    [httpError(402, "Insufficient credits"), "model-out-of-credit", "credit"],
    [httpError(403, "flagged"), "model-refused", "moderation"],
    [httpError(404, "No endpoints found"), "model-refused", "LLM_MODEL"],
    [httpError(413, "too large"), "model-refused", "context"],
    [httpError(502, "Provider returned error"), "model-unreachable", "status page"],
    [
      respond(502, "<html><b>Bad gateway</b></html>", { "content-type": "text/html" }),
      "model-unreachable",
      "",
    ],
    [respond(500, ""), "model-unreachable", ""],
    [httpError(504, "gateway timeout"), "model-timeout", "timeout"],
    [errorInside200(429, "rate limit"), "model-rate-limited", ""],
    [errorInside200(402, "credits"), "model-out-of-credit", "credit"],
    [errorInside200("502", "upstream"), "model-unreachable", ""],
    [errorInside200("server_error", "upstream"), "model-unreachable", ""],
    [json({ choices: [{ finish_reason: "error", error: { code: 502 } }] }), "model-unreachable", ""],
    [json({ choices: [{ finish_reason: "error", message: { content: "half" } }] }), "model-unreachable", ""],
    [completion('{"cause":"oom', { finishReason: "length" }), "model-invalid-answer", "output limit"],
    [completion(null, { refusal: "I cannot help" }), "model-refused", "LLM_MODEL"],
    [completion("", { finishReason: "content_filter" }), "model-refused", "filter"],
    [completion(""), "model-invalid-answer", ""],
    [completion(null), "model-invalid-answer", ""],
    [json({ choices: [] }), "model-invalid-answer", ""],
    [json({}), "model-invalid-answer", ""],
    [json([]), "model-invalid-answer", "OPENROUTER_BASE_URL"],
    [
      respond(200, "<html>welcome</html>", { "content-type": "text/html" }),
      "model-invalid-answer",
      "BASE_URL",
    ],
    [respond(200, "{oops", { "content-type": "application/json" }), "model-invalid-answer", "BASE_URL"],
    [respond(200, "", { "content-type": "application/json" }), "model-invalid-answer", "BASE_URL"],
    [respond(204, ""), "model-invalid-answer", "BASE_URL"],
    [{ kind: "reset" }, "model-unreachable", "OPENROUTER_BASE_URL"],
    [{ kind: "cut" }, "model-unreachable", "OPENROUTER_BASE_URL"],
  ] as const)("%j is %s", async (answer, code, remedy) => {
    const { ask } = await run([answer as ScriptedAnswer], { maxAttempts: 1 });

    const error = await failure(ask());

    expect(error.code).toBe(code);
    expect(error.remedy).toContain(remedy);
    expect(error.message).not.toContain("<");
    expect(error.message).toContain(new URL(server?.url ?? "").host);
  });

  test("a provider's own words reach the message", async () => {
    const body = {
      error: {
        code: 502,
        message: "Provider returned error",
        metadata: { provider_name: "P", raw: "grammar too large" },
      },
    };
    const { ask } = await run([
      respond(502, JSON.stringify(body), { "content-type": "application/json", ...AT_ONCE }),
    ]);

    const error = await failure(ask());

    expect(error.message).toContain("(code 502) in 3 tries: Provider returned error - P - grammar too large");
  });

  test.each([{ kind: "hang" }, { kind: "stall" }] as const)("%j is a timeout", async (answer) => {
    const { ask } = await run([answer], { timeoutSeconds: 1.5, maxAttempts: 1 });

    const error = await failure(ask());

    expect(error).toMatchObject({ code: "model-timeout", retryable: true });
  });

  test("a hung try leaves time for another", async () => {
    const { ask } = await run([{ kind: "hang" }, completion("{}")], { timeoutSeconds: 2 });

    await expect(ask()).resolves.toMatchObject({ text: "{}", usage: { calls: 2 } });
  });

  test("all tries together end by the deadline", async () => {
    const { ask } = await run([{ kind: "hang" }], { timeoutSeconds: 0.6, maxAttempts: 20 });
    const started = performance.now();

    const error = await failure(ask());

    expect(error.code).toBe("model-timeout");
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  test("nobody listens", async () => {
    const { ask } = await run([completion("{}")]);
    await server?.close();

    const error = await failure(ask());

    expect(error.code).toBe("model-unreachable");
    expect(error.message).toContain("ECONNREFUSED");
  });

  test("carry what they cost", async () => {
    const { ask } = await run([completion("{", { finishReason: "length" })]);

    const error = await failure(ask());

    expect(error.usage).toMatchObject({ calls: 1, outputTokens: 200, costUsd: 0.0042 });
  });
});

describe("the budget", () => {
  test("stops further tries of the same ask", async () => {
    const broken = { error: { code: 502, message: "upstream" }, usage: { cost: 0.01 } };
    const { ask } = await run([json(broken, AT_ONCE)], { budgetUsd: 0.015 });

    const error = await failure(ask());

    expect(error).toMatchObject({ code: "model-unreachable", usage: { calls: 2, costUsd: 0.02 } });
  });

  test("stops further asks once it is spent, whatever they were spent on", async () => {
    const { ask } = await run([completion("{", { finishReason: "length" }), completion("{}")], {
      budgetUsd: 0.004,
    });
    await failure(ask());

    const error = await failure(ask());

    expect(error.code).toBe("model-budget");
    expect(server?.requests).toHaveLength(1);
  });
});

describe("settings that cannot work are told at once", () => {
  test.each([
    [{ apiKey: " " }, "OPENROUTER_API_KEY"],
    [{ apiKey: "sk-with\nnewline" }, "OPENROUTER_API_KEY"],
    [{ models: [] }, "LLM_MODEL"],
    [{ models: ["a", "b", "c", "d"] }, "LLM_MODEL"],
    [{ baseURL: "not a url" }, "OPENROUTER_BASE_URL"],
    [{ baseURL: "http://user:secret@host/v1" }, "OPENROUTER_BASE_URL"],
  ])("%j", (options, variable) => {
    const create = () => createOpenRouterClient({ apiKey: KEY, models: ["m"], ...options });

    expect(create).toThrow(expect.objectContaining({ code: "model-not-configured" }));
    expect(create).toThrow(expect.objectContaining({ remedy: expect.stringContaining(variable) }));
    expect(create).toThrow(expect.objectContaining({ message: expect.not.stringContaining("secret") }));
  });
});
