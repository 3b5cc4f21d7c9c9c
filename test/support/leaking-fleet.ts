/**
 * Many services on the AWS wire, each with a leak in one of its two tasks until that task is stopped. Answers are
 * small and quick, so that what is measured is the agent.
 */
import { json, xml } from "./aws-stub-answers.ts";
import { type AwsStub, type StubInput, startAwsStub } from "./aws-stub-server.ts";
import { snsEvent } from "./leaking-service.ts";

const ECS = "arn:aws:ecs:us-east-1:000000000000";
const CLUSTER = "test";
const THRESHOLD = 80;

export interface LeakingFleet {
  readonly stub: AwsStub;
  /** Services of which a task was stopped, one entry for each call, in order. */
  stopped(): readonly string[];
  /** Calls that change anything, whatever they are. */
  mutations(): number;
}

/** What the fleet's services are called. */
export const fleetService = (index: number) => `service-${String(index).padStart(3, "0")}`;

/** Starts the stub. Close its `stub` in the end. `firing`: the alarms that AWS tells of where none is asked for by name. */
export async function startLeakingFleet(firing: readonly string[] = []): Promise<LeakingFleet> {
  const stub = await startAwsStub();
  const began = Date.now();
  const cured = new Map<string, number>();
  const task = (service: string, id: string) => `${ECS}:task/${CLUSTER}/${service}.${id}`;
  const running = (service: string) =>
    ["steady", cured.has(service) ? "fresh" : "leaky"].map((id) => task(service, id));

  stub.on("DescribeServices", ({ services }) =>
    json({ services: (services as string[]).map((name) => serviceOf(name, began)), failures: [] }),
  );
  stub.on("ListTasks", ({ serviceName, desiredStatus }) => {
    const service = String(serviceName);
    const gone = cured.has(service) ? [task(service, "leaky")] : [];
    return json({ taskArns: desiredStatus === "STOPPED" ? gone : running(service) });
  });
  stub.on("DescribeTasks", ({ tasks }) =>
    json({ tasks: (tasks as string[]).map((arn) => taskOf(arn, cured.get(serviceOfTask(arn)), began)) }),
  );
  stub.on("StopTask", ({ task: arn }) => {
    cured.set(serviceOfTask(String(arn)), Date.now());
    return json({ task: { taskArn: arn } });
  });
  stub.on("DescribeTaskDefinition", ({ taskDefinition }) => json(definitionOf(String(taskDefinition))));
  stub.on("FilterLogEvents", () =>
    json({
      events: Array.from({ length: 20 }, (_, index) => ({
        eventId: String(index),
        timestamp: began - index * 1_000,
        logStreamName: "app/1",
        message: `INFO request ${index} served`,
      })),
    }),
  );
  stub.on("DescribeScalableTargets", () => json({ ScalableTargets: [] }));
  stub.on("DescribeScalingActivities", () => json({ ScalingActivities: [] }));
  stub.on("DescribeAlarmHistory", () => json({ AlarmHistoryItems: [] }));
  stub.on("DescribeTargetGroups", () => xml("<TargetGroups/>"));
  stub.on("DescribeAlarms", ({ AlarmNames = firing }) =>
    json({
      MetricAlarms: (AlarmNames as readonly string[]).map((name) => ({
        AlarmName: name,
        StateValue: cured.has(serviceOfAlarm(name)) ? "OK" : "ALARM",
        Namespace: "AWS/ECS",
        MetricName: "MemoryUtilization",
        Dimensions: [
          { Name: "ServiceName", Value: serviceOfAlarm(name) },
          { Name: "ClusterName", Value: CLUSTER },
        ],
        Statistic: "Maximum",
        Period: 1,
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: THRESHOLD,
        TreatMissingData: "missing",
      })),
    }),
  );
  stub.on("GetMetricData", (input) =>
    json({ MetricDataResults: (input["MetricDataQueries"] as Query[]).map(seriesOf(input, began, cured)) }),
  );
  return {
    stub,
    stopped: () => stub.calls("StopTask").map(({ task: arn }) => serviceOfTask(String(arn))),
    mutations: () =>
      ["StopTask", "UpdateService", "StopServiceDeployment", "RunTask"].flatMap((name) => stub.calls(name))
        .length,
  };
}

