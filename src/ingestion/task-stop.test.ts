/** Stopped tasks that start an incident without an alarm, through the intake, with ECS's answers on the wire. */
import { describe, expect, it } from "vitest";
import { awsError, json } from "../../test/support/aws-stub-answers.ts";
import { dependenciesOf } from "../../test/support/dependencies.ts";
import { createSmallWorld } from "../../test/support/small-world.ts";
import type { Fields } from "../../test/support/sns.ts";
import { useAwsStub } from "../../test/support/use-aws-stub.ts";
import { createSqliteStore } from "../adapters/sqlite-store/sqlite-store.ts";
import type { Alert } from "../domain/alert.ts";
import type { Policy } from "../domain/policy.ts";
import { executionName } from "../workflow/execution-name.ts";
import { forwardEvent } from "./intake.ts";

const bed = useAwsStub();
const AT = "2026-11-23T07:10:00Z";
const ARN = "arn:aws:ecs:us-east-1:123456789012";

const taskArn = (id: string) => `${ARN}:task/production/${id.repeat(32)}`;

/** A task that ended, as the event's detail; DescribeTasks has nearly the same fields. */
const stopped = (id: string, more: Fields = {}) => ({
  taskArn: taskArn(id),
  clusterArn: `${ARN}:cluster/production`,
  group: "service:web",
  lastStatus: "STOPPED",
  desiredStatus: "STOPPED",
  stopCode: "EssentialContainerExited",
  stoppedReason: "Essential container in task exited",
  containers: [{ name: "app", lastStatus: "STOPPED", exitCode: 1 }],
  ...more,
});

