/**
 * The one round in which the model may request more evidence: which requests are read, and whether time and budget
 * allow it.
 */
import type { Diagnosis, ModelUsage } from "../../domain/diagnosis.ts";
import type { Fact } from "../../domain/evidence.ts";
import type { MoreRequest } from "../../evidence/more-evidence.ts";
import type { MoreAsked } from "./answer-schema.ts";
import { cap, oneLine } from "./text.ts";

/** The most reads of one round. */
const MOST_READS = 3;

/** How much more a second call costs: its prompt also has the added facts. */
const DEARER = 1.5;

export type FollowUp =
  | { readonly kind: "read"; readonly requests: readonly MoreRequest[] }
  /** Nothing that was requested exists; the answer cannot be used. */
  | { readonly kind: "nonsense"; readonly problem: string };

/**
 * Returns the reads for a first answer's requests: each once, at most three. Pattern ids are looked up among the log
 * patterns shown; an unknown one is dropped.
 */
export function planFollowUp(
  asked: readonly MoreAsked[],
  facts: readonly Fact[],
  shown: ReadonlySet<string>,
): FollowUp {
  const unique = new Map(asked.map((one) => [JSON.stringify(one), one]));
  const requests = [...unique.values()].flatMap((one) => requestOf(one, facts, shown) ?? []);
  if (requests.length > 0) return { kind: "read", requests: requests.slice(0, MOST_READS) };
  const named = asked.flatMap((one) => (one.read === "log-pattern" ? [one.pattern] : []));
  const ids = named.slice(0, MOST_READS).map((id) => JSON.stringify(cap(oneLine(id), 20)));
  return {
    kind: "nonsense",
    problem: `the model asked for log patterns that do not exist (${ids.join(", ")})`,
  };
}

function requestOf(
  asked: MoreAsked,
  facts: readonly Fact[],
  shown: ReadonlySet<string>,
): MoreRequest | undefined {
  if (asked.read !== "log-pattern") return asked;
  const id = asked.pattern.trim();
  const fact = facts.find((one) => one.id === id);
  if (fact?.kind !== "log-pattern" || !shown.has(id)) return undefined;
  return { read: "log-pattern", pattern: fact };
}

export interface Room {
  /** Epoch milliseconds by which the incident must be closed; undefined without a limit. */
  readonly deadline?: number | undefined;
  readonly now: number;
  /** The longest time for the reads and the second call, in milliseconds. */
  readonly roundMs: number;
  /** The model budget of the incident in dollars. */
  readonly budgetUsd: number;
  readonly used: ModelUsage;
}

/** Returns why there is no further round, or undefined when there is one. */
export function whyNoRoom({ deadline, now, roundMs, budgetUsd, used }: Room): string | undefined {
  if (deadline !== undefined && now + roundMs > deadline) return "the time left was too short to read it";
  const spent = used.costUsd ?? 0;
  const next = (spent / Math.max(1, used.calls)) * DEARER;
  return spent + next > budgetUsd
    ? "the incident's model budget left no room for another question"
    : undefined;
}

/** The highest confidence of an answer that requested more evidence and did not get it. */
const UNCONFIRMED = 0.5;

/** A first answer that stays the only one: reported, but without its action. */
export function provisional(diagnosis: Diagnosis, reason: string): Diagnosis {
  return {
    ...diagnosis,
    action: "none",
    confidence: Math.min(diagnosis.confidence, UNCONFIRMED),
    missing: [`the model asked for more evidence, but ${reason}`, ...diagnosis.missing],
  };
}
