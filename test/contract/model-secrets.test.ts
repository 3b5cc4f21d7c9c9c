import { inspect } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { createOpenRouterClient } from "../../src/adapters/openrouter/client.ts";
import { textFor } from "../../src/domain/exit.ts";
import {
  completion,
  errorInside200,
  httpError,
  type ModelServer,
  respond,
  type ScriptedAnswer,
  startModelServer,
} from "../support/model-server.ts";

const KEY = "own-key-9f8e7d6c5b4a39281706";
const REQUEST = {
  system: textFor("model", "s"),
  user: textFor("model", "u"),
  schemaName: "n",
  schema: {},
  maxOutputTokens: 10,
};

let server: ModelServer | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await server?.close();
});

/** A server, or a gateway before it, that quotes the key in every way it can. */
const echoes: ScriptedAnswer[] = [
  httpError(401, `Incorrect API key provided: ${KEY}`),
  httpError(400, `bad header Authorization: Bearer ${KEY}`),
  httpError(402, `key ${encodeURIComponent(KEY)} has no credit`),
  httpError(404, `${Buffer.from(KEY).toString("base64")} may not use it`),
  httpError(500, KEY.repeat(50)),
  respond(502, `Bearer ${KEY}`, { "content-type": "text/plain" }),
  respond(500, JSON.stringify({ error: { code: 500, metadata: { raw: `Bearer ${KEY}` } } }), {
    "content-type": "application/json",
  }),
  respond(500, JSON.stringify({ error: { key: KEY } }), { "content-type": "application/json" }),
  respond(200, `{${KEY}`, { "content-type": "application/json" }),
  errorInside200(403, `key ${KEY} is blocked`),
  completion(null, { refusal: `I will not use ${KEY}` }),
  { kind: "reset" },
];

test.each(echoes)("the key is in no error and no log: %j", async (answer) => {
  vi.stubEnv("OPENAI_LOG", "debug");
  const printed: unknown[] = [];
  for (const method of ["log", "debug", "info", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((...values) => printed.push(values));
  }
  server = await startModelServer(answer);
  const client = createOpenRouterClient({
    apiKey: KEY,
    baseURL: server.url,
    models: ["m"],
    maxAttempts: 2,
  });

  const thrown: unknown = await client.ask(REQUEST).catch((error: unknown) => error);

  expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(thrown).toBeInstanceOf(Error);
  const everything = inspect([thrown, printed], { depth: null, showHidden: true });
  expect(everything).not.toContain(KEY);
  expect(everything).not.toContain(Buffer.from(KEY).toString("base64"));
  expect(JSON.stringify(thrown)).not.toContain(KEY);
  expect(inspect(client, { depth: null, showHidden: true })).not.toContain(KEY);
});

test("identities meant for another server are not sent", async () => {
  vi.stubEnv("OPENAI_ORG_ID", "org-of-someone");
  vi.stubEnv("OPENAI_PROJECT_ID", "project-of-someone");
  vi.stubEnv("OPENAI_API_KEY", "key-of-someone");
  server = await startModelServer(completion("{}"));
  const client = createOpenRouterClient({ apiKey: KEY, baseURL: server.url, models: ["m"] });

  await client.ask(REQUEST);

  expect(JSON.stringify(server.requests)).not.toContain("of-someone");
});
