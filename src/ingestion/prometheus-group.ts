/** A group of alerts in one notification, as Alertmanager and Grafana send it. */
import { z } from "zod";
import { parseWith } from "./parse.ts";
import { readPrometheusAlert } from "./prometheus-alert.ts";
import { type Reading, readingOf, unreadable } from "./sender.ts";
import type { TriggerContext } from "./target-resolution.ts";

const Group = z.object({
  alerts: z.array(z.unknown()).min(1),
  truncatedAlerts: z.number().nullish(),
});

/** Reads every alert of the group by itself. Alerts that the sender left out are reported. */
export function readPrometheusGroup(
  event: unknown,
  source: "alertmanager" | "grafana",
  context: TriggerContext,
  at: string,
): readonly Reading[] {
  const parsed = parseWith(Group, event, at);
  if (!parsed.ok) return [{ kind: "unreadable", problem: parsed.problem }];
  const { alerts, truncatedAlerts } = parsed.value;
  const prefix = at === "" ? "" : `${at}.`;
  const readings = alerts.map((one, index) =>
    readingOf(readPrometheusAlert(one, source, context, `${prefix}alerts[${index}]`)),
  );
  if (!(typeof truncatedAlerts === "number" && truncatedAlerts > 0)) return readings;
  const left = `the sender left out ${truncatedAlerts} more alerts; raise its limit of alerts in one notification`;
  return [...readings, unreadable(`${prefix}truncatedAlerts`, left)];
}