const killed = (id: string, more: Fields = {}) =>
  stopped(id, {
    containers: [
      { name: "app", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
    ],
    ...more,
  });

const event = (detail: Fields, more: Fields = {}) => ({
  version: "0",
  "detail-type": "ECS Task State Change",
  source: "aws.ecs",
  time: AT,
  region: "us-east-1",
  resources: [detail["taskArn"]],
  detail,
  ...more,
});

const minutesBefore = (minutes: number) => Date.parse(AT) / 1000 - minutes * 60;

/** ECS has these stopped tasks, each with the minutes before the event at which it stopped. */
function ecsHas(...tasks: (readonly [Fields, number])[]) {
  const found = tasks.map(([task, minutes]) => ({ ...task, stoppedAt: minutesBefore(minutes) }));
  bed.stub.on("ListTasks", (input) =>
    json({
      taskArns: input["desiredStatus"] === "STOPPED" ? found.map((task) => (task as Fields)["taskArn"]) : [],
    }),
  );
  bed.stub.on("DescribeTasks", json({ tasks: found, failures: [] }));
}

async function taken(given: unknown, taskStops: Partial<Policy["taskStops"]> = {}) {
  const { readers, ...deps } = dependenciesOf(
    createSmallWorld({ trouble: "leak" }),
    createSqliteStore(":memory:"),
    { notify: () => {} },
  );
  const policy = { ...deps.policy, taskStops: { ...deps.policy.taskStops, ...taskStops } };
  const alerts: Alert[] = [];
  const noted: string[] = [];
  const logger = {
    ...deps.logger,
    info: (what: string, more: Fields = {}) => {
      if (what === "event-noted") noted.push(String(more["what"]));
    },
  };
  const begin = async (_: string, { alert }: { alert: Alert }) => alerts.push(alert);
  const { alarms, ecs } = bed.aws;
  await forwardEvent(given, { cluster: "production" }, begin, {
    ...deps,
    policy,
    logger,
    readers: { alarms, ecs },
  });
  return { alerts, noted };
}

describe("a task that was stopped for lack of memory", () => {
  it("starts an incident of its service, with the container that was killed", async () => {
    const { alerts } = await taken(event(killed("a")));

    expect(alerts).toMatchObject([
      {
        source: "ecs-event",
        state: "ALARM",
        target: { cluster: "production", service: "web" },
        region: "us-east-1",
        title:
          "web: a task was stopped for lack of memory: container app: OutOfMemoryError: Container killed due to memory usage",
      },
    ]);
    expect(bed.stub.calls("ListTasks")).toEqual([]);
  });

  it("is one incident an hour with the next one, and another of another service", async () => {
    const name = async (detail: Fields, time = AT) => {
      const { alerts } = await taken(event(detail, { time }));
      return alerts.map(executionName)[0];
    };

    expect(await name(killed("b"), "2026-11-23T07:50:00Z")).toBe(await name(killed("a")));
    expect(await name(killed("a"), "2026-11-23T08:00:00Z")).not.toBe(await name(killed("a")));
    expect(await name(killed("a", { group: "service:pay" }))).not.toBe(await name(killed("a")));
  });

  it("of another cluster goes to a person and is not corrected", async () => {
    const { alerts } = await taken(event(killed("a", { clusterArn: `${ARN}:cluster/staging` })));

    expect(alerts[0]?.target).toBeUndefined();
    expect(alerts[0]?.targetProblem).toContain('cluster "staging"');
  });

  it("is counted where the policy wants more, and starts nothing where it says so", async () => {
    ecsHas([killed("a"), 0], [stopped("b"), 1]);
    const two = await taken(event(killed("a")), { outOfMemory: 2 });
    ecsHas([killed("a"), 0], [killed("b"), 14]);
    const reached = await taken(event(killed("a")), { outOfMemory: 2 });
    const none = await taken(event(killed("a")), { outOfMemory: 0 });

    expect(two.alerts).toEqual([]);
    expect(two.noted[0]).toContain("1 within 15 min; 2 start an incident");
    expect(reached.alerts).toHaveLength(1);
    expect(none.alerts).toEqual([]);
  });
});

describe("a task that ended by itself", () => {
  it("is noted while it is alone", async () => {
    ecsHas(
      [stopped("a"), 0],
      [stopped("b"), 20],
      [stopped("c", { stopCode: "ServiceSchedulerInitiated" }), 1],
    );

    const { alerts, noted } = await taken(event(stopped("a")));

    expect(alerts).toEqual([]);
    expect(noted).toEqual([expect.stringContaining("service:web: STOPPED, EssentialContainerExited")]);
    expect(noted[0]).toContain("1 within 15 min; 3 start an incident");
  });

  it("starts an incident with the third within a quarter of an hour, those that did not start included", async () => {
    ecsHas([stopped("b"), 5], [stopped("c", { stopCode: "TaskFailedToStart", containers: [] }), 10]);

    const { alerts } = await taken(event(stopped("a")));

    expect(alerts).toMatchObject([
      {
        title: "web: tasks end by themselves, or do not start: container app exited with 1 (3 within 15 min)",
        target: { cluster: "production", service: "web" },
      },
    ]);
  });

  it("of another cluster is noted: its like cannot be counted here", async () => {
    const { alerts, noted } = await taken(event(stopped("a", { clusterArn: `${ARN}:cluster/staging` })));

    expect(alerts).toEqual([]);
    expect(noted[0]).toContain('cluster "staging"');
  });

  it("starts an incident where ECS cannot be asked for the others: nothing uncounted is kept quiet", async () => {
    bed.stub.on("ListTasks", awsError("AccessDeniedException"));

    expect((await taken(event(stopped("a")))).alerts).toHaveLength(1);
  });
});

describe("an ordinary stop", () => {
  it.each([
    [
      "by a deployment or scale-in",
      { stopCode: "ServiceSchedulerInitiated", stoppedReason: "Scaling activity" },
    ],
    ["by a person", { stopCode: "UserInitiated", stoppedReason: "OutOfMemoryError: made up" }],
    ["of a Spot host", { stopCode: "SpotInterruption" }],
    ["on SIGTERM", { containers: [{ name: "app", exitCode: 143 }] }],
    ["of a task of no service", { group: "family:batch" }],
    ["that is not over", { lastStatus: "DEPROVISIONING" }],
  ])("%s is noted, however many there were", async (_, more) => {
    ecsHas([stopped("b"), 1], [stopped("c"), 2], [stopped("d"), 3]);

    const { alerts, noted } = await taken(event(killed("a", more)));

    expect(alerts).toEqual([]);
    expect(noted).toHaveLength(1);
    expect(bed.stub.calls("ListTasks")).toEqual([]);
  });
});
