/** Incidents as OpenTelemetry traces over OTLP/HTTP; the address and headers are the vendor's own variables. */
import { createHash } from "node:crypto";
import type { Context, Tracer } from "@opentelemetry/api";
import type { Telemetry } from "../../domain/ports.ts";
import type { SpanData } from "./spans.ts";

type Sdk = typeof import("./sdk.ts");

export interface TraceSettings {
  /** The model asked first. */
  readonly requestModel: string;
  readonly version: string;
}

/** What sending may take, in milliseconds: an incident does not wait longer for its trace. */
const SEND_WITHIN_MS = 3_000;

/**
 * One trace an incident, sent when people were told of it. Its ids follow from the incident's, so that a step that was
 * repeated after a crash sends the same spans again instead of others. `observe` rejects when sending failed.
 */
export function createTraces({ requestModel, version }: TraceSettings): Telemetry {
  return {
    observe: async (event, incident, history) => {
      if (event.kind !== "closed" || event.again === true) return;
      const [sdk, { spansOf }] = await Promise.all([import("./sdk.ts"), import("./spans.ts")]);
      const exporter = new sdk.OTLPTraceExporter({ timeoutMillis: SEND_WITHIN_MS });
      const provider = new sdk.TracerProvider({
        idGenerator: idsOf(incident.id),
        resource: sdk.resourceFromAttributes({ "service.name": "opsagent", "service.version": version }),
        spanProcessors: [new sdk.BatchSpanProcessor({ exporter, exportTimeoutMillis: SEND_WITHIN_MS })],
      });
      record(
        spansOf(incident, history, requestModel),
        sdk.ROOT_CONTEXT,
        provider.getTracer("opsagent", version),
        sdk,
      );
      try {
        await provider.forceFlush();
      } finally {
        await provider.shutdown();
      }
    },
  };
}

function record(span: SpanData, parent: Context, tracer: Tracer, sdk: Sdk): void {
  const { name, startedAt, endedAt, failed, attributes, client, children } = span;
  const kind = client ? sdk.SpanKind.CLIENT : sdk.SpanKind.INTERNAL;
  const started = tracer.startSpan(name, { kind, attributes, startTime: new Date(startedAt) }, parent);
  const inside = sdk.trace.setSpan(parent, started);
  for (const child of children) record(child, inside, tracer, sdk);
  if (failed) started.setStatus({ code: sdk.SpanStatusCode.ERROR });
  started.end(new Date(endedAt));
}

/** Sixteen bytes for the trace and eight for each span, in the order in which spans are started. */
function idsOf(incidentId: string) {
  let spans = 0;
  const hash = (text: string, digits: number) =>
    createHash("sha256").update(text).digest("hex").slice(0, digits);
  return {
    generateTraceId: () => hash(incidentId, 32),
    generateSpanId: () => {
      spans += 1;
      return hash(`${incidentId}:${spans}`, 16);
    },
  };
}
