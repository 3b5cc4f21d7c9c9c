import type { Example } from "../../sender.ts";

export const examples: readonly Example[] = [
  {
    title: "An alarm that invokes the function itself",
    event: {
      source: "aws.cloudwatch",
      alarmArn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:shop-cpu-high",
      accountId: "123456789012",
      time: "2026-11-23T07:00:00.123+0000",
      region: "eu-central-1",
      alarmData: {
        alarmName: "shop-cpu-high",
        state: {
          value: "ALARM",
          reason:
            "Threshold Crossed: 1 datapoint [97.0 (23/11/26 06:59:00)] was greater than the threshold (80.0).",
          reasonData: '{"version":"1.0","statistic":"Average","period":60,"threshold":80.0}',
          timestamp: "2026-11-23T07:00:00.123+0000",
        },
        previousState: { value: "OK", timestamp: "2026-11-23T06:20:00.123+0000" },
        configuration: {
          metrics: [
            {
              id: "m1",
              metricStat: {
                metric: {
                  namespace: "AWS/ECS",
                  name: "CPUUtilization",
                  dimensions: { ClusterName: "production", ServiceName: "shop" },
                },
                period: 60,
                stat: "Average",
              },
              returnData: true,
            },
          ],
        },
      },
    },
  },
];
