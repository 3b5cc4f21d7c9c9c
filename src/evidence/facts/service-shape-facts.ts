/** How a service is scheduled and deployed, and what a deployment of it waits for: members of its facts, and gaps. */
import type { Holding } from "../../domain/deployment-facts.ts";
import type { FactOf, Gap } from "../../domain/evidence.ts";
import type {
  DeploymentReading,
  ServiceDeploymentReading,
  ServiceReading,
  TaskDefinitionReading,
} from "../../domain/reading.ts";
import { REVERSIBLE_TAG } from "../../domain/service-shape.ts";
import { known } from "../known.ts";
import { shortDefinition } from "./definition-name.ts";

type ServiceData = FactOf<"service">["data"];
type DeploymentData = FactOf<"deployment">["data"];

/** The members of the `service` fact; `definition` is the task definition that runs. */
export function shapeData(service: ServiceReading, definition?: TaskDefinitionReading): Partial<ServiceData> {
  const { circuitBreaker, deploymentAlarms, hooks } = service;
  const irreversible = markedIrreversible(service, definition);
  return known({
    schedulingStrategy: service.schedulingStrategy,
    launchType: service.launchType,
    capacityProviders: service.capacityProviders && [...service.capacityProviders],
    strategy: service.strategy,
    bakeMinutes: service.bakeMinutes,
    shiftMinutes: service.shiftMinutes,
    pausesAt: hooks?.filter(({ kind }) => kind === "PAUSE").flatMap(({ stages }) => stages),
    deploymentAlarms: deploymentAlarms && [...deploymentAlarms.names],
    deploymentAlarmsRollback: deploymentAlarms?.rollback,
    circuitBreaker: circuitBreaker?.enabled,
    circuitBreakerThreshold: circuitBreaker?.threshold,
    discoveryNames: service.discoveryNames && [...service.discoveryNames],
    zoneRebalancing: service.zoneRebalancing,
    irreversible,
    reversibleUnread: irreversible === undefined && service.tagsUnread ? true : undefined,
  });
}

/** What the shape adds to the sentence of the service; nothing for an ordinary one. */
export function shapeText(service: ServiceReading): string {
  const { schedulingStrategy, strategy, controller, launchType } = service;
  const spot = (service.capacityProviders ?? []).filter((name) => name === "FARGATE_SPOT");
  const parts = [
    ...(schedulingStrategy === undefined || schedulingStrategy === "REPLICA"
      ? []
      : [`scheduled as ${schedulingStrategy}`]),
    ...(launchType === "EXTERNAL" ? ["on instances outside AWS"] : []),
    ...(spot.length === 0 ? [] : [`on ${spot.join(" and ")}, which AWS may take back`]),
    ...(controller === "ECS" ? [] : [`deployed by ${controller}`]),
    ...(strategy === undefined || strategy === "ROLLING" ? [] : [`deployed as ${strategy}`]),
  ];
  return parts.map((part) => `, ${part}`).join("");
}

/** Any other value than `true` or nothing is taken for the careful one. */
function markedIrreversible(
  { reversibleTag }: ServiceReading,
  definition: TaskDefinitionReading | undefined,
): string | undefined {
  const of = definition?.reversibleTag;
  if (isMark(of)) return `${shortDefinition(definition?.arn ?? "")} has the tag ${tagText(of)}`;
  return isMark(reversibleTag) ? `the service has the tag ${tagText(reversibleTag)}` : undefined;
}

function isMark(tag: string | undefined): tag is string {
  return tag !== undefined && !/^(|true|yes)$/i.test(tag.trim());
}

/** Whoever tags writes what they like; a word of them is quoted and nothing more. */
function tagText(value: string): string {
  const shown = /^[\w-]{1,20}$/.test(value.trim()) ? `=${value.trim()}` : " with another value than true";
  return `${REVERSIBLE_TAG}${shown}`;
}

