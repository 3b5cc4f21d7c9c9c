import type { Example } from "../../sender.ts";

export const examples: readonly Example[] = [
  {
    title: "One alert; the labels `ecs_cluster` and `ecs_service` are set in the alert rule",
    event: {
      receiver: "opsagent",
      status: "firing",
      orgId: 1,
      version: "1",
      groupKey: '{}:{alertname="Shop latency"}',
      truncatedAlerts: 0,
      title: "[FIRING:1] Shop latency",
      state: "alerting",
      groupLabels: { alertname: "Shop latency" },
      commonLabels: { alertname: "Shop latency" },
      commonAnnotations: {},
      externalURL: "https://grafana.example/",
      alerts: [
        {
          status: "firing",
          labels: { alertname: "Shop latency", ecs_cluster: "production", ecs_service: "shop" },
          annotations: { summary: "The shop answers slowly" },
          startsAt: "2026-11-23T07:00:00Z",
          endsAt: "0001-01-01T00:00:00Z",
          values: { B: 2.4, C: 1 },
          generatorURL: "https://grafana.example/alerting/grafana/1afz29v7z/view",
          fingerprint: "c6eadffa33fcdf37",
          silenceURL: "https://grafana.example/alerting/silence/new",
        },
      ],
    },
  },
  {
    title: "The legacy form (until Grafana 10): one rule, whose name or tags name the service",
    event: {
      dashboardId: 1,
      evalMatches: [{ value: 97.2, metric: "CPU", tags: { ecs_cluster: "production", ecs_service: "shop" } }],
      imageUrl: "",
      message: "CPU is high",
      orgId: 1,
      panelId: 2,
      ruleId: 7,
      ruleName: "Shop CPU",
      ruleUrl: "https://grafana.example/d/x?tab=alert",
      state: "alerting",
      tags: {},
      title: "[Alerting] Shop CPU",
    },
  },
];
