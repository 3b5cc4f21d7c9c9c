/** One alert as Prometheus Alertmanager and Grafana send it: labels, annotations, start and fingerprint. */
import { z } from "zod";
import { Alert } from "../domain/alert.ts";
import { type Parsed, parseWith } from "./parse.ts";
import { isoTime, keyOf, resolveTarget, type TriggerContext } from "./target-resolution.ts";

const Labels = z.record(z.string(), z.string());

export const PrometheusAlert = z.object({
  status: z.enum(["firing", "resolved"]),
  labels: Labels,
  annotations: Labels.nullish(),
  startsAt: z.string().refine((text) => isoTime(text) !== undefined, "not a time"),
  endsAt: z.string().nullish(),
  fingerprint: z.string().nullish(),
});
export type PrometheusAlert = z.infer<typeof PrometheusAlert>;

/** Values that name the target when the policy's `alertLabels` does not say otherwise are read by these labels. */
export function readPrometheusAlert(
  given: unknown,
  source: "alertmanager" | "grafana",
  context: TriggerContext,
  at: string,
): Parsed<Alert> {
  const parsed = parseWith(PrometheusAlert, given, at);
  if (!parsed.ok) return parsed;
  const { status, labels, annotations, startsAt, endsAt, fingerprint } = parsed.value;
  const name = labels["rulename"] || labels["alertname"] || "an alert without a name";
  const state =
    status === "resolved" ? "OK" : NO_DATA.has(labels["alertname"] ?? "") ? "INSUFFICIENT_DATA" : "ALARM";
  // A resolved alert keeps its start; its end makes it another change of state.
  const changedAt = (status === "resolved" ? isoTime(endsAt ?? "") : undefined) ?? isoTime(startsAt);
  const firedAt = changedAt ?? context.receivedAt;
  const which = fingerprint || JSON.stringify(Object.entries(labels).toSorted());
  const summary = annotations?.["summary"];
  return parseWith(
    Alert,
    {
      key: keyOf(source, which, isoTime(startsAt) ?? "", state),
      source,
      state,
      firedAt,
      receivedAt: context.receivedAt,
      title: summary ? `${name}: ${summary}` : name,
      ...resolveTarget(
        {
          name,
          labels,
          cluster: firstOf(labels, context.alertLabels?.cluster),
          service: firstOf(labels, context.alertLabels?.service),
        },
        context,
      ),
      ...reportedBy(annotations ?? {}),
    },
    at,
  );
}

/** Names of the alerts by which Grafana reports that a rule could not be evaluated. */
const NO_DATA = new Set(["DatasourceNoData", "DatasourceError"]);

/** The value of the first of the names that the labels have. */
export function firstOf(labels: Readonly<Record<string, string>>, names: readonly string[] = []) {
  return names.map((name) => labels[name]).find((value) => value !== undefined && value !== "");
}

/**
 * Reads the annotations `metric`, `value` and `threshold`, where a rule has all three: with `cpu` or `memory`,
 * recovery is verified with the ECS metric of that name.
 */
function reportedBy(annotations: Readonly<Record<string, string>>): Pick<Partial<Alert>, "reported"> {
  const { metric, value, threshold } = annotations;
  if (!metric || !value?.trim() || !threshold?.trim()) return {};
  const [amount, limit] = [Number(value), Number(threshold)];
  if (!Number.isFinite(amount) || !Number.isFinite(limit)) return {};
  return { reported: { metric, value: amount, threshold: limit } };
}
