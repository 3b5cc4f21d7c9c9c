import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { approvedRollback } from "../../../test/samples/incidents-with-people.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { StageTime } from "../../domain/ports.ts";
import { createTraces } from "./traces.ts";

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
  readonly status: { readonly code?: number };
}

interface Sent {
  readonly path: string;
  readonly body: {
    readonly resourceSpans: readonly {
      readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
    }[];
  };
}

/** A collector on loopback that takes what the real exporter sends. */
let sent: Sent[];
let close: () => Promise<void>;
let status: number;

beforeEach(async () => {
  sent = [];
  status = 200;
  const server = createServer(async (request, response) => {
    sent.push({ path: request.url ?? "", body: (await json(request)) as Sent["body"] });
    response.writeHead(status, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", `http://127.0.0.1:${port}`);
  close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await close();
});

const at = (second: number) => new Date(Date.UTC(2026, 10, 29, 0, 0, second)).toISOString();
const STAGES: readonly StageTime[] = [
  { name: "observe", startedAt: at(1), endedAt: at(3), failed: false },
  { name: "diagnose", startedAt: at(3), endedAt: at(9), failed: false },
  { name: "act-stop-1", startedAt: at(9), endedAt: at(10), failed: true },
];

function withModel(): Incident {
  return {
    ...approvedRollback(),
    summary: "private words of a log line",
    model: {
      model: "anthropic/claude-sonnet-5-20260901",
      calls: 1,
      inputTokens: 3_200,
      outputTokens: 410,
      costUsd: 0.016,
      milliseconds: 4_000,
    },
  };
}

const traces = () => createTraces({ requestModel: "anthropic/claude-sonnet-5", version: "1.2.3" });
const spansSent = (index = 0): readonly Span[] =>
  sent[index]?.body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)) ?? [];
const named = (name: string) => spansSent().find((span) => span.name === name);
const attributesOf = (span: Span | undefined) =>
  Object.fromEntries(
    span?.attributes.map(({ key, value }) => [key, Object.values(value as object)[0]]) ?? [],
  );

it("sends the incident as a trace: stages inside, and the model's call in its stage", async () => {
  await traces().closed(withModel(), STAGES);

  const root = named("incident");
  const diagnose = named("diagnose");
  const model = named("chat anthropic/claude-sonnet-5");
  expect(sent.map(({ path }) => path)).toEqual(["/v1/traces"]);
  expect(new Set(spansSent().map(({ traceId }) => traceId)).size).toBe(1);
  expect(root?.parentSpanId ?? "").toBe("");
  for (const { name } of STAGES) expect(named(name)?.parentSpanId).toBe(root?.spanId);
  expect(named("approval")).toBeDefined();
  expect(BigInt(diagnose?.startTimeUnixNano ?? 0)).toBe(BigInt(Date.parse(at(3))) * 1_000_000n);
  expect(model).toMatchObject({ parentSpanId: diagnose?.spanId, kind: 3 });
  expect(BigInt(model?.startTimeUnixNano ?? 0)).toBe(BigInt(Date.parse(at(5))) * 1_000_000n);
  expect(attributesOf(model)).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "anthropic/claude-sonnet-5",
    "gen_ai.response.model": "anthropic/claude-sonnet-5-20260901",
    "gen_ai.usage.input_tokens": 3_200,
    "gen_ai.usage.output_tokens": 410,
  });
  expect(named("act-stop-1")?.status.code).toBe(2);
  expect(attributesOf(root)).toMatchObject({ "opsagent.incident.id": withModel().id });
});

it("sends no text that somebody wrote", async () => {
  const incident = withModel();

  await traces().closed(incident, STAGES);

  const body = JSON.stringify(sent);
  expect(body).toContain(incident.id);
  for (const text of [incident.summary, incident.diagnosis?.rootCause ?? "-", incident.alert.title]) {
    expect(body).not.toContain(text);
  }
});

it("sends the same spans again when a step is repeated", async () => {
  await traces().closed(withModel(), STAGES);
  await traces().closed(withModel(), STAGES);

  const ids = (index: number) => spansSent(index).map(({ traceId, spanId }) => `${traceId}/${spanId}`);
  expect(ids(0)).toEqual(ids(1));
  expect(new Set(ids(0)).size).toBe(ids(0).length);
});
