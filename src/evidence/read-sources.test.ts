import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NOW, policyOf, TARGET } from "../../test/samples/facts.ts";
import { OpsAgentError } from "../domain/errors.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Point } from "../domain/reading.ts";
import { collectEvidence } from "./collect-evidence.ts";
import type { MetricReader } from "./ports.ts";
import type { EvidenceContext } from "./source.ts";

const now = Date.parse(NOW);
const HOUR = 3_600_000;

/** CPU that jumped twenty minutes ago. */
const cpu: Point[] = Array.from({ length: 60 }, (_, i) => ({
  t: now - (60 - i) * 60_000,
  v: (i < 40 ? 20 : 90) + Math.sin(i * i),
}));

/** A service that runs nothing. */
const service = {
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
};

/** Collects the evidence of a service of which only CPU is known, and whose seven days are read by `history`. */
function collect(history: () => Promise<ReadonlyMap<string, readonly Point[]>>): Promise<Evidence> {
  const series: MetricReader["series"] = async (queries, window) =>
    window.to - window.from > 2 * HOUR
      ? history()
      : new Map(queries.map(({ id, metric }) => [id, metric.name === "CPUUtilization" ? cpu : []]));
  const nothing = async () => undefined;
  const context = {
    alert: { firedAt: new Date(now - 60_000).toISOString() },
    target: TARGET,
    timing: policyOf().timing,
    logGroupPrefix: "/ecs/",
    now,
    readers: {
      ecs: {
        service: async () => service,
        tasks: async () => ({ running: [], stopped: [] }),
        taskDefinition: nothing,
      },
      metrics: { series },
      logs: { lines: async function* () {} },
      loadBalancers: { targetGroups: async () => [], targetHealth: async () => [] },
      scaling: { limits: nothing, activities: async () => [] },
      alarms: { alarm: nothing, transitions: async () => [] },
    },
  } as unknown as EvidenceContext;
  return collectEvidence(context);
}

const cpuOf = ({ facts }: Evidence) =>
  facts.flatMap((fact) => (fact.kind === "metric" && fact.data.role === "cpu" ? [fact.data] : []))[0];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("compares what changed with the days before", async () => {
  const evidence = await collect(async () => new Map([["q0", [...daysOf(10), ...cpu]]]));

  expect(cpuOf(evidence)?.usual).toMatchObject({ days: 7, share: 0 });
  expect(evidence.gaps.map(({ source }) => source)).not.toContain("metric-history");
});

const daysOf = (level: number): Point[] =>
  Array.from({ length: 2040 - 12 }, (_, i) => ({ t: now - (2040 - i) * 300_000, v: level }));

it("has a gap and all else where the days before are denied", async () => {
  const evidence = await collect(async () => {
    throw new OpsAgentError({ code: "aws-denied", message: "no", remedy: "Allow it." });
  });

  expect(evidence.gaps).toContainEqual(
    expect.objectContaining({ source: "metric-history", code: "aws-denied", important: false }),
  );
  expect(cpuOf(evidence)?.summary).toMatchObject({ shape: "step", direction: "up" });
  expect(cpuOf(evidence)).not.toHaveProperty("usual");
});

it("waits five seconds for the days before", async () => {
  let ended: Evidence | undefined;
  void collect(() => new Promise(() => {})).then((evidence) => {
    ended = evidence;
  });

  await vi.advanceTimersByTimeAsync(4_000);
  expect(ended).toBeUndefined();
  await vi.advanceTimersByTimeAsync(2_000);

  expect(ended && cpuOf(ended)?.summary.shape).toBe("step");
  expect(ended?.gaps).toContainEqual(expect.objectContaining({ source: "metric-history" }));
});
