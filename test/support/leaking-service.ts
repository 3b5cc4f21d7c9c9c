import { ACTING_LINE } from "../samples/acting-policy.ts";
import { json, xml } from "./aws-stub-answers.ts";
import { type AwsStub, type StubInput, startAwsStub } from "./aws-stub-server.ts";

const account = "arn:aws:ecs:us-east-1:000000000000";
const threshold = 80;

/** Times in seconds that fit one-second metrics, for the policy file of whoever watches the service. */
export const FAST_POLICY = `version: 1
${ACTING_LINE}
timing:
  metricPeriodSeconds: 1
  metricWindowMinutes: 10
  pollSeconds: 1
  replacementTimeoutSeconds: 20
  verifyIntervalSeconds: 1
  verifyTimeoutSeconds: 20
  holdChecks: 1
  settleSeconds: 3
`;

/** A service with a leak in one of its two tasks, on the AWS wire. Stopping that task cures it. */
export interface LeakingService {
  readonly stub: AwsStub;
  /** Tasks that were stopped, in order. */
  stoppedTasks(): readonly string[];
  /** From now on stopping a task changes nothing that can be seen: no replacement, no better metric. */
  neverRecover(): void;
}

/** Starts the stub. Close its `stub` in the end. `minutes`: how long memory has been climbing at its start. */
export async function startLeakingService(name: string, { minutes = 2 } = {}): Promise<LeakingService> {
  const stub = await startAwsStub();
  const began = Date.now();
  const task = (id: string) => `${account}:task/test/${id}`;
  let recovers = true;
  let curedAt: number | undefined;
  const isCured = () => recovers && curedAt !== undefined;
  const running = () => ["steady", isCured() ? "fresh" : "leaky"].map(task);

  stub.on("DescribeServices", () => json({ services: [service(name)] }));
  stub.on("ListTasks", ({ desiredStatus }) =>
    json({ taskArns: desiredStatus === "RUNNING" ? running() : isCured() ? [task("leaky")] : [] }),
  );
  stub.on("DescribeTasks", ({ tasks }) =>
    json({
      tasks: (tasks as string[]).map((arn) => ({
        taskArn: arn,
        taskDefinitionArn: `${account}:task-definition/${name}:1`,
        desiredStatus: running().includes(arn) ? "RUNNING" : "STOPPED",
        lastStatus: running().includes(arn) ? "RUNNING" : "STOPPED",
        healthStatus: "HEALTHY",
        startedAt: began / 1000 - 7200,
        ...(running().includes(arn)
          ? {}
          : {
              stoppedAt: (curedAt ?? began) / 1000,
              stopCode: "UserInitiated",
              stoppedReason: "by OpsAgent",
            }),
        containers: [{ name: "app", healthStatus: "HEALTHY" }],
      })),
    }),
  );
  stub.on("StopTask", ({ task: arn }) => {
    curedAt ??= Date.now();
    return json({ task: { taskArn: arn } });
  });
  stub.on("DescribeTaskDefinition", () =>
    json({
      taskDefinition: {
        taskDefinitionArn: `${account}:task-definition/${name}:1`,
        family: name,
        revision: 1,
        containerDefinitions: [{ name: "app", image: "app:1", memory: 512, cpu: 256 }],
      },
    }),
  );
  stub.on("FilterLogEvents", () =>
    json({
      events: [
        {
          eventId: "1",
          timestamp: Date.now(),
          ingestionTime: Date.now(),
          logStreamName: "app/1",
          message: "INFO request served",
        },
      ],
    }),
  );
  stub.on("DescribeScalableTargets", () => json({ ScalableTargets: [] }));
  stub.on("DescribeScalingActivities", () => json({ ScalingActivities: [] }));
  stub.on("DescribeAlarmHistory", () => json({ AlarmHistoryItems: [] }));
  stub.on("DescribeTargetGroups", () => xml("<TargetGroups/>"));
  stub.on("DescribeAlarms", () =>
    json({
      MetricAlarms: [
        {
          AlarmName: `${name}-memory`,
          StateValue: isCured() ? "OK" : "ALARM",
          Namespace: "AWS/ECS",
          MetricName: "MemoryUtilization",
          Dimensions: [
            { Name: "ServiceName", Value: name },
            { Name: "ClusterName", Value: "test" },
          ],
          Statistic: "Maximum",
          Period: 1,
          EvaluationPeriods: 1,
          DatapointsToAlarm: 1,
          ComparisonOperator: "GreaterThanThreshold",
          Threshold: threshold,
          TreatMissingData: "missing",
        },
      ],
    }),
  );
  stub.on("GetMetricData", (input) => {
    const cured = isCured() ? curedAt : undefined;
    return json({
      MetricDataResults: queriesOf(input).map((query) => series(query, input, { began, minutes, cured })),
    });
  });
  return {
    stub,
    stoppedTasks: () => stub.calls("StopTask").map((call) => String(call["task"]).split("/").at(-1) ?? ""),
    neverRecover() {
      recovers = false;
    },
  };
}

