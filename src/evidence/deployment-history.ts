/** Reads the deployment history: which revision ran before, what was only restarted, and how deployments ended. */
import type {
  DeploymentReading,
  ImageReading,
  ServiceDeploymentReading,
  ServiceReading,
} from "../domain/reading.ts";
import { shortDefinition } from "./facts/definition-name.ts";
import type { FactDraft } from "./source.ts";
import { secondsBefore, span } from "./times.ts";

type History = readonly ServiceDeploymentReading[];

/** What the current task definition is compared with. */
export interface DiffBase {
  readonly arn: string;
  readonly kind: "last-steady" | "being-replaced" | "revision-before";
  readonly images: readonly ImageReading[];
}

/**
 * Returns the task definition that last ran steadily: of the newest successful deployment of another definition; else
 * the one that is being replaced; else the revision with the number below, which may never have run.
 */
export function diffBaseOf(
  current: string,
  deployments: readonly DeploymentReading[],
  history: History,
): DiffBase | undefined {
  const steady = history.find(
    (past) =>
      past.status === "SUCCESSFUL" && past.taskDefinition !== undefined && past.taskDefinition !== current,
  );
  if (steady?.taskDefinition !== undefined) {
    return { arn: steady.taskDefinition, kind: "last-steady", images: steady.images };
  }
  const replaced = deployments.find(
    ({ status, taskDefinition }) =>
      status === "ACTIVE" && taskDefinition !== "" && taskDefinition !== current,
  );
  if (replaced !== undefined) return { arn: replaced.taskDefinition, kind: "being-replaced", images: [] };
  const revision = Number(/:(\d+)$/.exec(current)?.[1] ?? 0);
  if (revision <= 1) return undefined;
  return { arn: current.replace(/:\d+$/, `:${revision - 1}`), kind: "revision-before", images: [] };
}

/** Returns when the service moved to its current task definition; restarts of the same one came later. */
export function switchedAt(
  current: string,
  deployments: readonly DeploymentReading[],
  history: History,
): string | undefined {
  const other = history.findIndex(
    (past) =>
      past.status === "SUCCESSFUL" && past.taskDefinition !== undefined && past.taskDefinition !== current,
  );
  const since = other < 0 ? history : history.slice(0, other);
  const times = [
    ...since.filter((past) => past.taskDefinition === current).map(startOf),
    ...deployments
      .filter(({ taskDefinition }) => taskDefinition === current)
      .map(({ createdAt }) => createdAt),
  ];
  return times.flatMap((time) => time ?? []).sort()[0];
}

/** Returns the images of the newest deployment of a task definition. */
export function imagesOf(definition: string, history: History): readonly ImageReading[] {
  return history.find((past) => past.taskDefinition === definition && past.images.length > 0)?.images ?? [];
}

/** What a deployment replaced. */
export interface Replacement {
  readonly replaced?: string;
  readonly forced?: boolean;
  readonly imageChanged?: boolean;
}

/** Finds a deployment in the history; undefined when it is not there or nothing ran before it. */
export function replacementOf(
  deployment: ServiceDeploymentReading | undefined,
  history: History,
): Replacement {
  if (deployment?.taskDefinition === undefined) return {};
  const older = history.slice(history.indexOf(deployment) + 1).find((past) => past.status === "SUCCESSFUL");
  const replaced = deployment.replaced[0] ?? older?.taskDefinition;
  if (replaced === undefined) return {};
  if (replaced !== deployment.taskDefinition) return { replaced: shortDefinition(replaced), forced: false };
  const changed =
    older?.taskDefinition === replaced ? digestsDiffer(older.images, deployment.images) : undefined;
  return {
    replaced: shortDefinition(replaced),
    forced: true,
    ...(changed === undefined ? {} : { imageChanged: changed }),
  };
}

/** Undefined when a digest is unknown. */
function digestsDiffer(before: readonly ImageReading[], after: readonly ImageReading[]): boolean | undefined {
  const pairs = after.flatMap(({ container, digest }) => {
    const old = before.find((image) => image.container === container)?.digest;
    return digest === undefined || old === undefined ? [] : [digest !== old];
  });
  return pairs.length === 0 ? undefined : pairs.includes(true);
}

