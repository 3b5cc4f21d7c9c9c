import {
  type AuditEntry,
  type ChainState,
  checkEntry,
  EMPTY_CHAIN,
  type SealedEvent,
  sealedEventProblem,
} from "../domain/incident/audit.ts";
import type { AuditTrail } from "../domain/ports.ts";

/**
 * What the check of a whole trail came to. `broken` names the first entry that does not fit, itself or by its event,
 * with the entry that is found there, if any; `unsealed`: whole, but an event was put into the store without an entry;
 * `head-missing`: whole, but without the head that was noted earlier.
 */
export type TrailVerdict =
  | ({ readonly outcome: "whole" | "head-missing" } & ChainState)
  | ({ readonly outcome: "unsealed"; readonly event: SealedEvent } & ChainState)
  | {
      readonly outcome: "broken";
      readonly seq: number;
      readonly problem: string;
      readonly found: AuditEntry;
    };

/** Is shown each page of entries that fit, in order. */
export type TrailVisitor = (entries: readonly AuditEntry[]) => Promise<void>;

/**
 * Reads the trail page by page and checks every seal, that each event's text has the digest that its entry seals, and
 * that `head`, if given, is one of the seals. Memory is bounded by a page of entries and one event.
 */
export async function verifyTrail(
  trail: Pick<AuditTrail, "entries" | "sealedEvents" | "unsealedEvent">,
  head: string | undefined,
  visit: TrailVisitor = async () => {},
): Promise<TrailVerdict> {
  let state: ChainState = EMPTY_CHAIN;
  let seen = head === undefined || head === state.head;
  for (;;) {
    const page = await trail.entries({ after: state.entries });
    const events = await trail.sealedEvents(page);
    for (const entry of page) {
      const verdict = checkEntry(state, entry);
      if (!verdict.ok) {
        return { outcome: "broken", seq: verdict.seq, problem: verdict.problem, found: entry };
      }
      const problem = sealedEventProblem(entry, events.get(entry.seq));
      if (problem !== undefined) return { outcome: "broken", seq: entry.seq, problem, found: entry };
      state = { entries: verdict.entries, head: verdict.head };
      seen ||= state.head === head;
    }
    await visit(page);
    if (page.length === 0) break;
  }
  if (!seen) return { outcome: "head-missing", ...state };
  const event = await trail.unsealedEvent();
  return event === undefined ? { outcome: "whole", ...state } : { outcome: "unsealed", event, ...state };
}
