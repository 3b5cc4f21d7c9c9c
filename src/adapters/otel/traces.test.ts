import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { approvedRollback } from "../../../test/samples/incidents-with-people.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { EventBody, IncidentEvent } from "../../domain/incident/incident-event.ts";
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

const event = (second: number, body: EventBody): IncidentEvent =>
  ({ ...body, incidentId: "i", key: `${body.kind}:${second}`, at: at(second) }) as IncidentEvent;

const failure = {
  code: "aws-refused",
  stage: "extend-lock",
  message: "private words of a store",
  remedy: "",
};

/** An incident of which the lock could not be extended once, closed ten seconds after its alarm. */
function historyOf(incident: Incident): readonly IncidentEvent[] {
  const { alert, evidence, diagnosis, decision, approval, verification, model } = incident;
  if (!evidence || !diagnosis || !decision || !approval?.answer || !verification || !model) {
    throw new Error("the sample has them");
  }
  const first = { attempt: "first" } as const;
  return [
    event(0, { kind: "opened", alert, diagnoser: "model" }),
    event(3, { kind: "evidence-collected", ...first, evidence }),
    event(9, { kind: "diagnosed", ...first, diagnosis, model }),
    event(9, { kind: "decided", ...first, decision }),
    event(9, {
      kind: "approval-answered",
      approvalId: approval.id,
      planHash: approval.planHash,
      answer: approval.answer,
    }),
    event(10, { kind: "step-failed", failure, noted: false }),
    ...incident.actions.map((result) => event(11, { kind: "action-ended", ...first, result })),
    event(12, { kind: "verified", ...first, verification }),
    CLOSED,
    event(15, { kind: "notified", channel: "message", what: "the report" }),
  ];
}

const CLOSED = event(13, { kind: "closed" });

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

const closedNow = () => traces().observe(CLOSED, withModel(), historyOf(withModel()));
const nano = (iso = "") => BigInt(Date.parse(iso)) * 1_000_000n;

it("sends the incident as a trace: what it went through inside, and the model's call in its stage", async () => {
  await closedNow();

  const root = named("incident");
  const diagnose = named("diagnose");
  const model = named("chat anthropic/claude-sonnet-5");
  expect(sent.map(({ path }) => path)).toEqual(["/v1/traces"]);
  expect(new Set(spansSent().map(({ traceId }) => traceId)).size).toBe(1);
  expect(root?.parentSpanId ?? "").toBe("");
  for (const name of ["collect-evidence", "diagnose", "decide", "approval", "action", "verify", "notify"]) {
    expect(named(name)?.parentSpanId, name).toBe(root?.spanId);
  }
  expect(named("action-step")?.parentSpanId).toBe(named("action")?.spanId);
  expect(BigInt(diagnose?.startTimeUnixNano ?? 0)).toBe(nano(at(3)));
  expect(model).toMatchObject({ parentSpanId: diagnose?.spanId, kind: 3 });
  expect(BigInt(model?.startTimeUnixNano ?? 0)).toBe(nano(at(5)));
  expect(attributesOf(model)).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "anthropic/claude-sonnet-5",
    "gen_ai.response.model": "anthropic/claude-sonnet-5-20260901",
    "gen_ai.usage.input_tokens": 3_200,
    "gen_ai.usage.output_tokens": 410,
  });
  expect(attributesOf(root)).toMatchObject({ "opsagent.incident.id": withModel().id });
});

it("shows waits as long as they were, and the telling of people after the closing", async () => {
  const { approval, verification } = withModel();

  await closedNow();

  expect(BigInt(named("approval")?.startTimeUnixNano ?? 0)).toBe(nano(approval?.requestedAt));
  expect(BigInt(named("approval")?.endTimeUnixNano ?? 0)).toBe(nano(approval?.answer?.at));
  expect(BigInt(named("verify")?.startTimeUnixNano ?? 0)).toBe(nano(verification?.startedAt));
  expect(BigInt(named("notify")?.startTimeUnixNano ?? 0)).toBe(nano(at(13)));
  expect(BigInt(named("notify")?.endTimeUnixNano ?? 0)).toBe(nano(at(15)));
});

it("marks a step that failed, with its code", async () => {
  await closedNow();

  expect(named("extend-lock")?.status.code).toBe(2);
  expect(attributesOf(named("extend-lock"))).toEqual({ "error.type": "aws-refused" });
  expect(named("decide")?.status.code).not.toBe(2);
});

it("sends no text that somebody wrote", async () => {
  const incident = withModel();

  await closedNow();

  const body = JSON.stringify(sent);
  expect(body).toContain(incident.id);
  const step = incident.actions[0]?.steps[0];
  for (const text of [
    incident.summary,
    incident.diagnosis?.rootCause ?? "-",
    incident.alert.title,
    failure.message,
    step?.what ?? "-",
  ]) {
    expect(body).not.toContain(text);
  }
});

it("sends nothing before the end, and nothing when the incident is closed again", async () => {
  for (const one of historyOf(withModel()).filter(({ kind }) => kind !== "closed")) {
    await traces().observe(one, withModel(), historyOf(withModel()));
  }
  await traces().observe({ ...CLOSED, again: true } as IncidentEvent, withModel(), historyOf(withModel()));

  expect(sent).toEqual([]);
});

it("sends the same spans again when a step is repeated", async () => {
  await closedNow();
  await closedNow();

  const ids = (index: number) => spansSent(index).map(({ traceId, spanId }) => `${traceId}/${spanId}`);
  expect(ids(0)).toEqual(ids(1));
  expect(new Set(ids(0)).size).toBe(ids(0).length);
});
