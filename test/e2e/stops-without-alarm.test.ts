/** A task that ECS stopped for lack of memory, from its event to the proof that the service is well, without an alarm. */
import { expect, it } from "vitest";
import { withWorld } from "../support/agent-world.ts";
import { ACCOUNT, CLUSTER, LEAKING_TASK, SERVICE } from "../support/aws-world.ts";

const taskArn = `arn:aws:ecs:${ACCOUNT}:task/${CLUSTER}/${"9".repeat(32)}`;

const killed = (time: string) => ({
  version: "0",
  id: "0d1c2b3a-0000-4000-8000-000000000000",
  "detail-type": "ECS Task State Change",
  source: "aws.ecs",
  account: "000000000000",
  time,
  region: "us-east-1",
  resources: [taskArn],
  detail: {
    taskArn,
    clusterArn: `arn:aws:ecs:${ACCOUNT}:cluster/${CLUSTER}`,
    group: `service:${SERVICE}`,
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [
      { name: "app", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
    ],
  },
});

it(
  "is looked into, the task that leaks next is restarted, and recovery is proven by the service itself",
  withWorld({}, async ({ aws, handleOne, agent }) => {
    const time = new Date().toISOString();

    const incident = await handleOne(killed(time));

    expect(incident).toMatchObject({
      status: "resolved",
      target: { cluster: CLUSTER, service: SERVICE },
      alert: {
        source: "ecs-event",
        title: expect.stringContaining("stopped for lack of memory: container app"),
      },
      verification: {
        outcome: "recovered",
        checks: expect.arrayContaining([
          expect.objectContaining({ condition: "service-steady", met: true }),
          expect.objectContaining({ condition: "no-bad-stops", met: true }),
        ]),
      },
    });
    expect(incident.verification?.checks.map(({ condition }) => condition)).not.toContain("alarm-ok");
    expect(aws.calls("StopTask")).toMatchObject([{ task: LEAKING_TASK }]);
    expect(aws.calls("DescribeAlarms").filter((input) => input["AlarmNames"] !== undefined)).toEqual([]);
    // A repeated delivery changes nothing.
    const again = await agent.handle(killed(time));
    expect(again.map(({ id }) => id)).toEqual([incident.id]);
    expect(aws.calls("StopTask")).toHaveLength(1);
  }),
  60_000,
);
