import type { Fact, FactKind } from "../../domain/evidence.ts";

/** Value of a kind of fact to a diagnosis when not all fit; higher is kept longer. */
const BASE: Readonly<Record<FactKind, number>> = {
  service: 95,
  "stopped-tasks": 92,
  host: 86,
  "task-definition-diff": 88,
  deployment: 84,
  "finished-deployment": 72,
  change: 58,
  alarm: 82,
  "trigger-difference": 42,
  metric: 60,
  "service-event": 50,
  "scaling-limits": 48,
  "scaling-activity": 46,
  "past-incident": 40,
  "target-health": 34,
  "running-task": 30,
  "action-log": 28,
  "log-pattern": 20,
  "last-words": 18,
};

/** Returns the value of a fact: its kind's, adjusted by its content. */
export function factValue(fact: Fact): number {
  return BASE[fact.kind] + adjustment(fact);
}

function adjustment(fact: Fact): number {
  switch (fact.kind) {
    case "metric": {
      if (fact.data.isAlarm) return 35;
      return fact.data.summary.direction === "none" ? -15 : 15;
    }
    case "deployment":
      return fact.data.inProgress || (fact.data.secondsBeforeOnset ?? -1) >= 0 ? 5 : 0;
    case "finished-deployment":
      return (fact.data.secondsBeforeOnset ?? -1) >= 0 ? 8 : 0;
    case "change":
      return (fact.data.aboutService ? 12 : 0) - (fact.data.secondsBeforeOnset >= 0 ? 0 : 20);
    case "service-event":
      return fact.data.class === "other" ? 0 : 24;
    case "target-health":
      return fact.data.state === "healthy" ? 0 : 42;
    case "running-task":
      return fact.data.health === "UNHEALTHY" ? 44 : 0;
    case "log-pattern": {
      const level = { error: 30, warn: 15, info: 0 }[fact.data.level];
      return level + (fact.data.newSinceOnset ? 15 : 0) + (fact.data.signal === undefined ? 0 : 10);
    }
    default:
      return 0;
  }
}
