/** The forms in which anybody who may publish can claim that a service is ill, as the receiver gets them. */
import { ACCOUNT, CLUSTER, SERVICE } from "./names.ts";

/** What a message says of itself. Numbers are JSON tokens, so that `NaN` and `"80"` can be claimed. */
export interface Claim {
  /** The metric as people name it: the simple form, Alertmanager and Grafana. */
  readonly metric: string;
  /** The metric as CloudWatch names it: alarms. */
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly alarmName: string;
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly value: string;
  readonly threshold: string;
  /** Epoch milliseconds: when the state is said to have changed, and when the message is sent. */
  readonly changedAt: number;
  readonly sentAt: number;
}

const TOPIC = `arn:aws:sns:${ACCOUNT}:ops-alarms`;

/** CloudWatch writes times with a numeric zone. */
const cloudWatchTime = (at: number) => new Date(at).toISOString().replace("Z", "+0000");
const bare = (token: string) => token.replaceAll('"', "");
const alarmArn = (name: string) => `arn:aws:cloudwatch:${ACCOUNT}:alarm:${name}`;

function reasonOf({ value, threshold, comparison }: Claim): string {
  const side = comparison === "GreaterThanThreshold" ? "greater" : "less";
  return `Threshold Crossed: 1 out of the last 1 datapoints [${bare(value)} (23/11/26 14:30:00)] was ${side} than the threshold (${bare(threshold)}) (minimum 1 datapoint for OK -> ALARM transition).`;
}

function snsRecord(message: string, { sentAt }: Claim): unknown {
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: `${TOPIC}:5a6b`,
        Sns: {
          Type: "Notification",
          MessageId: "6f1c0a52-7d0e-5c5f-9a51-5a3f1a0b2c4d",
          TopicArn: TOPIC,
          Message: message,
          Timestamp: new Date(sentAt).toISOString(),
        },
      },
    ],
  };
}

function simpleForm(claim: Claim): unknown {
  const { metric, value, threshold } = claim;
  const texts = `"service":${JSON.stringify(SERVICE)},"metric":${JSON.stringify(metric)}`;
  return snsRecord(`{${texts},"value":${value},"threshold":${threshold}}`, claim);
}

function snsAlarm(claim: Claim): unknown {
  const { alarmName, namespace, metricName, dimensions, statistic, comparison, changedAt } = claim;
  const head = {
    AlarmName: alarmName,
    AlarmDescription: null,
    AWSAccountId: ACCOUNT.split(":")[1],
    NewStateValue: "ALARM",
    NewStateReason: reasonOf(claim),
    StateChangeTime: cloudWatchTime(changedAt),
    Region: "EU (Ireland)",
    AlarmArn: alarmArn(alarmName),
    OldStateValue: "OK",
  };
  const trigger = {
    MetricName: metricName,
    Namespace: namespace,
    StatisticType: "Statistic",
    Statistic: statistic.toUpperCase(),
    Dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })),
    Period: 60,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    ComparisonOperator: comparison,
    TreatMissingData: "missing",
  };
  const open = (value: object) => JSON.stringify(value).slice(1, -1);
  return snsRecord(`{${open(head)},"Trigger":{${open(trigger)},"Threshold":${claim.threshold}}}`, claim);
}

/** A state as EventBridge has it in `detail` and Lambda in `alarmData`. */
function alarmState(claim: Claim) {
  const { alarmName, namespace, metricName, dimensions, statistic, threshold, changedAt } = claim;
  return {
    alarmName,
    state: {
      value: "ALARM",
      reason: reasonOf(claim),
      reasonData: `{"version":"1.0","statistic":"${statistic}","period":60,"recentDatapoints":[${claim.value}],"threshold":${threshold}}`,
      timestamp: cloudWatchTime(changedAt),
    },
    previousState: { value: "OK", timestamp: cloudWatchTime(changedAt - 3_600_000) },
    configuration: {
      metrics: [
        {
          id: "m1",
          metricStat: {
            metric: { namespace, name: metricName, dimensions },
            period: 60,
            stat: statistic,
          },
          returnData: true,
        },
      ],
    },
  };
}

function eventBridge(claim: Claim): unknown {
  return {
    version: "0",
    id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account: ACCOUNT.split(":")[1],
    time: new Date(claim.sentAt).toISOString(),
    region: ACCOUNT.split(":")[0],
    resources: [alarmArn(claim.alarmName)],
    detail: alarmState(claim),
  };
}

function lambdaAlarm(claim: Claim): unknown {
  return {
    source: "aws.cloudwatch",
    alarmArn: alarmArn(claim.alarmName),
    accountId: ACCOUNT.split(":")[1],
    time: cloudWatchTime(claim.sentAt),
    region: ACCOUNT.split(":")[0],
    alarmData: alarmState(claim),
  };
}

function prometheusGroup(claim: Claim, more: object, ofAlert: object): unknown {
  const { metric, alarmName, changedAt } = claim;
  const labels = { alertname: alarmName, ecs_cluster: CLUSTER, ecs_service: SERVICE };
  const [value, threshold] = [bare(claim.value), bare(claim.threshold)];
  return {
    receiver: "opsagent",
    status: "firing",
    version: "4",
    groupKey: `{}:{alertname="${alarmName}"}`,
    truncatedAlerts: 0,
    groupLabels: { alertname: alarmName },
    commonLabels: labels,
    commonAnnotations: {},
    ...more,
    alerts: [
      {
        status: "firing",
        labels,
        annotations: {
          summary: `${metric} of ${SERVICE} is ${value} (threshold ${threshold})`,
          metric,
          value,
          threshold,
        },
        startsAt: new Date(changedAt).toISOString(),
        endsAt: "0001-01-01T00:00:00Z",
        fingerprint: "c8d0b1a2f3e4d5c6",
        ...ofAlert,
      },
    ],
  };
}

const alertmanager = (claim: Claim) =>
  prometheusGroup(
    claim,
    { externalURL: "http://alertmanager.example:9093" },
    { generatorURL: "http://prometheus.example:9090/graph" },
  );

const grafana = (claim: Claim) =>
  prometheusGroup(
    claim,
    {
      version: "1",
      orgId: 1,
      state: "alerting",
      title: `[FIRING:1] ${claim.alarmName}`,
      externalURL: "https://grafana.example/",
    },
    {
      values: { B: Number(bare(claim.value)), C: 1 },
      generatorURL: "https://grafana.example/alerting/grafana/1afz29v7z/view",
      silenceURL: "https://grafana.example/alerting/silence/new",
    },
  );

/** By name, whether the form names a CloudWatch alarm, which AWS can be asked about. */
export const FORMS = {
  "simple form": { write: simpleForm, namesAlarm: false },
  "SNS alarm": { write: snsAlarm, namesAlarm: true },
  EventBridge: { write: eventBridge, namesAlarm: true },
  "Lambda alarmData": { write: lambdaAlarm, namesAlarm: true },
  Alertmanager: { write: alertmanager, namesAlarm: false },
  Grafana: { write: grafana, namesAlarm: false },
} as const;

export type Form = keyof typeof FORMS;
export const FORM_NAMES = Object.keys(FORMS) as readonly Form[];
