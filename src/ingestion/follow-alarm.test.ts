/** Alarms that stand for others, through the intake that every door shares, with AWS's answers on the wire. */
import { describe, expect, it } from "vitest";
import { awsError, json } from "../../test/support/aws-stub-answers.ts";
import { dependenciesOf } from "../../test/support/dependencies.ts";
import { createSmallWorld } from "../../test/support/small-world.ts";
import { type Fields, metricAlarm, snsEvent } from "../../test/support/sns.ts";
import { useAwsStub } from "../../test/support/use-aws-stub.ts";
import { createSqliteStore } from "../adapters/sqlite-store/sqlite-store.ts";
import type { Alert } from "../domain/alert.ts";
import { forwardEvent } from "./intake.ts";

const bed = useAwsStub();

async function alertsOf(event: unknown, withAws = true): Promise<Alert[]> {
  const { readers, ...deps } = dependenciesOf(
    createSmallWorld({ trouble: "leak" }),
    createSqliteStore(":memory:"),
    { notify: () => {} },
  );
  const alerts: Alert[] = [];
  const begin = async (_: string, { alert }: { alert: Alert }) => alerts.push(alert);
  const asked = withAws ? { readers: { alarms: bed.aws.alarms } } : {};
  await forwardEvent(event, { cluster: "production" }, begin, { ...deps, ...asked });
  return alerts;
}

const QUERY =
  'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ClusterName,ServiceName) GROUP BY ClusterName, ServiceName';
const ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ecs-any-service-cpu";

function contributor(id: string, attributes: unknown, more: Fields = {}) {
  return metricAlarm(
    {
      AlarmName: "ecs-any-service-cpu",
      AlarmArn: ARN,
      AlarmContributorId: id,
      AlarmContributorAttributes: attributes,
      ...more,
    },
    {
      MetricName: undefined,
      Namespace: undefined,
      Dimensions: undefined,
      Statistic: undefined,
      Metrics: [{ Id: "q1", Expression: QUERY, Period: 60, ReturnData: true }],
    },
  );
}

const WEB = { ClusterName: "production", ServiceName: "web" };
const PAYMENTS = { ClusterName: "production", ServiceName: "payments" };

const stateChange = (type: string, detail: Fields) => ({
  version: "0",
  "detail-type": type,
  source: "aws.cloudwatch",
  time: "2026-11-23T07:00:00Z",
  region: "us-east-1",
  resources: [ARN],
  detail: {
    alarmName: "ecs-any-service-cpu",
    state: { value: "ALARM", reason: "Threshold Crossed", timestamp: "2026-11-23T07:00:00.123+0000" },
    configuration: { metrics: [{ id: "q1", expression: QUERY, period: 60, returnData: true }] },
    ...detail,
  },
});

