/**
 * Grafana alerting's webhook contact point.
 * @see https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
import { readPrometheusGroup } from "../../prometheus-group.ts";
import type { Sender } from "../../sender.ts";
import { examples } from "./examples.ts";
import { isLegacy, readLegacy } from "./legacy.ts";

export const grafana: Sender = {
  title: "Grafana",
  recognises: (event) => ("alerts" in event && "orgId" in event) || isLegacy(event),
  read: (event, context, at) =>
    typeof event === "object" && event !== null && isLegacy(event as Record<string, unknown>)
      ? readLegacy(event, context, at)
      : readPrometheusGroup(event, "grafana", context, at),
  examples,
};
