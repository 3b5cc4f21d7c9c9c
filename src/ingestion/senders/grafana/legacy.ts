/**
 * Grafana's legacy alerting (until version 10): one rule in one notification, without times.
 * @see https://grafana.com/docs/grafana/v8.5/alerting/old-alerting/notifications/#webhook
 */
import { z } from "zod";
import { Alert } from "../../../domain/alert.ts";
import { agreedDimensions } from "../../agreed-dimensions.ts";
import { type Parsed, parseWith } from "../../parse.ts";
import { firstOf } from "../../prometheus-alert.ts";
import { keyOf, resolveTarget, type TriggerContext } from "../../target-resolution.ts";

const Tags = z.record(z.string(), z.string()).nullish().catch(undefined);

const LegacyAlert = z.object({
  ruleName: z.string().min(1),
  ruleId: z.union([z.number(), z.string()]).nullish(),
  orgId: z.union([z.number(), z.string()]).nullish(),
  state: z.enum(["alerting", "ok", "no_data", "paused", "pending", "unknown"]),
  message: z.string().nullish(),
  tags: Tags,
  evalMatches: z
    .array(z.object({ tags: Tags }))
    .nullish()
    .catch(undefined),
});

const STATES = { alerting: "ALARM", ok: "OK" } as const;

/** The same state of a rule within this time is the same alert: the form has no time of its own. */
const SAME_ALERT_MS = 5 * 60_000;

/** Whether an object has the legacy form, by the fewest fields. */
export function isLegacy(event: Readonly<Record<string, unknown>>): boolean {
  return "ruleName" in event && "state" in event && ("evalMatches" in event || "ruleId" in event);
}

/** Reads a notification of the legacy form. `at` is its path within the whole event. */
export function readLegacyAlert(event: unknown, context: TriggerContext, at: string): Parsed<Alert> {
  const parsed = parseWith(LegacyAlert, event, at);
  if (!parsed.ok) return parsed;
  const { ruleName, ruleId, orgId, state, message, tags, evalMatches } = parsed.value;
  const matched = (evalMatches ?? []).flatMap((one) => Object.entries(one.tags ?? {}));
  const labels = { ...agreedDimensions(matched.map(([name, value]) => ({ name, value }))), ...tags };
  const window = String(Math.floor(Date.parse(context.receivedAt) / SAME_ALERT_MS));
  return parseWith(
    Alert,
    {
      key: keyOf("grafana-legacy", String(orgId ?? ""), String(ruleId ?? ruleName), state, window),
      source: "grafana",
      state: state in STATES ? STATES[state as keyof typeof STATES] : "INSUFFICIENT_DATA",
      firedAt: context.receivedAt,
      receivedAt: context.receivedAt,
      title: message ? `${ruleName}: ${message}` : ruleName,
      ...resolveTarget(
        {
          name: ruleName,
          labels,
          cluster: firstOf(labels, context.alertLabels?.cluster),
          service: firstOf(labels, context.alertLabels?.service),
        },
        context,
      ),
    },
    at,
  );
}
