import { type AuditEntry, type ChainState, checkEntry, EMPTY_CHAIN } from "../../../domain/incident/audit.ts";
import type { AuditTrail } from "../../../domain/ports.ts";

/**
 * What the check of a whole trail came to. `broken` names the first entry that does not fit, with the entry that is
 * found there, if any; `head-missing`: whole, but without the head that was noted earlier.
 */
export type TrailVerdict =
  | ({ readonly outcome: "whole" | "head-missing" } & ChainState)
  | {
      readonly outcome: "broken";
      readonly seq: number;
      readonly problem: string;
      readonly found: AuditEntry;
    };

/** Reads the trail page by page and checks every seal, and that `head`, if given, is one of them. */
export async function verifyTrail(
  trail: Pick<AuditTrail, "entries">,
  head: string | undefined,
): Promise<TrailVerdict> {
  let state: ChainState = EMPTY_CHAIN;
  let seen = head === undefined || head === state.head;
  for (;;) {
    const page = await trail.entries({ after: state.entries });
    for (const entry of page) {
      const verdict = checkEntry(state, entry);
      if (!verdict.ok) {
        return { outcome: "broken", seq: verdict.seq, problem: verdict.problem, found: entry };
      }
      state = { entries: verdict.entries, head: verdict.head };
      seen ||= state.head === head;
    }
    if (page.length === 0) return { outcome: seen ? "whole" : "head-missing", ...state };
  }
}
