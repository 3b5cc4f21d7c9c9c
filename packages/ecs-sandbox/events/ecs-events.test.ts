import { StopTaskCommand } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually, startTestRange, type TestRange } from "../range-fixture.ts";
import { createEcsWatcher, type EcsWatcher } from "./ecs-watcher.ts";

interface Event {
  readonly "detail-type": string;
  readonly resources: readonly string[];
  readonly detail: Record<string, unknown>;
}

let world: TestRange;
let watcher: EcsWatcher;
let events: Event[];

beforeEach(async () => {
  world = await startTestRange();
  events = [];
  watcher = createEcsWatcher(world.range.ecs.state, (event) => {
    events.push(JSON.parse(JSON.stringify(event)) as Event);
  });
});
afterEach(async () => {
  watcher.set(false);
  await world.range.stop();
});

const ofType = (type: string) => events.filter((event) => event["detail-type"] === type);

it("tells of tasks and deployments as AWS does, from when it is switched on", async () => {
  await world.createWeb();
  await eventually(async () => (await world.web()).deployments?.[0]?.rolloutState === "COMPLETED");
  watcher.set(true);
  const [task] = await world.webTasks();

  await world.ecs.send(new StopTaskCommand({ cluster: "test", task: task?.taskArn, reason: "drill" }));
  await eventually(async () =>
    ofType("ECS Task State Change").some(
      ({ detail }) => detail["taskArn"] === task?.taskArn && detail["lastStatus"] === "STOPPED",
    ),
  );

  const stopped = ofType("ECS Task State Change").findLast(
    ({ detail }) => detail["taskArn"] === task?.taskArn,
  );
  expect(stopped).toMatchObject({
    version: "0",
    id: expect.stringMatching(/^[\da-f-]{36}$/),
    source: "aws.ecs",
    account: "000000000000",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    region: "us-east-1",
    resources: [task?.taskArn],
    detail: {
      group: "service:web",
      stopCode: "UserInitiated",
      stoppedReason: "drill",
      createdAt: task?.createdAt?.toISOString(),
      stoppedAt: expect.stringMatching(/Z$/),
      version: expect.any(Number),
    },
  });
  expect(ofType("ECS Deployment State Change")).toEqual([]);
});

it("tells of a deployment that begins and ends", async () => {
  watcher.set(true);
  await world.createWeb();

  await eventually(async () => ofType("ECS Deployment State Change").length === 2);

  const service = await world.web();
  expect(
    ofType("ECS Deployment State Change").map(({ detail }) => [detail["eventType"], detail["eventName"]]),
  ).toEqual([
    ["INFO", "SERVICE_DEPLOYMENT_IN_PROGRESS"],
    ["INFO", "SERVICE_DEPLOYMENT_COMPLETED"],
  ]);
  expect(events.at(-1)).toMatchObject({ resources: [service.serviceArn] });
  watcher.set(false);
  const told = events.length;
  const [task] = await world.webTasks();
  await world.ecs.send(new StopTaskCommand({ cluster: "test", task: task?.taskArn }));
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(events).toHaveLength(told);
});

it("tells of what ECS cannot do for a service, with what is missing", async () => {
  const cluster = world.range.ecs.state.clusters.get("test");
  if (cluster) cluster.capacity = { memory: 300 };
  watcher.set(true);

  await world.createWeb({ desiredCount: 2 });

  await eventually(async () => ofType("ECS Service Action").length > 0);
  const service = await world.web();
  expect(ofType("ECS Service Action")[0]).toMatchObject({
    resources: [service.serviceArn],
    detail: {
      eventType: "ERROR",
      eventName: "SERVICE_TASK_PLACEMENT_FAILURE",
      clusterArn: service.clusterArn,
      createdAt: expect.stringMatching(/Z$/),
      reason: "RESOURCE:MEMORY",
    },
  });
});

it("tells of a container that was killed for memory in the event of its task", async () => {
  world.range.images.push("glutton:1", {
    argv: [process.execPath, "-e", "const all = []; setInterval(() => all.push(Buffer.alloc(20e6, 1)), 100)"],
  });
  watcher.set(true);

  await world.createWeb({ image: "glutton:1", memory: 160 });

  const ended = () =>
    ofType("ECS Task State Change").find(({ detail }) => detail["stopCode"] === "EssentialContainerExited");
  const stopped = await eventually(async () => ended());
  expect(stopped.detail).toMatchObject({
    stoppedReason: "Essential container in task exited",
    containers: [
      { name: "web", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
    ],
  });
});
