/** Whose incidents may wait: services that nobody knows and that no alarm in AWS is about. Anybody can name such a one. */
import type { Alert } from "../domain/alert.ts";
import { factsOf } from "../domain/evidence.ts";
import type { EventListener, IncidentStore } from "../domain/ports.ts";
import type { FiringAlarmReader } from "../evidence/ports.ts";
import { executionName } from "../workflow/execution-name.ts";

/** Alarms that fire are read at most so often, while an unknown service waits. Milliseconds. */
const ALARMS_EVERY_MS = 2_000;
const READ_WITHIN_MS = 10_000;
/** Names that are remembered: some megabytes at the most. */
const MOST_NAMES = 10_000;
/** Earlier incidents that say which services there are. */
const EARLIER = 200;

export interface Precedence {
  /** Notes which service an execution is about. */
  note(alert: Alert): void;
  /** Whether an execution may wait for others. Those of an earlier process may not. */
  canWait(execution: string): boolean;
  /** Hears that a service exists. */
  readonly listener: EventListener;
}

export interface PrecedenceSources {
  /** Names in the policy. */
  readonly named: readonly string[];
  readonly firingAlarms: FiringAlarmReader | undefined;
  readonly store: Pick<IncidentStore, "summaries">;
}

export function createPrecedence({ named, firingAlarms, store }: PrecedenceSources): Precedence {
  const known = new Set(named);
  const alarmed = new Set<string>();
  const services = new Map<string, string>();
  let readAt = Number.NEGATIVE_INFINITY;
  let askedEarlier = false;

  const readAlarms = async () => {
    if (firingAlarms === undefined || performance.now() - readAt < ALARMS_EVERY_MS) return;
    readAt = performance.now();
    const firing = await firingAlarms.firing({ signal: AbortSignal.timeout(READ_WITHIN_MS) });
    alarmed.clear();
    for (const alarm of firing) {
      const { ServiceName: service } = alarm.dimensions ?? {};
      if (service !== undefined) alarmed.add(service);
    }
  };
  /** Only incidents that found something out: of a service that does not exist none does. */
  const readEarlier = async () => {
    const { summaries } = await store.summaries({ limit: EARLIER });
    for (const { service, cause, actions } of summaries)
      if (service !== undefined && (actions.length > 0 || (cause ?? "unknown") !== "unknown"))
        known.add(service);
  };

  return {
    note: (alert) => {
      const service = alert.target?.service;
      if (service === undefined || known.has(service)) return;
      if (services.size >= MOST_NAMES) services.clear();
      services.set(executionName(alert), service);
      // Without them nobody goes first, which is how it would be without this.
      if (!askedEarlier) void readEarlier().catch(() => undefined);
      askedEarlier = true;
      void readAlarms().catch(() => undefined);
    },
    canWait: (execution) => {
      const service = services.get(execution);
      if (service === undefined || known.has(service) || alarmed.has(service)) return false;
      void readAlarms().catch(() => undefined);
      return true;
    },
    listener: (event, incident) => {
      if (event.kind !== "evidence-collected") return;
      const service = incident.target?.service ?? incident.alert.target?.service;
      if (service !== undefined && factsOf(event.evidence, "service").length > 0) known.add(service);
    },
  };
}