/** The event of one of a service's alarms, as Lambda gets it from SNS. */
export function fleetAlarmEvent(service: string, number: number, firedAt = Date.now()) {
  const name = `${service}-memory-${number}`;
  return snsEvent({
    AlarmName: name,
    NewStateValue: "ALARM",
    NewStateReason: `Threshold Crossed: 1 datapoint [95.0] was greater than the threshold (${THRESHOLD}.0).`,
    StateChangeTime: new Date(firedAt).toISOString().replace("Z", "+0000"),
    AlarmArn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`,
    Trigger: {
      MetricName: "MemoryUtilization",
      Namespace: "AWS/ECS",
      StatisticType: "Statistic",
      Statistic: "MAXIMUM",
      Dimensions: [
        { value: service, name: "ServiceName" },
        { value: CLUSTER, name: "ClusterName" },
      ],
      Period: 1,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: THRESHOLD,
      TreatMissingData: "missing",
    },
  });
}

/** The alarm of a storm that comes at this place: every service in turn, then the next alarm of each. */
export function stormEvent(index: number, services: number, firedAt: number) {
  return fleetAlarmEvent(fleetService(index % services), Math.floor(index / services), firedAt);
}

const serviceOfTask = (arn: string) => arn.split("/").at(-1)?.split(".")[0] ?? "";
const serviceOfAlarm = (name: string) => name.split("-memory")[0] ?? "";

function serviceOf(name: string, began: number) {
  const counts = { desiredCount: 2, runningCount: 2, pendingCount: 0 };
  const taskDefinition = `${ECS}:task-definition/${name}:1`;
  const createdAt = began / 1_000 - 86_400;
  return {
    serviceArn: `${ECS}:service/${CLUSTER}/${name}`,
    serviceName: name,
    status: "ACTIVE",
    ...counts,
    taskDefinition,
    deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200 },
    deployments: [
      { id: "ecs-svc/1", status: "PRIMARY", rolloutState: "COMPLETED", taskDefinition, createdAt, ...counts },
    ],
    events: [],
  };
}

function taskOf(arn: string, curedAt: number | undefined, began: number) {
  const service = serviceOfTask(arn);
  const stopped = arn.endsWith(".leaky") && curedAt !== undefined;
  const status = stopped ? "STOPPED" : "RUNNING";
  return {
    taskArn: arn,
    taskDefinitionArn: `${ECS}:task-definition/${service}:1`,
    desiredStatus: status,
    lastStatus: status,
    healthStatus: "HEALTHY",
    startedAt: began / 1_000 - 7_200,
    ...(stopped
      ? { stoppedAt: curedAt / 1_000, stopCode: "UserInitiated", stoppedReason: "by OpsAgent" }
      : {}),
    containers: [{ name: "app", healthStatus: "HEALTHY" }],
  };
}

function definitionOf(arn: string) {
  return {
    taskDefinition: {
      taskDefinitionArn: arn,
      family: arn.split("/").at(-1)?.split(":")[0],
      revision: 1,
      containerDefinitions: [{ name: "app", image: "app:1", memory: 512, cpu: 256 }],
    },
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

/** Memory of the leaking task climbs for two minutes before the start, and is low again once it is replaced. */
function seriesOf(input: StubInput, began: number, cured: ReadonlyMap<string, number>) {
  return ({ Id, MetricStat }: Query) => {
    const { MetricName, Dimensions } = MetricStat.Metric;
    const dimension = (name: string) => Dimensions.find(({ Name }) => Name === name)?.Value;
    const taskId = dimension("TaskId");
    const service = dimension("ServiceName") ?? taskId?.split(".")[0] ?? "";
    const curedAt = cured.get(service) ?? Number.POSITIVE_INFINITY;
    const leaks = /Memory/.test(MetricName) && (taskId === undefined || taskId.endsWith(".leaky"));
    const step = Math.max(1, MetricStat.Period);
    const first = Math.floor(Number(input["StartTime"]) / step) * step;
    const known = /Memory|CPU|Cpu/.test(MetricName) && Number(input["EndTime"]) > first;
    const length = known ? Math.ceil((Number(input["EndTime"]) - first) / step) : 0;
    const Timestamps = Array.from({ length }, (_, index) => first + index * step);
    const climbed = (t: number) => Math.max(0, Math.min(45, 45 + (t * 1_000 - began) / 2_700));
    const level = (t: number) => (t * 1_000 < curedAt ? 50 + climbed(t) : 50);
    return {
      Id,
      StatusCode: "Complete",
      Timestamps,
      Values: Timestamps.map((t) => (leaks ? level(t) : 20 + (t % 3) / 10)),
    };
  };
}
