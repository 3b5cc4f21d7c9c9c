/**
 * Faults that preflight supposes on a real service. Each adds to the service's own evidence the trusted facts that
 * such a fault would show, and changes nothing else, so that `decide` judges the service as it is.
 */
import type { Cause } from "../../domain/cause.ts";
import { type Evidence, type Fact, type FactOf, factsOf, type MetricRole } from "../../domain/evidence.ts";

export interface Supposition {
  /** What is supposed, as a sentence. */
  readonly says: string;
  readonly cause: Cause;
  readonly action: "restart" | "scale" | "rollback";
  /** The evidence with the fault in it; undefined where the service cannot have it, such as no task that runs. */
  readonly suppose: (evidence: Evidence) => Supposed | undefined;
}

export interface Supposed {
  readonly evidence: Evidence;
  /** Ids of the facts that the supposed diagnosis rests on. */
  readonly rests: readonly string[];
}

/** Percent of the memory limit that a supposed leak has reached. */
const LEAKED_PERCENT = 95;

export const SUPPOSITIONS: readonly Supposition[] = [
  {
    says: "One task leaks memory and still serves",
    cause: "memory-leak",
    action: "restart",
    suppose: (evidence) => {
      const sick = oldestTask(evidence);
      if (sick === undefined) return undefined;
      const service = metricFact("memory", LEAKED_PERCENT, evidence);
      const perTask = factsOf(evidence, "metric").some(({ data }) => data.role === "task-memory");
      const own = perTask ? [metricFact("task-memory", LEAKED_PERCENT, evidence, sick.data.taskId)] : [];
      const others = evidence.facts.filter((fact) => !isMetric(fact, "memory", "task-memory", sick));
      return supposed({ ...evidence, facts: others }, [service, ...own]);
    },
  },
  {
    says: "One task fails its health checks",
    cause: "hung-task",
    action: "restart",
    suppose: (evidence) => {
      const sick = oldestTask(evidence);
      if (sick === undefined) return undefined;
      const { taskId } = sick.data;
      const target = factsOf(evidence, "target-health").find(({ data }) => data.taskId === taskId);
      const changed: Fact =
        target === undefined
          ? { ...sick, data: { ...sick.data, health: "UNHEALTHY" } }
          : { ...target, data: { ...target.data, state: "unhealthy", reason: "Target.Timeout" } };
      const facts = evidence.facts.map((fact) => (fact.id === changed.id ? changed : fact));
      return { evidence: { ...evidence, facts }, rests: [changed.id] };
    },
  },
  {
    says: "Traffic rises and CPU is saturated by it",
    cause: "traffic-spike",
    action: "scale",
    suppose: (evidence) => {
      const others = evidence.facts.filter((fact) => !isMetric(fact, "requests", "cpu"));
      const load = [metricFact("requests", 1000, evidence), metricFact("cpu", 95, evidence)];
      return supposed({ ...evidence, facts: others }, load);
    },
  },
  {
    says: "The revision that runs now fails, and was deployed two minutes before",
    cause: "bad-deploy",
    action: "rollback",
    suppose: (evidence) => {
      const service = factsOf(evidence, "service")[0];
      if (service === undefined) return undefined;
      const { taskDefinition } = service.data;
      const facts = evidence.facts.map(
        (fact): Fact =>
          fact.kind === "deployment" && fact.data.status === "PRIMARY"
            ? { ...fact, data: { ...fact.data, secondsBeforeOnset: 120 } }
            : fact,
      );
      return supposed({ ...evidence, facts }, [
        {
          kind: "stopped-tasks",
          provenance: "control-plane",
          statement: "Supposed: tasks of this revision crash.",
          data: {
            class: "crashed",
            count: 3,
            taskIds: [],
            lastAt: evidence.observedAt,
            taskDefinition,
            containers: [],
          },
        },
      ]);
    },
  },
];

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

function supposed(evidence: Evidence, drafts: readonly WithoutId<Fact>[]): Supposed {
  const last = Math.max(0, ...evidence.facts.map(({ id }) => Number(id.slice(1))));
  const added = drafts.map((draft, index): Fact => ({ ...draft, id: `E${last + 1 + index}` }));
  return {
    evidence: { ...evidence, facts: [...evidence.facts, ...added] },
    rests: added.map(({ id }) => id),
  };
}

function oldestTask(evidence: Evidence): FactOf<"running-task"> | undefined {
  return factsOf(evidence, "running-task")
    .filter(({ data }) => data.lastStatus === "RUNNING")
    .toSorted((one, other) => (one.data.startedAt ?? "~").localeCompare(other.data.startedAt ?? "~"))[0];
}

/** Whether the fact is a series that the supposition replaces: of the service, or of the sick task. */
function isMetric(fact: Fact, ...roles: (MetricRole | FactOf<"running-task">)[]): boolean {
  if (fact.kind !== "metric" || !roles.includes(fact.data.role)) return false;
  const sick = roles.find((one) => typeof one === "object");
  return fact.data.taskId === undefined || fact.data.taskId === sick?.data.taskId;
}

/** A series that doubled five minutes ago and is there now. */
function metricFact(
  role: MetricRole,
  current: number,
  { onset, observedAt }: Evidence,
  taskId?: string,
): WithoutId<FactOf<"metric">> {
  const baseline = current / 2;
  return {
    kind: "metric",
    provenance: "metric",
    at: onset,
    statement: `Supposed: ${role} rose from ${baseline} to ${current}.`,
    data: {
      role,
      label: role,
      unit: role === "requests" ? "requests" : "%",
      statistic: "Maximum",
      periodSeconds: 60,
      ...(taskId === undefined ? {} : { taskId }),
      points: [],
      summary: {
        count: 60,
        first: onset,
        last: observedAt,
        baseline,
        current,
        min: baseline,
        max: current,
        onset,
        direction: "up",
        shape: "ramp",
        slopePerMinute: baseline / 5,
      },
    },
  };
}
