/** Services far larger than usual, and everything about them going wrong: the incident still fits and ends. */
import { expect, it } from "vitest";
import type { TaskReading } from "../../src/domain/reading.ts";
import type { Readers } from "../../src/evidence/collect-evidence.ts";
import { createSmallWorld, fastClock, type SmallWorld } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

const SIZE = 600;
const hex = (number: number) => number.toString(16).padStart(32, "0");
const definition = (number: number) => `arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:${number}`;

function largeReaders(world: SmallWorld): Readers {
  const { readers } = world;
  const task = (number: number, stopped: boolean): TaskReading => ({
    arn: `arn:aws:ecs:eu-central-1:123456789012:task/production/${hex(number)}`,
    id: hex(number),
    lastStatus: stopped ? "STOPPED" : "RUNNING",
    desiredStatus: stopped ? "STOPPED" : "RUNNING",
    health: "UNHEALTHY",
    taskDefinition: definition(number % 300),
    startedAt: new Date(fastClock() - 600_000).toISOString(),
    containers: Array.from({ length: 10 }, (_, index) => ({
      name: `sidecar-${index}`,
      privateAddress: `10.${index}.${number >> 8}.${number & 255}`,
      ...(stopped ? { exitCode: number % 200, reason: `reason ${"x".repeat(900)}` } : {}),
    })),
    ...(stopped
      ? {
          stoppedAt: new Date(fastClock() - 5_000).toISOString(),
          stopCode: "EssentialContainerExited",
          stoppedReason: `Essential container in task exited ${"y".repeat(900)}`,
        }
      : {}),
  });
  const numbers = Array.from({ length: SIZE }, (_, index) => index);
  return {
    ...readers,
    ecs: {
      ...readers.ecs,
      service: async (target) => {
        const service = await readers.ecs.service(target);
        return (
          service && {
            ...service,
            desired: SIZE,
            running: SIZE,
            targetGroupArns: Array.from({ length: 5 }, (_, index) => `group-${index}`),
            deployments: Array.from({ length: 20 }, (_, index) => ({
              ...Object(service.deployments[0]),
              id: `ecs-svc/${index}`,
              rolloutReason: "z".repeat(1_000),
            })),
            events: Array.from({ length: 100 }, (_, index) => ({
              at: new Date(fastClock() - 1_000).toISOString(),
              message: `(service shop) was unable to place a task. Reason: ${String.fromCharCode(97 + (index % 26)).repeat(1_000)}.`,
            })),
          }
        );
      },
      tasks: async () => ({
        running: numbers.map((number) => task(number, false)),
        stopped: numbers.map((number) => task(number, true)),
      }),
    },
    loadBalancers: {
      targetGroups: async (arns) =>
        arns.map((arn) => ({
          arn,
          loadBalancerDimension: `app/${arn}`,
          targetGroupDimension: `targetgroup/${arn}`,
        })),
      targetHealth: async (arn) =>
        numbers.map((number) => ({
          targetGroupArn: arn,
          id: `10.0.${number >> 8}.${number & 255}`,
          port: 8080,
          state: "unhealthy",
          reason: "Target.ResponseCodeMismatch",
          description: `Health checks failed with these codes: [503] ${"w".repeat(200)}`,
        })),
    },
    scaling: {
      ...readers.scaling,
      activities: async () =>
        numbers.map(() => ({
          at: new Date(fastClock() - 1_000).toISOString(),
          description: "d".repeat(1_000),
          cause: "c".repeat(2_000),
          status: "Failed",
        })),
    },
    alarms: {
      ...readers.alarms,
      alarm: async (name) => {
        const alarm = await readers.alarms.alarm(name);
        return alarm && { ...alarm, state: "ALARM", reason: "r".repeat(1_023) };
      },
    },
    logs: {
      lines: async function* () {
        for (let page = 0; page < 4; page++) {
          yield numbers.map((number) => ({
            t: fastClock() - 1_000,
            stream: `shop/${number}`,
            message: `ERROR ${hex(number * 7919).replace(/0/g, "q")} ${String.fromCharCode(97 + (number % 26)).repeat(3_000)}`,
          }));
        }
      },
    },
  };
}

it("a service of 600 tasks, all sick, ends in a report", async () => {
  const small = createSmallWorld({ trouble: "leak" });
  const world = { ...small, readers: largeReaders(small) };
  const { handle, reports } = startWorkflow({ world });

  const incident = await handle();

  expect(reports).toHaveLength(1);
  expect(incident.evidence?.facts.length).toBeGreaterThan(50);
  expect(Buffer.byteLength(JSON.stringify(incident))).toBeLessThan(256 * 1024);
}, 20_000);
