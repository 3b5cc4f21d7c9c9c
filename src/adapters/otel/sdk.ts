/** The parts of OpenTelemetry that are used, loaded only where an endpoint is named. */
export { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
export { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
export { resourceFromAttributes } from "@opentelemetry/resources";
export { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