/** Statuses of the deployment history under which a deployment is under way. */
const UNDER_WAY: ReadonlySet<string> = new Set(["PENDING", "IN_PROGRESS"]);

/** Stages in which tasks of the two revisions come or go. */
const MOVES_TASKS: ReadonlySet<string> = new Set([
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "SCALE_UP",
  "CLEAN_UP",
]);
/** Stages in which all tasks of both run, and traffic is tested or shifts. */
const SHIFTS: ReadonlySet<string> = new Set([
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
]);
const BAKES = "BAKE_TIME";

/** Whether a stage is one that this version knows. */
export function isKnownStage(stage: string): boolean {
  return stage === BAKES || SHIFTS.has(stage) || MOVES_TASKS.has(stage);
}

/** What the deployment waits for while it moves no tasks; undefined where it moves them, is over, or nobody can tell. */
export function holdingOf(
  deployment: DeploymentReading,
  entry: ServiceDeploymentReading | undefined,
  { deployments, taskSets = [] }: ServiceReading,
): Holding | undefined {
  // ECS says of another controller's task sets no stage: while all their tasks run, only traffic can move.
  if (taskSets.length > 1 && taskSets.some(({ id }) => id === deployment.id)) {
    return taskSets.every(({ running, desired }) => running >= desired) ? "shift" : undefined;
  }
  if (entry === undefined || !UNDER_WAY.has(entry.status) || deployment.status !== "PRIMARY")
    return undefined;
  if (pausedHook(entry) !== undefined) return "pause";
  if (entry.stage === BAKES) return "bake";
  if (entry.stage !== undefined && SHIFTS.has(entry.stage)) return "shift";
  // A rolling deployment with alarms is watched after the last task was replaced.
  const replaced = deployments.length === 1 && deployment.running >= deployment.desired;
  return entry.stage === undefined && replaced && entry.alarms?.status === "MONITORING" ? "bake" : undefined;
}

function pausedHook({ hooks = [] }: ServiceDeploymentReading) {
  return hooks.find(({ kind, status }) => kind === "PAUSE" && status === "AWAITING_ACTION");
}

/**
 * The members of the `deployment` fact that the deployment history gives.
 * @param entry its own entry of the history
 * @param primary the entry of the deployment that replaces others, which tells of their traffic, too
 */
export function progressData(
  deployment: DeploymentReading,
  entry: ServiceDeploymentReading | undefined,
  primary: ServiceDeploymentReading | undefined,
  service: ServiceReading,
): Partial<DeploymentData> {
  const set = service.taskSets?.find(({ id }) => id === deployment.id);
  const hook = entry && pausedHook(entry);
  const revision =
    deployment.status === "PRIMARY"
      ? entry?.revisions?.find(({ target }) => target)
      : primary?.revisions?.find(
          ({ target, taskDefinition }) => !target && taskDefinition === deployment.taskDefinition,
        );
  return known({
    strategy: entry?.strategy,
    stage: entry?.stage,
    holding: holdingOf(deployment, entry, service),
    hookId: hook?.id,
    hookExpiresAt: hook?.expiresAt,
    hookOnTimeout: hook?.onTimeout,
    productionWeight: revision?.productionWeight,
    testWeight: revision?.testWeight,
    pending: deployment.pending > 0 ? deployment.pending : undefined,
    circuitBreakerStatus: entry?.circuitBreaker?.status,
    circuitBreakerThreshold: entry?.circuitBreaker?.threshold,
    alarmsStatus: entry?.alarms?.status,
    triggeredAlarms: entry?.alarms?.triggered.length ? [...entry.alarms.triggered] : undefined,
    taskSet: set === undefined ? undefined : true,
    externalId: set?.externalId,
  });
}

