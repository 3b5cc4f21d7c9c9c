import type { Example } from "../../sender.ts";

const change = (alarmName: string, detail: Readonly<Record<string, unknown>>) => ({
  version: "0",
  id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
  "detail-type": "CloudWatch Alarm State Change",
  source: "aws.cloudwatch",
  account: "123456789012",
  time: "2026-11-23T07:00:00Z",
  region: "eu-central-1",
  resources: [`arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${alarmName}`],
  detail: { alarmName, ...detail },
});

const previousState = { value: "OK", timestamp: "2026-11-23T06:20:00.123+0000" };

export const examples: readonly Example[] = [
  {
    title: "An alarm on one metric; a percentile stands in `stat`, such as `p99`",
    event: change("shop-memory-high", {
      state: {
        value: "ALARM",
        reason:
          "Threshold Crossed: 1 datapoint [96.0 (23/11/26 06:59:00)] was greater than the threshold (80.0).",
        reasonData: '{"version":"1.0","statistic":"Maximum","period":60,"threshold":80.0}',
        timestamp: "2026-11-23T07:00:00.123+0000",
      },
      previousState,
      configuration: {
        description: "Memory of the shop",
        metrics: [
          {
            id: "m1",
            metricStat: {
              metric: {
                namespace: "AWS/ECS",
                name: "MemoryUtilization",
                dimensions: { ClusterName: "production", ServiceName: "shop" },
              },
              period: 60,
              stat: "Maximum",
            },
            returnData: true,
          },
        ],
      },
    }),
  },
  {
    title: "Metric math: the target is what all its metrics agree on",
    event: change("shop-error-rate", {
      state: {
        value: "ALARM",
        reason: "Threshold Crossed: 1 datapoint [7.0] was greater than or equal to the threshold (5.0).",
        reasonData: '{"version":"1.0","period":60,"threshold":5.0}',
        timestamp: "2026-11-23T07:00:00.123+0000",
      },
      previousState,
      configuration: {
        metrics: [
          { id: "rate", expression: "100 * errors / requests", label: "Error rate", returnData: true },
          ...["errors", "requests"].map((id) => ({
            id,
            metricStat: {
              metric: {
                namespace: "Shop",
                name: id,
                dimensions: { ClusterName: "production", ServiceName: "shop" },
              },
              period: 60,
              stat: "Sum",
            },
            returnData: false,
          })),
        ],
      },
    }),
  },
  {
    title: "One series of an alarm that watches many",
    event: {
      ...change("any-service-cpu", {
        alarmContributor: {
          id: "6d442278dba546f6",
          attributes: { ClusterName: "production", ServiceName: "shop" },
        },
        state: {
          value: "ALARM",
          reason:
            "Threshold Crossed: 1 datapoint was greater than the threshold (80.0). The most recent datapoint which crossed the threshold: [97.0 (23/11/26 06:59:00)].",
          timestamp: "2026-11-23T07:00:00.123+0000",
        },
        configuration: {
          metrics: [
            {
              id: "q1",
              expression:
                'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ClusterName, ServiceName) GROUP BY ClusterName, ServiceName',
              period: 60,
              returnData: true,
            },
          ],
        },
      }),
      "detail-type": "CloudWatch Alarm Contributor State Change",
    },
  },
  {
    title: "A composite alarm: the policy's `alarms` name its service, else the alarms of its rule that fire",
    event: change("shop-is-down", {
      state: {
        value: "ALARM",
        reason: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:shop-memory-high transitioned to ALARM",
        timestamp: "2026-11-23T07:00:00.123+0000",
      },
      previousState,
      configuration: { alarmRule: 'ALARM("shop-memory-high") AND ALARM("shop-latency")' },
    }),
  },
];
