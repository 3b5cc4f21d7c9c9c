/** Whatever AWS answers, an investigation ends in evidence that fits its schema. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankChanges } from "../diagnosis/change-ranking.ts";
import { OpsAgentError } from "../domain/errors.ts";
import { Evidence } from "../domain/evidence.ts";
import { Policy } from "../domain/policy.ts";
import type {
  DeploymentReading,
  ServiceDeploymentReading,
  ServiceReading,
  TaskReading,
} from "../domain/reading.ts";
import { changeLine } from "../notification/text/change-line.ts";
import { collectEvidence, type Readers } from "./collect-evidence.ts";

const NOW = Date.parse("2026-11-23T07:00:00.000Z");
const target = { cluster: "production", service: "shop" };

/** Clocks are wrong, in both directions; some things have no time. */
const time = fc
  .integer({ min: -100_000_000, max: 10_000_000 })
  .map((offset) => new Date(NOW + offset * 1000).toISOString());
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const text = fc.oneof(
  fc.string({ maxLength: 60, unit: "binary" }),
  fc.constantFrom("", "shop", "OutOfMemoryError", "a:b/c"),
);
const definition = fc.oneof(
  fc
    .integer({ min: 0, max: 12 })
    .map((revision) => `arn:aws:ecs:eu-west-1:0:task-definition/shop:${revision}`),
  text,
);
const count = fc.integer({ min: 0, max: 9 });

/** Records whose members may each be missing, as readings have them. */
function loose<T>(
  members: Record<string, fc.Arbitrary<unknown>>,
  required: Record<string, fc.Arbitrary<unknown>>,
) {
  return fc
    .tuple(
      fc.record(required),
      fc.record(Object.fromEntries(Object.entries(members).map(([name, value]) => [name, maybe(value)]))),
    )
    .map(([sure, rest]) => {
      const known = Object.entries(rest).filter(([, value]) => value !== undefined);
      return { ...sure, ...Object.fromEntries(known) } as T;
    });
}

