import type { Example } from "../../sender.ts";

export const examples: readonly Example[] = [
  {
    title: "Two alerts in one notification: one fires, one is over",
    event: {
      version: "4",
      groupKey: '{}:{alertname="ShopMemoryHigh"}',
      truncatedAlerts: 0,
      status: "firing",
      receiver: "opsagent",
      groupLabels: { alertname: "ShopMemoryHigh" },
      commonLabels: { alertname: "ShopMemoryHigh", ecs_cluster: "production" },
      commonAnnotations: {},
      externalURL: "http://alertmanager.example:9093",
      alerts: [
        {
          status: "firing",
          labels: { alertname: "ShopMemoryHigh", ecs_cluster: "production", ecs_service: "shop" },
          annotations: {
            summary: "Memory of the shop is at 96 %",
            metric: "memory",
            value: "96",
            threshold: "80",
          },
          startsAt: "2026-11-23T07:00:00.123Z",
          endsAt: "0001-01-01T00:00:00Z",
          generatorURL: "http://prometheus.example:9090/graph",
          fingerprint: "c8d0b1a2f3e4d5c6",
        },
        {
          status: "resolved",
          labels: { alertname: "ShopMemoryHigh", ecs_cluster: "production", ecs_service: "cart" },
          annotations: { summary: "Memory of the cart is high" },
          startsAt: "2026-11-23T06:10:00.000Z",
          endsAt: "2026-11-23T06:58:00.000Z",
          generatorURL: "http://prometheus.example:9090/graph",
          fingerprint: "0a1b2c3d4e5f6071",
        },
      ],
    },
  },
];