/** The event that Lambda gets from SNS for this service's memory alarm. */
export function memoryAlarmEvent(name: string): { Records: unknown[] } {
  const now = new Date().toISOString();
  return snsEvent({
    AlarmName: `${name}-memory`,
    AlarmDescription: null,
    AWSAccountId: "000000000000",
    AlarmConfigurationUpdatedTimestamp: "2026-11-01T00:00:00.000+0000",
    NewStateValue: "ALARM",
    NewStateReason: `Threshold Crossed: 1 datapoint [95.0] was greater than the threshold (${threshold}.0).`,
    StateChangeTime: now.replace("Z", "+0000"),
    Region: "US East (N. Virginia)",
    AlarmArn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}-memory`,
    OldStateValue: "OK",
    OKActions: [],
    AlarmActions: ["arn:aws:sns:us-east-1:000000000000:alarms"],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: "MemoryUtilization",
      Namespace: "AWS/ECS",
      StatisticType: "Statistic",
      Statistic: "MAXIMUM",
      Unit: null,
      Dimensions: [
        { value: name, name: "ServiceName" },
        { value: "test", name: "ClusterName" },
      ],
      Period: 1,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: threshold,
      TreatMissingData: "missing",
      EvaluateLowSampleCountPercentile: "",
    },
  });
}

/** The envelope of SNS around a message, as Lambda delivers it. */
export function snsEvent(message: unknown): { Records: unknown[] } {
  const TopicArn = "arn:aws:sns:us-east-1:000000000000:alarms";
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: `${TopicArn}:5a0e2bd6-7fcd-4a0b-8f5c-5a9b6b6f7c11`,
        Sns: {
          Type: "Notification",
          MessageId: "b3b6f0d2-4c39-5c8e-9d3e-a8f1a1c9e2d4",
          TopicArn,
          Subject: "ALARM",
          Message: typeof message === "string" ? message : JSON.stringify(message),
          Timestamp: new Date().toISOString(),
          SignatureVersion: "1",
          MessageAttributes: {},
        },
      },
    ],
  };
}

function service(name: string) {
  const counts = { desiredCount: 2, runningCount: 2, pendingCount: 0 };
  const taskDefinition = `${account}:task-definition/${name}:1`;
  return {
    serviceArn: `${account}:service/test/${name}`,
    serviceName: name,
    status: "ACTIVE",
    ...counts,
    taskDefinition,
    deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200 },
    deployments: [
      { id: "ecs-svc/1", status: "PRIMARY", rolloutState: "COMPLETED", taskDefinition, ...counts },
    ],
    events: [],
  };
}

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
  };
}

const queriesOf = (input: StubInput) => input["MetricDataQueries"] as readonly Query[];

/** Memory climbs for `minutes` before the start, in the leaking task only, until that task is replaced. */
function series(
  { Id, MetricStat }: Query,
  input: StubInput,
  { began, minutes, cured }: { began: number; minutes: number; cured: number | undefined },
) {
  const { MetricName, Dimensions } = MetricStat.Metric;
  const taskId = Dimensions.find(({ Name }) => Name === "TaskId")?.Value;
  const leaks = /Memory/.test(MetricName) && (taskId === undefined || taskId === "leaky");
  const known = leaks || /Memory|CPU|Cpu/.test(MetricName);
  const Timestamps: number[] = [];
  const Values: number[] = [];
  const step = Math.max(1, MetricStat.Period);
  for (
    let t = Math.floor(Number(input["StartTime"]) / step) * step;
    known && t < Number(input["EndTime"]);
    t += step
  ) {
    const climbed = Math.max(0, Math.min(45, 45 + ((t * 1000 - began) / (minutes * 60_000)) * 45));
    Timestamps.push(t);
    Values.push(
      leaks && !(cured !== undefined && t * 1000 >= cured) ? 50 + climbed : leaks ? 50 : 20 + (t % 3) / 10,
    );
  }
  return { Id, Timestamps, Values, StatusCode: "Complete" };
}