/**
 * Milliseconds by which times of one deployment may differ between the two lists, when they do not name it by its
 * revision.
 */
const SAME_MS = 10_000;

/** Finds the history entry of this deployment of the service. */
export function entryOf(
  deployment: DeploymentReading,
  history: History,
): ServiceDeploymentReading | undefined {
  const revision = deployment.id.split("/").at(-1);
  const began = Date.parse(deployment.createdAt ?? "");
  return (
    history.find((past) => past.revision !== undefined && past.revision === revision) ??
    history.find(
      (past) =>
        past.taskDefinition === deployment.taskDefinition &&
        Math.abs(Date.parse(past.createdAt ?? "") - began) <= SAME_MS,
    )
  );
}

/** Statuses of a service deployment that a person or the circuit breaker is stopping or rolling back. */
const TAKEN_BACK: ReadonlySet<string> = new Set([
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
]);

/** True while a deployment of the history is being stopped or rolled back: nobody else should interfere. */
export function isBeingTakenBack(history: History): boolean {
  return history.some(({ status }) => TAKEN_BACK.has(status));
}

const ENDED: Readonly<Record<string, string>> = {
  SUCCESSFUL: "succeeded",
  STOPPED: "was stopped",
  ROLLBACK_SUCCESSFUL: "was rolled back",
  ROLLBACK_FAILED: "failed, and so did its rollback",
};

const MAX_FINISHED = 10;

/** Returns facts of deployments that ended since `since` (epoch milliseconds) and that the service no longer lists. */
export function finishedDeploymentFacts(
  service: ServiceReading,
  history: History,
  onset: number,
  since: number,
): FactDraft[] {
  const listed = new Set(service.deployments.flatMap((deployment) => entryOf(deployment, history) ?? []));
  return history
    .filter((past) => ENDED[past.status] !== undefined && !listed.has(past))
    .filter((past) => Date.parse(past.finishedAt ?? startOf(past) ?? "") >= since)
    .slice(0, MAX_FINISHED)
    .map((past) => toFact(past, history, onset));
}

function toFact(past: ServiceDeploymentReading, history: History, onset: number): FactDraft {
  const started = startOf(past);
  const before = secondsBefore(started, onset);
  const replacement = replacementOf(past, history);
  const definition = shortDefinition(past.taskDefinition ?? "an unknown task definition");
  const triggered = past.circuitBreaker?.status === "TRIGGERED";
  const reason = past.rollback?.reason ?? past.reason;
  const backTo =
    past.rollback?.taskDefinition === undefined ? undefined : shortDefinition(past.rollback.taskDefinition);
  const when =
    before === undefined ? "" : `, begun ${span(before)} ${before >= 0 ? "before" : "after"} the onset,`;
  return {
    kind: "finished-deployment",
    provenance: "control-plane",
    ...(started === undefined ? {} : { at: started }),
    statement: `${replacement.forced ? "Forced new deployment" : "Deployment"} of ${definition}${when} ${ENDED[past.status]}${triggered ? " by the circuit breaker" : ""}${backTo === undefined ? "" : `, back to ${backTo}`}${past.circuitBreaker?.failures ? `, ${past.circuitBreaker.failures} tasks failed` : ""}${reason ? `: ${reason.replace(/\.$/, "")}` : ""}.`,
    data: {
      id: past.id,
      status: past.status,
      taskDefinition: definition,
      failedTasks: past.circuitBreaker?.failures ?? 0,
      circuitBreakerTriggered: triggered,
      ...replacement,
      ...(reason === undefined ? {} : { reason }),
      ...(started === undefined ? {} : { startedAt: started }),
      ...(past.finishedAt === undefined ? {} : { finishedAt: past.finishedAt }),
      ...(backTo === undefined ? {} : { rolledBackTo: backTo }),
      ...(before === undefined ? {} : { secondsBeforeOnset: before }),
    },
  };
}

function startOf(past: ServiceDeploymentReading): string | undefined {
  return past.startedAt ?? past.createdAt;
}