/** What the progress adds to the sentence of a deployment. */
export function progressText(data: Partial<DeploymentData>): string {
  const { holding, stage, strategy, hookId, hookExpiresAt, hookOnTimeout, productionWeight, alarmsStatus } =
    data;
  const after =
    hookExpiresAt === undefined
      ? ""
      : ` until ${hookExpiresAt}${hookOnTimeout === undefined ? "" : `, then ${hookOnTimeout}`}`;
  const parts = [
    ...(strategy === undefined || strategy === "ROLLING" ? [] : [`, ${strategy}`]),
    ...(stage === undefined ? [] : [`, stage ${stage}`]),
    ...(holding === "pause" ? [`, paused at hook ${hookId ?? "?"}${after}`] : []),
    ...(productionWeight === undefined ? [] : [`, ${productionWeight} % of the production traffic`]),
    ...(alarmsStatus === "TRIGGERED" ? [", its deployment alarms fired"] : []),
  ];
  return parts.join("");
}

const GETS_TRAFFIC: ReadonlySet<string> = new Set([
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
  BAKES,
  "CLEAN_UP",
]);

/**
 * Returns when the deployment last came to more traffic, ISO 8601, which may be hours after its beginning: a deployment in
 * a bake is no innocent old one. Undefined where its revision gets no production traffic.
 * @param onset of the symptom, epoch milliseconds
 */
export function releasedAt(
  { createdAt }: DeploymentReading,
  entry: ServiceDeploymentReading | undefined,
  onset: number,
): string | undefined {
  const {
    strategy = "ROLLING",
    status = "",
    stage = "",
    updatedAt,
    finishedAt,
    bakeMinutes = 0,
  } = entry ?? {};
  if (strategy === "ROLLING") return createdAt;
  if (!UNDER_WAY.has(status)) {
    const shifted = Date.parse(finishedAt ?? "") - bakeMinutes * 60_000;
    return later(createdAt, Number.isNaN(shifted) ? undefined : new Date(shifted).toISOString());
  }
  const weight = entry?.revisions?.find(({ target }) => target)?.productionWeight;
  if (weight === undefined ? !GETS_TRAFFIC.has(stage) : weight <= 0) return undefined;
  // It has changed since the onset: traffic may have moved at any time until then.
  const changed = Date.parse(updatedAt ?? "");
  if (Number.isNaN(changed)) return createdAt;
  return later(createdAt, new Date(Math.min(changed, onset)).toISOString());
}

function later(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Date.parse(other) > Date.parse(one) ? other : one;
}

/** Whether a deployment strategy is one that this version knows; ECS names none for rolling ones of old. */
export function isKnownStrategy(strategy: string | undefined): boolean {
  return STRATEGIES.includes(strategy ?? "ROLLING");
}

const CONTROLLERS = ["ECS", "CODE_DEPLOY", "EXTERNAL"];
const STRATEGIES = ["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"];
const SCHEDULING = ["REPLICA", "DAEMON"];

/** Gaps for words of ECS that this version does not know. */
export function unknownWords(service: ServiceReading, history: readonly ServiceDeploymentReading[]): Gap[] {
  const { controller, strategy, schedulingStrategy } = service;
  const current = history.filter(({ status }) => UNDER_WAY.has(status));
  const words: readonly (readonly [string, string | undefined, boolean])[] = [
    ["deployment controller", controller, CONTROLLERS.includes(controller)],
    ["deployment strategy", strategy, isKnownStrategy(strategy)],
    ["scheduling strategy", schedulingStrategy, SCHEDULING.includes(schedulingStrategy ?? "REPLICA")],
    ...current.map(
      ({ stage }) => ["deployment stage", stage, stage === undefined || isKnownStage(stage)] as const,
    ),
  ];
  return words
    .filter(([, , isKnown]) => !isKnown)
    .map(([what, word]) => ({
      source: "service-shape",
      code: "unknown-word",
      message: `ECS says ${what} "${word}", which this version of OpsAgent does not know: it does not act on it.`,
      remedy: "Look for a newer version of OpsAgent, and act by hand until then.",
      important: false,
    }));
}
