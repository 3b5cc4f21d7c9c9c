/**
 * Grafana alerting's webhook contact point.
 * @see https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
import { readPrometheusGroup } from "../../prometheus-group.ts";
import { readingOf, type Sender } from "../../sender.ts";
import { examples } from "./examples.ts";
import { isLegacy, readLegacyAlert } from "./legacy.ts";

export const grafana: Sender = {
  title: "Grafana",
  recognises: (event) => isLegacy(event) || ("alerts" in event && "orgId" in event),
  read: (event, context, at) =>
    isLegacy(event as Record<string, unknown>)
      ? [readingOf(readLegacyAlert(event, context, at))]
      : readPrometheusGroup(event, "grafana", context, at),
  examples,
};