const deployment = loose<DeploymentReading>(
  {
    rolloutState: fc.constantFrom("COMPLETED", "IN_PROGRESS", "FAILED", "NEW"),
    rolloutReason: text,
    createdAt: time,
  },
  {
    id: text,
    status: fc.constantFrom("PRIMARY", "ACTIVE", "INACTIVE"),
    taskDefinition: definition,
    desired: count,
    running: count,
    pending: count,
    failedTasks: count,
  },
);
const service = loose<ServiceReading>(
  {
    healthCheckGraceSeconds: count,
    circuitBreaker: fc.record({ enabled: fc.boolean(), rollback: fc.boolean() }),
  },
  {
    arn: text,
    status: text,
    desired: count,
    running: count,
    pending: count,
    taskDefinition: definition,
    controller: text,
    deployments: fc.array(deployment, { maxLength: 4 }),
    events: fc.array(fc.record({ at: time, message: text }), { maxLength: 5 }),
    targetGroupArns: fc.array(text, { maxLength: 2 }),
  },
);
const history = fc.array(
  loose<ServiceDeploymentReading>(
    {
      revision: text,
      reason: text,
      createdAt: time,
      startedAt: time,
      finishedAt: time,
      taskDefinition: definition,
      circuitBreaker: fc.record({ status: fc.constantFrom("TRIGGERED", "DISABLED"), failures: count }),
      rollback: loose({ reason: text, taskDefinition: definition }, {}),
    },
    {
      id: text,
      status: fc.constantFrom("SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "IN_PROGRESS", "NEW"),
      images: fc.array(loose({ digest: text }, { container: fc.constant("app"), image: text }), {
        maxLength: 2,
      }),
      replaced: fc.array(definition, { maxLength: 2 }),
    },
  ),
  { maxLength: 20 },
);
const task = loose<TaskReading>(
  {
    health: fc.constantFrom("HEALTHY", "UNHEALTHY", "UNKNOWN"),
    startedAt: time,
    stoppedAt: time,
    stopCode: text,
    stoppedReason: text,
  },
  {
    arn: text,
    id: text,
    lastStatus: text,
    desiredStatus: text,
    taskDefinition: definition,
    containers: fc.array(loose({ exitCode: fc.integer(), reason: text }, { name: text }), { maxLength: 3 }),
  },
);
const points = fc.array(
  fc.record({ t: fc.integer({ min: NOW - 7_200_000, max: NOW + 3_600_000 }), v: fc.double() }),
  {
    maxLength: 70,
  },
);
const alarm = loose<{ name: string; state: string }>(
  {
    reason: text,
    stateSince: time,
    metric: text,
    dimensions: fc.dictionary(fc.constantFrom("ServiceName", "LoadBalancer"), text),
  },
  { name: text, state: fc.constantFrom("ALARM", "OK", "INSUFFICIENT_DATA") },
);

interface World {
  readonly service: ServiceReading | undefined;
  readonly tasks: readonly TaskReading[];
  readonly history: readonly ServiceDeploymentReading[];
  readonly points: readonly { t: number; v: number }[];
  readonly alarms: readonly { name: string; state: string }[];
  readonly times: readonly string[];
  readonly words: readonly string[];
}

const world: fc.Arbitrary<World> = fc.record({
  service: maybe(service),
  tasks: fc.array(task, { maxLength: 30 }),
  history,
  points,
  alarms: fc.array(alarm, { maxLength: 4 }),
  times: fc.array(time, { maxLength: 10 }),
  words: fc.array(text, { minLength: 1, maxLength: 4 }),
});

function readersOf(given: World): Readers {
  const words = (index: number) => given.words[index % given.words.length] ?? "";
  return {
    ecs: {
      service: async () => given.service,
      tasks: async () => ({ running: given.tasks.slice(0, 10), stopped: given.tasks }),
      task: async () => undefined,
      taskDefinition: async (arn) => ({
        arn,
        family: words(0),
        revision: 3,
        containers: [
          {
            name: "app",
            image: words(1),
            essential: true,
            environmentNames: [words(2)],
            secretNames: [],
            ports: [],
          },
        ],
      }),
    },
    metrics: { series: async (queries) => new Map(queries.map(({ id }) => [id, given.points])) },
    logs: {
      lines: async function* () {
        yield given.words.map((message, index) => ({ t: NOW + index, stream: "", message }));
      },
    },
    loadBalancers: {
      targetGroups: async (arns) => arns.map((arn) => ({ arn, targetGroupDimension: arn })),
      targetHealth: async (arn) => given.words.map((state) => ({ targetGroupArn: arn, id: state, state })),
    },
    scaling: {
      limits: async () => undefined,
      activities: async () =>
        given.times.map((at) => ({ at, description: words(0), cause: "", status: words(1) })),
    },
    alarms: {
      alarm: async () => given.alarms[0],
      contributors: async () => undefined,
      transitions: async () => given.times.map((at) => ({ at, from: "OK", to: "ALARM" })),
    },
    deploymentHistory: { deployments: async () => given.history },
    firingAlarms: { firing: async () => given.alarms },
    changeLog: {
      changes: async () =>
        given.times.map((at, index) => ({
          id: `${index}`,
          at,
          event: ["UpdateService", "PutRolePolicy", words(0)][index % 3] ?? "",
          service: words(0),
          who: words(1),
          resources: [...given.words],
          parameters: { service: words(2) },
        })),
    },
    pastIncidents: { recent: async () => [] },
  };
}

const contextOf = (readers: Readers) => ({
  alert: {
    key: "k",
    source: "cloudwatch-sns" as const,
    state: "ALARM" as const,
    firedAt: new Date(NOW - 60_000).toISOString(),
    receivedAt: new Date(NOW).toISOString(),
    title: "shop-cpu",
    target,
    alarm: { name: "shop-cpu", threshold: 80 },
  },
  target,
  timing: Policy.parse({}).timing,
  logGroupPrefix: "/ecs/",
  now: NOW,
  readers,
});

const ORDINARY: World = {
  service: {
    arn: "arn:aws:ecs:eu-central-1:123456789012:service/production/shop",
    status: "ACTIVE",
    desired: 0,
    running: 0,
    pending: 0,
    taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:7",
    controller: "ECS",
    deployments: [],
    events: [],
    targetGroupArns: [],
  },
  tasks: [],
  history: [],
  points: [],
  alarms: [],
  times: [],
  words: ["x"],
};

describe("observation", () => {
  it("ends in valid evidence and a report's line, whatever the readings hold", async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const evidence = await collectEvidence(contextOf(readersOf(given)));

        expect(Evidence.safeParse(evidence).error).toBeUndefined();
        for (const change of rankChanges(evidence)) {
          expect(evidence.facts.map(({ id }) => id)).toContain(change.factId);
          if (change.secondsBeforeOnset < -60) expect(change.canExplain).toBe(false);
        }
        expect(changeLine(evidence)).toMatch(/^What changed: ./);
      }),
      { numRuns: 150 },
    );
  });

  it("stays small with thousands of stopped tasks, each with its own exit code", async () => {
    const stopped = Array.from({ length: 5000 }, (_, index) => ({
      arn: `t${index}`,
      id: `t${index}`,
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      taskDefinition: "shop:7",
      stoppedAt: new Date(NOW - index).toISOString(),
      stoppedReason: "x".repeat(1000),
      containers: [{ name: "app", exitCode: index }],
    }));
    const readers = readersOf(ORDINARY);
    const ecs = { ...readers.ecs, tasks: async () => ({ running: [], stopped }) };

    const evidence = await collectEvidence(contextOf({ ...readers, ecs }));

    expect(JSON.stringify(evidence).length).toBeLessThan(200_000);
  });

  it.each([
    ["aws-unsupported" as const, []],
    ["aws-denied" as const, ["change-log", "deployment-history", "memory", "other-alarms"]],
  ])("misses an optional source that is %s as it should", async (code, missed) => {
    const fail = () => Promise.reject(new OpsAgentError({ code, message: "no", remedy: "allow it" }));
    const readers = readersOf(ORDINARY);

    const evidence = await collectEvidence(
      contextOf({
        ...readers,
        deploymentHistory: { deployments: fail },
        firingAlarms: { firing: fail },
        changeLog: { changes: fail },
        pastIncidents: { recent: fail },
      }),
    );

    const gaps = evidence.gaps.filter(({ code: found }) => found === code);
    expect(gaps.map(({ source }) => source).sort()).toEqual(missed);
    expect(gaps.every(({ important }) => !important)).toBe(true);
    expect(evidence.changeSources).toEqual(["ecs", "autoscaling"]);
  });

  it("does not miss a source that was never configured", async () => {
    const {
      deploymentHistory: _,
      firingAlarms: __,
      changeLog: ___,
      pastIncidents: ____,
      ...needed
    } = readersOf(ORDINARY);

    const evidence = await collectEvidence(contextOf(needed));

    expect(evidence.gaps.map(({ source }) => source)).not.toContain("change-log");
  });
});
