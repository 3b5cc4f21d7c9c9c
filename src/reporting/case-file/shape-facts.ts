/** How a service is scheduled and deployed, under pseudonyms. ECS's own words stay. */
import type { FactOf } from "../../domain/evidence.ts";
import { type Anonymiser, defined, maybe, reference } from "./anonymiser.ts";

type Service = FactOf<"service">["data"];
type Deployment = FactOf<"deployment">["data"];

/** A word of an enumeration of ECS; what does not look like one is text. */
function wordOf(value: string, { texts }: Anonymiser): string {
  return /^[A-Z][A-Z_]{1,39}$/.test(value) ? value : texts.text(value);
}

export function shapeOf(data: Service, anonymiser: Anonymiser): Partial<Service> {
  const word = (value: string) => wordOf(value, anonymiser);
  const { text } = anonymiser.texts;
  const { bakeMinutes, shiftMinutes, deploymentAlarmsRollback, circuitBreaker, reversibleUnread } = data;
  return defined({
    schedulingStrategy: maybe(data.schedulingStrategy, word),
    launchType: maybe(data.launchType, word),
    capacityProviders: data.capacityProviders?.map(word),
    strategy: maybe(data.strategy, word),
    bakeMinutes,
    shiftMinutes,
    pausesAt: data.pausesAt?.map(word),
    deploymentAlarms: data.deploymentAlarms?.map((name) => anonymiser.names.of("alarm", name)),
    deploymentAlarmsRollback,
    circuitBreaker,
    circuitBreakerThreshold: maybe(data.circuitBreakerThreshold, text),
    discoveryNames: data.discoveryNames?.map(text),
    zoneRebalancing: maybe(data.zoneRebalancing, word),
    irreversible: maybe(data.irreversible, text),
    reversibleUnread,
  });
}

export function progressOf(data: Deployment, anonymiser: Anonymiser): Partial<Deployment> {
  const word = (value: string) => wordOf(value, anonymiser);
  const id = (value: string) => reference(value, "id", anonymiser);
  const { holding, hookExpiresAt, productionWeight, testWeight, pending, circuitBreakerThreshold } = data;
  const { sinceShift, taskSet } = data;
  return defined({
    strategy: maybe(data.strategy, word),
    stage: maybe(data.stage, word),
    holding,
    hookId: maybe(data.hookId, id),
    hookExpiresAt,
    hookOnTimeout: maybe(data.hookOnTimeout, word),
    productionWeight,
    testWeight,
    pending,
    circuitBreakerStatus: maybe(data.circuitBreakerStatus, word),
    circuitBreakerThreshold,
    alarmsStatus: maybe(data.alarmsStatus, word),
    triggeredAlarms: data.triggeredAlarms?.map((name) => anonymiser.names.of("alarm", name)),
    sinceShift,
    taskSet,
    externalId: maybe(data.externalId, id),
  });
}

export function hostData(data: FactOf<"host">["data"], anonymiser: Anonymiser): FactOf<"host">["data"] {
  const word = (value: string) => wordOf(value, anonymiser);
  const { agentConnected, external } = data;
  return {
    host: reference(data.host, "id", anonymiser),
    status: word(data.status),
    agentConnected,
    taskIds: data.taskIds.map((id) => anonymiser.names.of("task", id)),
    ...defined({
      health: maybe(data.health, word),
      capacityProvider: maybe(data.capacityProvider, word),
      external,
    }),
  };
}