describe("an alarm that notifies for each of its series", () => {
  it("gives each its own target and key, in one state change", async () => {
    const alerts = await alertsOf(
      snsEvent(contributor("6d442278dba546f6", WEB), contributor("7d442278dba546f7", PAYMENTS)),
    );

    expect(alerts.map(({ target }) => target)).toEqual([
      { cluster: "production", service: "web" },
      { cluster: "production", service: "payments" },
    ]);
    expect(new Set(alerts.map(({ key }) => key)).size).toBe(2);
    expect(alerts[0]?.alarm?.contributor).toEqual({ id: "6d442278dba546f6", attributes: WEB });
    expect(bed.stub.calls("DescribeAlarms")).toEqual([]);
  });

  it("is one alert through SNS and through EventBridge", async () => {
    const [sns] = await alertsOf(snsEvent(contributor("6d442278dba546f6", WEB)));
    const [bridge] = await alertsOf(
      stateChange("CloudWatch Alarm Contributor State Change", {
        alarmContributor: { id: "6d442278dba546f6", attributes: WEB },
      }),
    );

    expect(bridge?.key).toBe(sns?.key);
    expect(bridge?.target).toEqual(sns?.target);
  });

  it("takes the cluster that its query fixes, so that another cluster's service is not taken for ours", async () => {
    const query = QUERY.replace("GROUP BY ClusterName,", "WHERE ClusterName = 'staging' GROUP BY");
    const event = stateChange("CloudWatch Alarm Contributor State Change", {
      alarmContributor: { id: "6d442278dba546f6", attributes: { ServiceName: "web" } },
      configuration: { metrics: [{ id: "q1", expression: query }] },
    });

    const [alert] = await alertsOf(event);

    expect(alert?.target).toBeUndefined();
    expect(alert?.targetProblem).toContain('cluster "staging"');
  });

  it.each([
    ["attributes in a form of its own", ["web"]],
    ["numbers for attributes", { ServiceName: 7, ClusterName: "production" }],
    ["no attributes", null],
  ])("with %s is still an alert with its own key", async (_, attributes) => {
    const alerts = await alertsOf(
      snsEvent(contributor("6d442278dba546f6", attributes), contributor("7d442278dba546f7", attributes)),
    );

    expect(new Set(alerts.map(({ key }) => key)).size).toBe(2);
    expect(alerts[0]?.targetProblem).toContain("names no ECS service");
  });

  it("as a whole is followed to those of its series that AWS says fire", async () => {
    bed.stub.on("DescribeAlarms", json({ MetricAlarms: [{ AlarmName: "ecs-any-service-cpu" }] }));
    bed.stub.on(
      "DescribeAlarmContributors",
      json({
        AlarmContributors: [
          {
            ContributorId: "6d442278dba546f6",
            ContributorAttributes: WEB,
            StateReason: "97.0 > 80.0",
            StateTransitionedTimestamp: Date.parse("2026-11-23T07:00:00.123Z") / 1000,
          },
          { ContributorId: "7d442278dba546f7", ContributorAttributes: PAYMENTS, StateReason: "" },
        ],
      }),
    );
    const [own] = await alertsOf(snsEvent(contributor("6d442278dba546f6", WEB)));

    const alerts = await alertsOf(stateChange("CloudWatch Alarm State Change", {}));

    expect(alerts.map(({ target }) => target?.service)).toEqual(["web", "payments"]);
    expect(alerts[0]?.key).toBe(own?.key);
  });

  it("as a whole goes to a person who is told what to send, where AWS cannot be asked", async () => {
    bed.stub.on("DescribeAlarms", awsError("AccessDeniedException"));
    bed.stub.on("DescribeAlarmContributors", awsError("AccessDeniedException"));

    const [denied] = await alertsOf(stateChange("CloudWatch Alarm State Change", {}));
    const [alone] = await alertsOf(stateChange("CloudWatch Alarm State Change", {}), false);

    for (const alert of [denied, alone]) {
      expect(alert?.target).toBeUndefined();
      expect(alert?.targetProblem).toContain("CloudWatch Alarm Contributor State Change");
    }
  });
});

