/** What an incident looks like as a trace: names, times and closed words only, never a text that somebody wrote. */
import type { ActionStep, Incident } from "../../domain/incident/incident.ts";
import type { EventOf, IncidentEvent } from "../../domain/incident/incident-event.ts";

type Attributes = Readonly<Record<string, string | number>>;

export interface SpanData {
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly failed: boolean;
  readonly attributes: Attributes;
  /** Calls another service. */
  readonly client?: boolean;
  readonly children: readonly SpanData[];
}

/** The incident with what it went through, from its events in the order in which they happened. */
export function spansOf(
  incident: Incident,
  history: readonly IncidentEvent[],
  requestModel: string,
): SpanData {
  const began = incident.alert.receivedAt;
  const children: SpanData[] = [];
  let since = began;
  for (const event of history) {
    const span = spanOf(event, { since, history, incident, requestModel });
    if (span === undefined) continue;
    children.push(span);
    since = span.endedAt;
  }
  return {
    name: "incident",
    startedAt: began,
    endedAt: [began, ...children.map(({ endedAt }) => endedAt)].toSorted().at(-1) ?? began,
    failed: incident.status === "failed",
    attributes: {
      "opsagent.incident.id": incident.id,
      "opsagent.status": incident.status,
      "opsagent.severity": incident.severity,
      ...given("opsagent.cluster", incident.target?.cluster),
      ...given("opsagent.service", incident.target?.service),
      ...given("opsagent.cause", incident.diagnosis?.cause),
      ...given("opsagent.decision", incident.decision?.kind),
      ...given("opsagent.action", incident.actions.at(-1)?.action),
      ...given("opsagent.verification", incident.verification?.outcome),
      ...given("error.type", incident.failures[0]?.code),
    },
    children,
  };
}

interface Around {
  /** The end of what came before. */
  readonly since: string;
  readonly history: readonly IncidentEvent[];
  readonly incident: Incident;
  readonly requestModel: string;
}

/** The span that ends with the event; undefined for events that end nothing. */
function spanOf(event: IncidentEvent, around: Around): SpanData | undefined {
  const { since, incident, history } = around;
  const ends = (name: string, attributes: Attributes = {}, children: readonly SpanData[] = []): SpanData =>
    span(name, since, event.at, attributes, children);
  switch (event.kind) {
    case "grace-period-ended":
      return ends("grace-period");
    case "look-postponed":
    case "evidence-collected":
      return ends("collect-evidence");
    case "diagnosed":
      return ends("diagnose", given("opsagent.cause", event.diagnosis.cause), modelCall(event, around));
    case "diagnosis-failed":
      return { ...ends("diagnose", {}, modelCall(event, around)), failed: true };
    case "decided":
      return ends("decide", { "opsagent.decision": event.decision.kind });
    case "approval-answered": {
      const asked = [incident.approval, incident.further?.approval].find(
        (one) => one?.id === event.approvalId,
      );
      const verdict = { "opsagent.verdict": event.answer.verdict };
      return span("approval", asked?.requestedAt ?? since, event.answer.at, verdict);
    }
    case "action-ended": {
      const { action, outcome, steps } = event.result;
      return ends("action", { "opsagent.action": action, "opsagent.outcome": outcome }, steps.map(stepSpan));
    }
    case "verified": {
      const { outcome, looks, startedAt, endedAt } = event.verification;
      const attributes = { "opsagent.verification": outcome, "opsagent.looks": looks };
      return span("verify", startedAt, endedAt, attributes);
    }
    case "undone":
      return ends("undo", {}, event.steps.map(stepSpan));
    case "step-failed":
      if (event.noted) return undefined;
      return { ...ends(event.failure.stage, given("error.type", event.failure.code)), failed: true };
    case "closed":
      return span("notify", event.at, lastDelivery(history, event.at));
    default:
      return undefined;
  }
}

/** https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ without the opt-in contents. */
function modelCall(
  event: EventOf<"diagnosed"> | EventOf<"diagnosis-failed">,
  { since, incident, requestModel }: Around,
): SpanData[] {
  const { at, model } = event;
  const failure =
    event.kind === "diagnosed"
      ? event.modelFailure
      : incident.failures.find(({ code }) => code.startsWith("model-"));
  if (model === undefined && failure === undefined) return [];
  const ended = Date.parse(at);
  const began = Math.max(Date.parse(since), ended - (model?.milliseconds ?? ended));
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openrouter",
    "gen_ai.request.model": requestModel,
    ...given("gen_ai.response.model", model?.model),
    ...given("gen_ai.usage.input_tokens", model?.inputTokens),
    ...given("gen_ai.usage.output_tokens", model?.outputTokens),
    ...given("opsagent.model.calls", model?.calls),
    ...given("opsagent.model.cost_usd", model?.costUsd),
    ...given("error.type", failure?.code),
  };
  const call = span(`chat ${requestModel}`, new Date(began).toISOString(), at, attributes);
  return [{ ...call, failed: failure !== undefined, client: true }];
}

/** One call to the service, or the wait for what it does. Its words name tasks, so that only its outcome is told. */
function stepSpan({ outcome, startedAt, endedAt }: ActionStep): SpanData {
  const failed = outcome === "refused" || outcome === "unknown";
  return { ...span("action-step", startedAt, endedAt, { "opsagent.outcome": outcome }), failed };
}

/** When the last message of the closing was delivered, or given up; `closedAt` where there was none. */
function lastDelivery(history: readonly IncidentEvent[], closedAt: string): string {
  const last = history.findLast(({ kind }) => kind === "notified" || kind === "notification-failed");
  return last !== undefined && last.at > closedAt ? last.at : closedAt;
}

function span(
  name: string,
  startedAt: string,
  endedAt: string,
  attributes: Attributes = {},
  children: readonly SpanData[] = [],
): SpanData {
  return { name, startedAt, endedAt, failed: false, attributes, children };
}

function given(name: string, value: string | number | undefined): Attributes {
  return value === undefined ? {} : { [name]: value };
}
