/** The metric series of the small world, one point a second. */
import type { StubInput } from "./aws-stub-server.ts";

/** `leak`: the memory of some tasks climbs. `traffic`: requests grow fivefold and CPU with them. */
export type Sickness = "leak" | "two-leaks" | "traffic";

/** The tasks that leak, by the letter that their id consists of. */
export const LEAKING: Readonly<Record<Sickness, readonly string[]>> = {
  leak: ["a"],
  "two-leaks": ["a", "b"],
  traffic: [],
};

export interface MetricState {
  readonly sickness: Sickness;
  /** Epoch milliseconds; when the alarm fired. */
  readonly since: number;
  readonly healedAt: number | undefined;
}

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Period: number;
    readonly Stat: string;
    readonly Metric: {
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

const RAMP_SECONDS = 100;

/** The body of an answer of GetMetricData. */
export function metricData(state: MetricState, input: StubInput) {
  const from = Number(input["StartTime"]) * 1000;
  const to = Number(input["EndTime"]) * 1000;
  const queries = input["MetricDataQueries"] as readonly Query[];
  return {
    MetricDataResults: queries.map(({ Id, MetricStat }) => {
      const { MetricName, Dimensions } = MetricStat.Metric;
      const taskId = Dimensions.find(({ Name }) => Name === "TaskId")?.Value;
      const points: [number, number][] = [];
      const seconds = MetricStat.Period;
      for (let time = from; time < to; time += seconds * 1000) {
        const value = valueAt(state, MetricName, taskId, time);
        if (value !== undefined)
          points.push([time / 1000, MetricStat.Stat === "Sum" ? value * seconds : value]);
      }
      return {
        Id,
        Label: MetricName,
        StatusCode: "Complete",
        Timestamps: points.map(([time]) => time),
        Values: points.map(([, value]) => value),
      };
    }),
  };
}

function valueAt(
  state: MetricState,
  metric: string,
  taskId: string | undefined,
  time: number,
): number | undefined {
  const healed = state.healedAt !== undefined && time >= state.healedAt;
  const ill = healed ? 0 : Math.min(1, Math.max(0, (time - state.since) / 1000 / RAMP_SECONDS + 1));
  const noise = noiseAt(time / 1000);
  const names = LEAKING[state.sickness];
  const isLeaker = taskId !== undefined && names.includes(taskId.charAt(0));
  const leaking = taskId === undefined ? names.length > 0 : isLeaker;
  switch (metric) {
    case "MemoryUtilization":
    case "TaskMemoryUtilization":
      if (healed && isLeaker) return undefined;
      return (leaking ? 40 + 57 * ill : 40) + noise;
    case "CPUUtilization":
    case "TaskCpuUtilization":
      return (state.sickness === "traffic" && ill > 0 ? 92 : 30) + noise;
    case "RequestCount":
      return (state.sickness === "traffic" && ill > 0 ? 250 : 50) + noise;
    case "TargetResponseTime":
      return 0.05;
    case "UnHealthyHostCount":
      return 0;
    default:
      return undefined;
  }
}

/** Between -0.5 and 0.5, the same for the same second, without any pattern that an eye or a test would see. */
function noiseAt(second: number): number {
  const mixed = Math.imul(Math.trunc(second) ^ 0x9e37_79b9, 0x85eb_ca6b);
  return (((mixed ^ (mixed >>> 13)) >>> 0) % 1000) / 1000 - 0.5;
}
