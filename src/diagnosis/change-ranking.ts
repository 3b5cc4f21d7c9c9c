/**
 * Ranks changes by how well they explain the symptom: time before its onset, kind of change, and whether it touches
 * what the symptom is about. Pure; a ranking is a hint with reasons, never a proof.
 */
import { type ChangeArea, type Evidence, type Fact, type FactOf, factsOf } from "../domain/evidence.ts";
import { DEPLOYMENT_BLAME_SECONDS } from "../domain/limits.ts";
import { type SymptomTopic, symptomTopics } from "./symptom-topics.ts";

export interface RankedChange {
  readonly factId: string;
  /** Negative when it came after the onset. */
  readonly secondsBeforeOnset: number;
  /** False for a change after the onset, which never explains it. */
  readonly canExplain: boolean;
  /** Comparable within the same evidence only. */
  readonly score: number;
  /** The reasons for the rank, for people. */
  readonly why: string;
}

type ChangeFact = FactOf<
  "deployment" | "finished-deployment" | "task-definition-diff" | "scaling-activity" | "change"
>;

interface Judged {
  readonly weight: number;
  readonly reasons: readonly string[];
  /** The topics that it touches; undefined when unknown. */
  readonly touches?: ReadonlySet<SymptomTopic> | undefined;
  /** The task definition that it deployed, to find tasks that fail since. */
  readonly brought?: string;
}

/** The first revision of a service replaced nothing that worked, so its deployment is no change. */
export function isFirstRevision(taskDefinition: string): boolean {
  return taskDefinition.endsWith(":1");
}

/** Seconds before the onset at which a change is half as likely to be the cause as one right before it. */
const HALF_SECONDS = 600;

/** Returns all change facts, the likeliest explanation first, those that explain nothing last. */
export function rankChanges(evidence: Evidence): RankedChange[] {
  const topics = symptomTopics(evidence);
  const resolution = onsetResolutionSeconds(evidence);
  return evidence.facts
    .flatMap((fact) => (isChange(fact) ? (rank(fact, evidence, topics, resolution) ?? []) : []))
    .sort(
      (one, other) =>
        Number(other.canExplain) - Number(one.canExplain) ||
        other.score - one.score ||
        Math.abs(one.secondsBeforeOnset) - Math.abs(other.secondsBeforeOnset),
    );
}

function rank(
  fact: ChangeFact,
  evidence: Evidence,
  topics: ReadonlySet<SymptomTopic>,
  resolution: number,
): RankedChange | undefined {
  const seconds = Math.round((Date.parse(evidence.onset) - Date.parse(timeOf(fact, evidence) ?? "")) / 1000);
  if (!Number.isFinite(seconds)) return undefined;
  const after = seconds < 0 && -seconds >= resolution;
  if (after) {
    const why = `began ${-seconds} s after the onset, so it cannot have caused it`;
    return { factId: fact.id, secondsBeforeOnset: seconds, canExplain: false, score: 0, why };
  }
  const { weight, reasons, touches, brought } = judge(fact, evidence);
  const failing = brought === undefined ? 0 : failuresOf(brought, evidence);
  const shared = touches && [...touches].filter((topic) => topics.has(topic));
  const fits = shared === undefined || topics.size === 0 ? 1 : shared.length > 0 ? 1.5 : 0.5;
  const score =
    (weight * fits * (failing > 0 ? 2 : 1) * HALF_SECONDS) / (HALF_SECONDS + Math.max(0, seconds));
  const when = seconds >= 0 ? `${seconds} s before the onset` : "within the resolution of the onset";
  return {
    factId: fact.id,
    secondsBeforeOnset: seconds,
    canExplain: true,
    score: Number(score.toFixed(4)),
    why: [
      when,
      ...reasons,
      ...(shared !== undefined && shared.length > 0 ? [`touches what fails (${shared.join(", ")})`] : []),
      ...(fits < 1 ? ["touches nothing that the symptom is about"] : []),
      ...(failing > 0 ? [`${failing} of its tasks failed`] : []),
    ].join("; "),
  };
}

function isChange(fact: Fact): fact is ChangeFact {
  return (
    fact.kind === "deployment" ||
    fact.kind === "finished-deployment" ||
    fact.kind === "task-definition-diff" ||
    fact.kind === "scaling-activity" ||
    fact.kind === "change"
  );
}

/** A task definition changes nothing until it is deployed, so its time is that of the deployment. */
function timeOf(fact: ChangeFact, evidence: Evidence): string | undefined {
  switch (fact.kind) {
    case "deployment":
      return fact.data.createdAt ?? fact.at;
    case "finished-deployment":
      return fact.data.startedAt ?? fact.at;
    case "task-definition-diff":
      return (
        fact.data.deployedAt ??
        factsOf(evidence, "deployment").find(({ data }) => data.taskDefinition === fact.data.to)?.data
          .createdAt ??
        fact.at
      );
    default:
      return fact.at;
  }
}

/**
 * Returns the resolution of the onset in seconds: it is the start of a metric's period, and a change within that
 * period may have come first. Zero where the onset was not found in a series.
 */
function onsetResolutionSeconds(evidence: Evidence): number {
  const found = factsOf(evidence, "metric").filter(({ data }) => data.summary.onset === evidence.onset);
  return Math.max(0, ...found.map(({ data }) => data.periodSeconds));
}

