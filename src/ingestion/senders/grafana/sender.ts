/**
 * Grafana alerting's webhook contact point.
 * @see https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
import { readPrometheusGroup } from "../../prometheus-group.ts";
import type { Sender } from "../../sender.ts";
import { examples } from "./examples.ts";

export const grafana: Sender = {
  title: "Grafana",
  recognises: (event) => "alerts" in event && "orgId" in event,
  read: (event, context, at) => readPrometheusGroup(event, "grafana", context, at),
  examples,
};
