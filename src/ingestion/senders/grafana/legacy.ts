/**
 * Grafana's legacy alerting (up to 10): one rule a message, without labels, start or fingerprint.
 * @see https://grafana.com/docs/grafana/v8.5/alerting/old-alerting/notifications/
 */
import { z } from "zod";
import { parseWith } from "../../parse.ts";
import { readPrometheusAlert } from "../../prometheus-alert.ts";
import { noted, type Reading, readingOf } from "../../sender.ts";
import type { TriggerContext } from "../../target-resolution.ts";

const Tags = z.record(z.string(), z.string()).nullish();

const Legacy = z.object({
  ruleName: z.string().min(1),
  ruleId: z.number().nullish(),
  orgId: z.number().nullish(),
  state: z.string(),
  message: z.string().nullish(),
  tags: Tags,
  evalMatches: z.array(z.object({ tags: Tags })).nullish(),
});

/** States of a rule; others, such as `paused`, are noted. */
const STATUS: Readonly<Record<string, "firing" | "resolved">> = { alerting: "firing", ok: "resolved" };

export function isLegacy(event: Readonly<Record<string, unknown>>): boolean {
  return "ruleName" in event && "evalMatches" in event;
}

/** Returns the alert of the rule; its target stands in tags of the rule or of what matched, or in the policy's patterns. */
export function readLegacy(event: unknown, context: TriggerContext, at: string): readonly Reading[] {
  const parsed = parseWith(Legacy, event, at);
  if (!parsed.ok) return [{ kind: "unreadable", problem: parsed.problem }];
  const { ruleName, ruleId, orgId, state, message, tags, evalMatches } = parsed.value;
  const status = STATUS[state];
  if (status === undefined) return [noted(at, `Grafana rule ${ruleName} is ${state}`.slice(0, 500))];
  const alert = {
    status,
    labels: { ...agreedTags(evalMatches ?? []), ...tags, alertname: ruleName },
    annotations: message ? { summary: message } : {},
    // It tells no start: the time of receipt makes each message a change of its own.
    startsAt: context.receivedAt,
    fingerprint: `legacy:${orgId ?? ""}:${ruleId ?? ruleName}`,
  };
  return [readingOf(readPrometheusAlert(alert, "grafana", context, at))];
}

/** Returns the tags that everything which matched has alike: what differs names no one service. */
function agreedTags(matches: readonly { readonly tags?: Record<string, string> | null | undefined }[]) {
  const [first] = matches;
  const alike = Object.entries(first?.tags ?? {}).filter(([name, value]) =>
    matches.every(({ tags }) => tags?.[name] === value),
  );
  return Object.fromEntries(alike);
}