const composite = (more: Fields = {}) => ({
  AlarmName: "web-monitor",
  AlarmArn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-monitor",
  NewStateValue: "ALARM",
  NewStateReason: "web-cpu transitioned to ALARM",
  StateChangeTime: "2026-11-23T07:00:00.123+0000",
  OldStateValue: "OK",
  AlarmRule: "ALARM(web-cpu) OR ALARM(web-5xx)",
  TriggeringChildren: [
    { Arn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-cpu", State: { Value: "ALARM" } },
  ],
  ...more,
});

const child = (AlarmName: string, service: string | undefined, StateValue = "ALARM") => ({
  AlarmName,
  StateValue,
  Namespace: "AWS/ECS",
  MetricName: "CPUUtilization",
  Dimensions:
    service === undefined
      ? []
      : [
          { Name: "ClusterName", Value: "production" },
          { Name: "ServiceName", Value: service },
        ],
});

function awsHas(rule: string, ...children: ReturnType<typeof child>[]) {
  bed.stub.on("DescribeAlarms", (input) => {
    const [name] = input["AlarmNames"] as readonly string[];
    return name === "web-monitor"
      ? json({ CompositeAlarms: [{ AlarmName: name, AlarmRule: rule, StateValue: "ALARM" }] })
      : json({ MetricAlarms: children.filter(({ AlarmName }) => AlarmName === name) });
  });
}

describe("a composite alarm", () => {
  it("has the service of the alarm that fires, as AWS has it", async () => {
    awsHas("ALARM(web-cpu) OR ALARM(web-5xx)", child("web-cpu", "web"), child("web-5xx", undefined, "OK"));

    const [alert] = await alertsOf(snsEvent(composite()));

    expect(alert).toMatchObject({
      target: { cluster: "production", service: "web" },
      alarm: { name: "web-monitor", children: ["web-cpu"] },
    });
    expect(alert).not.toHaveProperty("targetProblem");
  });

  it("is followed by its rule at AWS, not by what the message calls its children", async () => {
    awsHas("ALARM(web-cpu)", child("web-cpu", "web"), child("forged", "payments"));
    const children = [{ Arn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:forged" }];

    const [alert] = await alertsOf(snsEvent(composite({ TriggeringChildren: children })));

    expect(alert?.target?.service).toBe("web");
  });

  it("of several services is guessed for none of them and names all", async () => {
    awsHas("ALARM(web-cpu) AND ALARM(pay-cpu)", child("web-cpu", "web"), child("pay-cpu", "payments"));

    const [alert, ...more] = await alertsOf(snsEvent(composite()));

    expect(more).toEqual([]);
    expect(alert?.target).toBeUndefined();
    expect(alert?.targetProblem).toContain(
      "several services: production/web (web-cpu), production/payments (pay-cpu)",
    );
  });

  it("of our service and of one in another cluster goes to a person", async () => {
    const other = child("other", "web");
    const Dimensions = [
      { Name: "ClusterName", Value: "staging" },
      { Name: "ServiceName", Value: "web" },
    ];
    awsHas("ALARM(web-cpu) AND ALARM(other)", child("web-cpu", "web"), { ...other, Dimensions });

    const [alert] = await alertsOf(snsEvent(composite()));

    expect(alert?.target).toBeUndefined();
    expect(alert?.targetProblem).toContain("several services");
  });

  it("follows nested rules, and ends in one that names itself", async () => {
    bed.stub.on("DescribeAlarms", (input) => {
      const [name] = input["AlarmNames"] as readonly string[];
      const rules: Record<string, string> = {
        "web-monitor": "ALARM(inner)",
        inner: "ALARM(web-monitor) OR ALARM(web-cpu)",
      };
      const AlarmRule = rules[name ?? ""];
      return AlarmRule === undefined
        ? json({ MetricAlarms: [child("web-cpu", "web")] })
        : json({ CompositeAlarms: [{ AlarmName: name, AlarmRule, StateValue: "ALARM" }] });
    });

    const [alert] = await alertsOf(snsEvent(composite()));

    expect(alert?.target?.service).toBe("web");
  });

  it("reads twenty alarms of a rule at most", async () => {
    const rule = Array.from({ length: 100 }, (_, index) => `ALARM(a${index})`).join(" OR ");
    awsHas(rule);

    await alertsOf(snsEvent(composite()));

    expect(bed.stub.calls("DescribeAlarms").length).toBeLessThanOrEqual(21);
  });

  it("names the alarm that set it off where AWS refuses, and where there is no AWS", async () => {
    bed.stub.on("DescribeAlarms", awsError("AccessDeniedException"));

    const [denied] = await alertsOf(snsEvent(composite()));
    const [alone] = await alertsOf(snsEvent(composite()), false);
    const [unlisted] = await alertsOf(snsEvent(composite({ TriggeringChildren: 7 })), false);

    expect(denied?.targetProblem).toMatch(
      /set off by web-cpu\. Its alarms could not be read: .*AccessDenied/,
    );
    expect(alone?.targetProblem).toContain("It was set off by web-cpu.");
    expect(unlisted?.targetProblem).toContain("It was set off by web-cpu, web-5xx.");
  });

  it("through EventBridge has its children in the reason's data", async () => {
    const event = stateChange("CloudWatch Alarm State Change", {
      state: {
        value: "ALARM",
        reason: "web-cpu transitioned to ALARM",
        reasonData: JSON.stringify({
          triggeringAlarms: [{ arn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-cpu" }],
        }),
        timestamp: "2026-11-23T07:00:00.123+0000",
      },
      configuration: { alarmRule: "ALARM(web-cpu) OR ALARM(web-5xx)" },
    });

    const [alert] = await alertsOf(event, false);

    expect(alert?.targetProblem).toContain("It was set off by web-cpu.");
  });
});
