/** Ablations of evidence: each removes a part of it, as if it had never been read. */
import type { Evidence, Fact } from "../../src/domain/evidence.ts";

export type Blindfold = (evidence: Evidence) => Evidence;

const CHANGES: ReadonlySet<Fact["kind"]> = new Set([
  "deployment",
  "finished-deployment",
  "task-definition-diff",
  "scaling-activity",
  "change",
]);

/** Seconds before the onset at which every change seems to explain it. */
const RIGHT_BEFORE = 60;

const withFacts = (evidence: Evidence, facts: readonly Fact[]): Evidence => ({
  ...evidence,
  facts: [...facts],
});

/** Removes stopped tasks: their stop codes, reasons and exit codes. */
export const withoutStoppedReasons: Blindfold = (evidence) =>
  withFacts(
    evidence,
    evidence.facts.filter(({ kind }) => kind !== "stopped-tasks"),
  );

/** Removes all changes. */
export const withoutChanges: Blindfold = (evidence) =>
  withFacts(
    evidence,
    evidence.facts.filter(({ kind }) => !CHANGES.has(kind)),
  );

/** Removes the order of changes: each may have come right before the onset. */
export const withoutChangeRanking: Blindfold = (evidence) => {
  const at = new Date(Date.parse(evidence.onset) - RIGHT_BEFORE * 1000).toISOString();
  return withFacts(
    evidence,
    evidence.facts.map((fact): Fact => {
      switch (fact.kind) {
        case "deployment":
          return { ...fact, at, data: { ...fact.data, createdAt: at, secondsBeforeOnset: RIGHT_BEFORE } };
        case "finished-deployment":
          return { ...fact, at, data: { ...fact.data, startedAt: at, secondsBeforeOnset: RIGHT_BEFORE } };
        case "task-definition-diff":
          return { ...fact, at, data: { ...fact.data, deployedAt: at, secondsBeforeOnset: RIGHT_BEFORE } };
        case "change":
          return { ...fact, at, data: { ...fact.data, secondsBeforeOnset: RIGHT_BEFORE } };
        case "scaling-activity":
          return { ...fact, at };
        default:
          return fact;
      }
    }),
  );
};

/** Removes the logs. */
export const withoutLogs: Blindfold = (evidence) =>
  withFacts(
    evidence,
    evidence.facts.filter(({ kind }) => kind !== "log-pattern"),
  );