function judge(fact: ChangeFact, evidence: Evidence): Judged {
  switch (fact.kind) {
    case "deployment":
    case "finished-deployment":
      return judgeDeployment(fact, evidence);
    case "task-definition-diff": {
      const { changes, to } = fact.data;
      if (changes.length === 0) return { weight: 0.05, reasons: ["changes nothing that was compared"] };
      const touches = topicsOfDiff(changes);
      return { weight: 0.95, reasons: [`changes ${names(changes)}`], touches, brought: to };
    }
    case "scaling-activity":
      return {
        weight: 0.3,
        reasons: ["autoscaling mostly follows the load"],
        touches: new Set(["memory", "cpu", "errors", "load"]),
      };
    case "change": {
      const { area, aboutService, event } = fact.data;
      const where = aboutService ? "names this service" : "elsewhere in the account";
      const weight = aboutService ? 0.8 : 0.4;
      return { weight, reasons: [`${event} ${where}`], touches: AREA_TOPICS[area] };
    }
  }
}

function judgeDeployment(fact: FactOf<"deployment" | "finished-deployment">, evidence: Evidence): Judged {
  const { taskDefinition, forced, imageChanged } = fact.data;
  const ended = fact.kind === "finished-deployment" && fact.data.rolledBackTo !== undefined;
  const rolledBack = ended ? ["rolled back since"] : [];
  if (imageChanged) {
    const reasons = ["the same tag brought another image", ...rolledBack];
    return { weight: 1, reasons, touches: new Set(EVERYTHING), brought: taskDefinition };
  }
  if (forced) return { weight: 0.3, reasons: ["restarts the same task definition"], brought: taskDefinition };
  if (isFirstRevision(taskDefinition)) {
    return { weight: 0.2, reasons: ["the first revision of its task definition"], brought: taskDefinition };
  }
  const diff = factsOf(evidence, "task-definition-diff").find(({ data }) => data.to === taskDefinition);
  if (diff === undefined) {
    return {
      weight: ended ? 0.6 : 0.8,
      reasons: ["brought another task definition", ...rolledBack],
      brought: taskDefinition,
    };
  }
  if (diff.data.changes.length === 0) {
    return { weight: 0.3, reasons: ["brought no difference that was compared"], brought: taskDefinition };
  }
  return {
    weight: 1,
    reasons: [`changed ${names(diff.data.changes)}`],
    touches: topicsOfDiff(diff.data.changes),
    brought: taskDefinition,
  };
}

function names(changes: readonly { readonly what: string }[]): string {
  const shown = changes.slice(0, 3).map(({ what }) => what);
  return (
    shown.join(", ") + (changes.length > shown.length ? ` and ${changes.length - shown.length} more` : "")
  );
}

const BROKEN_STOPS: ReadonlySet<string> = new Set([
  "out-of-memory",
  "failed-health-check",
  "image-pull-failed",
  "initialization-failed",
  "container-runtime-error",
  "crashed",
  "exited-successfully",
]);

/** Returns how many tasks of the task definition failed, by ECS's count or by the stopped tasks. */
function failuresOf(taskDefinition: string, evidence: Evidence): number {
  const counted = [...factsOf(evidence, "deployment"), ...factsOf(evidence, "finished-deployment")]
    .filter(({ data }) => data.taskDefinition === taskDefinition)
    .map(({ data }) => data.failedTasks);
  const stopped = factsOf(evidence, "stopped-tasks")
    .filter(({ data }) => data.taskDefinition === taskDefinition && BROKEN_STOPS.has(data.class))
    .reduce((sum, { data }) => sum + data.count, 0);
  return Math.max(0, stopped, ...counted);
}

const EVERYTHING: readonly SymptomTopic[] = ["memory", "cpu", "errors", "health", "start"];

/** The topics that a difference between two task definitions can affect. */
const DIFF_TOPICS: readonly (readonly [RegExp, readonly SymptomTopic[]])[] = [
  [/image|command|^container /, EVERYTHING],
  [/environment|secret/, ["errors", "health", "start"]],
  [/memory/, ["memory", "start"]],
  [/cpu/, ["cpu", "errors", "start"]],
  [/health check|ports/, ["health", "start"]],
  [/role/, ["errors", "start"]],
  [/network mode|volumes|log driver/, ["errors", "health", "start"]],
];

function topicsOfDiff(changes: readonly { readonly what: string }[]): ReadonlySet<SymptomTopic> {
  return new Set(
    changes.flatMap(({ what }) =>
      DIFF_TOPICS.filter(([pattern]) => pattern.test(what)).flatMap(([, topics]) => topics),
    ),
  );
}

const AREA_TOPICS: Readonly<Record<ChangeArea, ReadonlySet<SymptomTopic>>> = {
  deployment: new Set([...EVERYTHING, "load"]),
  scaling: new Set(["memory", "cpu", "errors", "load"]),
  permission: new Set(["errors", "start"]),
  network: new Set(["errors", "health", "start"]),
  secret: new Set(["errors", "health", "start"]),
  database: new Set(["errors", "health"]),
  "load-balancing": new Set(["errors", "health", "load"]),
  image: new Set(["start"]),
};

/** Whether a change so many seconds before the onset, or within the onset's own period, can have caused it. */
export function canHaveCaused(secondsBeforeOnset: number | undefined, evidence: Evidence): boolean {
  return (
    secondsBeforeOnset !== undefined &&
    secondsBeforeOnset <= DEPLOYMENT_BLAME_SECONDS &&
    (secondsBeforeOnset >= 0 || -secondsBeforeOnset < onsetResolutionSeconds(evidence))
  );
}
