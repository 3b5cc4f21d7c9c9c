/** The one round in which the model may ask for more evidence: what of its wishes is read, and whether there is room. */
import type { Diagnosis, ModelUsage } from "../../domain/diagnosis.ts";
import type { Fact } from "../../domain/evidence.ts";
import type { MoreRequest } from "../../evidence/more-evidence.ts";
import type { MoreAsked } from "./answer-schema.ts";
import { cap, oneLine } from "./text.ts";

/** Reads of one round. */
const MOST_READS = 3;

/** A second question costs more than the first: the prompt has the added facts in it. */
const DEARER = 1.5;

export type FollowUp =
  | { readonly kind: "read"; readonly requests: readonly MoreRequest[] }
  /** Nothing that was asked for exists; the answer cannot be used. */
  | { readonly kind: "nonsense"; readonly problem: string };

/**
 * The reads to make for a first answer's wishes: each one once, at most three. Pattern ids are looked up among the log
 * patterns that were shown; one that is not there is dropped like any other invented id.
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
  /** Epoch milliseconds at which the incident must be over; undefined where it has all the time. */
  readonly deadline?: number | undefined;
  readonly now: number;
  /** What the reads and the second question may take at the most, in milliseconds. */
  readonly roundMs: number;
  /** Dollars that the incident may cost at the model. */
  readonly budgetUsd: number;
  readonly used: ModelUsage;
}

/** Why there is no room for another round, or undefined when there is. */
export function whyNoRoom({ deadline, now, roundMs, budgetUsd, used }: Room): string | undefined {
  if (deadline !== undefined && now + roundMs > deadline) return "the time left was too short to read it";
  const spent = used.costUsd ?? 0;
  const next = (spent / Math.max(1, used.calls)) * DEARER;
  return spent + next > budgetUsd
    ? "the incident's model budget left no room for another question"
    : undefined;
}

/** At most this much is believed of an answer that wanted more evidence and did not get it. */
const UNCONFIRMED = 0.5;

/** A first answer that stays the only one: told, but without its action. */
export function provisional(diagnosis: Diagnosis, reason: string): Diagnosis {
  return {
    ...diagnosis,
    action: "none",
    confidence: Math.min(diagnosis.confidence, UNCONFIRMED),
    missing: [`the model asked for more evidence, but ${reason}`, ...diagnosis.missing],
  };
}
