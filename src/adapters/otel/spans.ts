/** What an incident looks like as a trace: names, times and closed words only, never a text that somebody wrote. */
import type { Incident } from "../../domain/incident/incident.ts";
import type { StageTime } from "../../domain/ports.ts";

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

/** The incident with its stages in it, and the model's call in the stage that made it. */
export function spansOf(incident: Incident, stages: readonly StageTime[], requestModel: string): SpanData {
  const model = modelCall(incident, stages, requestModel);
  return {
    name: "incident",
    startedAt: incident.alert.receivedAt,
    endedAt: incident.closedAt ?? stages.at(-1)?.endedAt ?? incident.alert.receivedAt,
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
    children: [
      ...stages.map((stage) => ({
        ...stage,
        attributes: {},
        children: stage.name === "diagnose" && model !== undefined ? [model] : [],
      })),
      ...waits(incident),
    ],
  };
}

/** https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ without the opt-in contents. */
function modelCall(incident: Incident, stages: readonly StageTime[], asked: string): SpanData | undefined {
  const stage = stages.find(({ name }) => name === "diagnose");
  const failure = incident.failures.find(({ code }) => code.startsWith("model-"));
  const { model } = incident;
  if (stage === undefined || (model === undefined && failure === undefined)) return undefined;
  const latest = Date.parse(stage.endedAt);
  const began = Math.max(Date.parse(stage.startedAt), latest - (model?.milliseconds ?? latest));
  return {
    name: `chat ${asked}`,
    startedAt: new Date(began).toISOString(),
    endedAt: stage.endedAt,
    failed: failure !== undefined,
    client: true,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openrouter",
      "gen_ai.request.model": asked,
      ...given("gen_ai.response.model", model?.model),
      ...given("gen_ai.usage.input_tokens", model?.inputTokens),
      ...given("gen_ai.usage.output_tokens", model?.outputTokens),
      ...given("opsagent.model.calls", model?.calls),
      ...given("opsagent.model.cost_usd", model?.costUsd),
      ...given("error.type", failure?.code),
    },
    children: [],
  };
}

/** What took long without a step of its own: a person's answer, and the proof. */
function waits({ approval, verification }: Incident): SpanData[] {
  const none = { failed: false, children: [] };
  return [
    ...(approval?.answer === undefined
      ? []
      : [
          {
            ...none,
            name: "approval",
            startedAt: approval.requestedAt,
            endedAt: approval.answer.at,
            attributes: { "opsagent.verdict": approval.answer.verdict },
          },
        ]),
    ...(verification === undefined
      ? []
      : [
          {
            ...none,
            name: "verify",
            startedAt: verification.startedAt,
            endedAt: verification.endedAt,
            attributes: {
              "opsagent.verification": verification.outcome,
              "opsagent.looks": verification.looks,
            },
          },
        ]),
  ];
}

function given(name: string, value: string | number | undefined): Attributes {
  return value === undefined ? {} : { [name]: value };
}
