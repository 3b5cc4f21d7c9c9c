/**
 * Prometheus Alertmanager's webhook, version 4.
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
import { readPrometheusGroup } from "../../prometheus-group.ts";
import type { Sender } from "../../sender.ts";
import { examples } from "./examples.ts";

export const alertmanager: Sender = {
  title: "Prometheus Alertmanager",
  recognises: (event) => "alerts" in event,
  read: (event, context, at) => readPrometheusGroup(event, "alertmanager", context, at),
  examples,
};
