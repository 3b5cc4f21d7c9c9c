/** An alarm on many series, and one over other alarms, from the message to the proof, over the AWS wire. */
import { expect, it } from "vitest";
import { withWorld } from "../support/agent-world.ts";
import { json } from "../support/aws-stub-answers.ts";
import { CLUSTER, LEAKING_TASK, SERVICE } from "../support/aws-world.ts";
import { metricAlarm, snsEvent } from "../support/sns.ts";

const attributes = { ClusterName: CLUSTER, ServiceName: SERVICE };
const QUERY =
  'SELECT MAX(MemoryUtilization) FROM SCHEMA("AWS/ECS", ClusterName, ServiceName) GROUP BY ClusterName, ServiceName';

it(
  "mends the service of one series and proves it by that series, while another keeps the alarm in ALARM",
  withWorld({}, async ({ aws, handleOne }) => {
    const healed = () => aws.mutations().includes("StopTask");
    const since = Date.now();
    aws.on("DescribeAlarms", (input) =>
      json({
        MetricAlarms:
          input["StateValue"] !== undefined
            ? []
            : [
                {
                  AlarmName: "any-memory",
                  StateValue: "ALARM",
                  StateReason: "2 out of 2 time series evaluated to ALARM",
                  Metrics: [{ Id: "q1", Expression: QUERY, Period: 1, ReturnData: true }],
                  ComparisonOperator: "GreaterThanThreshold",
                  Threshold: 80,
                  EvaluationPeriods: 1,
                },
              ],
      }),
    );
    const other = {
      ContributorId: "b2",
      ContributorAttributes: { ServiceName: "cart" },
      StateReason: "high",
    };
    aws.on("DescribeAlarmContributors", () =>
      json({
        AlarmContributors: healed()
          ? [other]
          : [
              other,
              {
                ContributorId: "a1",
                ContributorAttributes: attributes,
                StateReason: "96.0 > 80.0",
                StateTransitionedTimestamp: since / 1000,
              },
            ],
      }),
    );
    const message = metricAlarm(
      {
        AlarmName: "any-memory",
        AlarmArn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:any-memory",
        StateChangeTime: new Date(since).toISOString(),
        AlarmContributorId: "a1",
        AlarmContributorAttributes: attributes,
      },
      {
        MetricName: undefined,
        Namespace: undefined,
        Dimensions: undefined,
        Statistic: undefined,
        Metrics: [{ Id: "q1", Expression: QUERY, Period: 60, ReturnData: true }],
      },
    );

    const incident = await handleOne(snsEvent(message));

    expect(incident).toMatchObject({
      status: "resolved",
      target: { cluster: CLUSTER, service: SERVICE },
      verification: {
        outcome: "recovered",
        checks: expect.arrayContaining([
          expect.objectContaining({ condition: "metric-inside-threshold", met: true }),
          expect.objectContaining({ condition: "alarm-ok", met: true }),
        ]),
      },
    });
    expect(aws.calls("StopTask")).toMatchObject([{ task: LEAKING_TASK }]);
    expect(incident.evidence?.facts.find(({ kind }) => kind === "alarm")?.statement).toContain(
      `Alarm any-memory, for ClusterName ${CLUSTER}, ServiceName ${SERVICE}, is ALARM: 96.0 > 80.0`,
    );
    expect(incident.evidence?.facts.filter(({ kind }) => kind === "trigger-difference")).toEqual([]);
  }),
  60_000,
);

it(
  "mends the service that the alarm behind a composite one names",
  withWorld({}, async ({ aws, handleOne }) => {
    aws.on("DescribeAlarms", (input) => {
      const answer = aws.answer("DescribeAlarms", input) as {
        body: { MetricAlarms: { StateValue: string }[] };
      };
      const [name] = (input["AlarmNames"] ?? []) as readonly string[];
      const state = answer.body.MetricAlarms[0]?.StateValue;
      return name === "shop-monitor"
        ? json({
            CompositeAlarms: [
              { AlarmName: name, AlarmRule: "ALARM(shop-memory) OR ALARM(shop-5xx)", StateValue: state },
            ],
          })
        : json({ MetricAlarms: name === "shop-5xx" ? [] : answer.body.MetricAlarms });
    });
    const { Trigger: _, ...message } = metricAlarm({
      AlarmName: "shop-monitor",
      AlarmArn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:shop-monitor",
      StateChangeTime: new Date().toISOString(),
      AlarmRule: "ALARM(shop-memory) OR ALARM(shop-5xx)",
      TriggeringChildren: [{ Arn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:shop-memory" }],
    });

    const incident = await handleOne(snsEvent(message));

    expect(incident).toMatchObject({
      status: "resolved",
      target: { cluster: CLUSTER, service: SERVICE },
      verification: { outcome: "recovered" },
    });
  }),
  60_000,
);
