import type { Example } from "../../sender.ts";

export const examples: readonly Example[] = [
  {
    title: "Noted, not acted on: AWS Health",
    event: {
      version: "0",
      id: "7bf73129-1428-4cd3-a780-95db273d1602",
      "detail-type": "AWS Health Event",
      source: "aws.health",
      account: "123456789012",
      time: "2026-11-23T07:00:00Z",
      region: "eu-central-1",
      resources: ["production|shop"],
      detail: { eventTypeCode: "AWS_ECS_TASK_PATCHING_RETIREMENT", service: "ECS" },
    },
  },
];
