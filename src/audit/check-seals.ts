/** Do the seals fit the trail? Those in the store, and those that were published or noted outside it. */
import type { AuditEntry } from "../domain/incident/audit.ts";
import { type AuditSeal, checkSeal, type NotedHead } from "../domain/incident/audit-seal.ts";
import type { AuditTrail } from "../domain/ports.ts";
import type { Finding } from "./finding.ts";

export interface SealCheck {
  /** Shows it consecutive entries of the trail. */
  visit(entries: readonly AuditEntry[]): Promise<void>;
  /** After the last entry. `entries`: how many the trail has. */
  end(entries: number): Promise<SealVerdict>;
}

export interface SealVerdict {
  readonly findings: readonly Finding[];
  /** The first and the newest seal with a good signature on an entry that is there. */
  readonly first: AuditSeal | undefined;
  readonly newest: AuditSeal | undefined;
  /** Seals with a good signature. */
  readonly good: number;
  /** Keys that signed and that the check does not have. */
  readonly unknownKeys: readonly string[];
}

/** Seals are read beside the entries, so that memory is bounded by a page. */
export function createSealCheck(
  trail: Pick<AuditTrail, "seals" | "entries">,
  publicKeys: readonly string[],
  noted: readonly NotedHead[],
): SealCheck {
  const findings: Finding[] = [];
  const unknown = new Set<string>();
  const open = new Map(Map.groupBy(noted, ({ seq }) => seq));
  let first: AuditSeal | undefined;
  let newest: AuditSeal | undefined;
  let good = 0;
  const find = (seq: number, problem: string) =>
    findings.push({ about: "seal", id: `entry ${seq}`, problem });

  for (const { seal } of noted) {
    if (seal !== undefined && checkSeal(seal, publicKeys) === "forged")
      find(seal.seq, "a seal that was noted outside the store has a signature that its key did not make");
  }

  const takeNotes = (entry: AuditEntry, kept: boolean) => {
    for (const note of open.get(entry.seq) ?? []) {
      if (note.head !== entry.hash)
        find(
          entry.seq,
          "it is not the entry whose seal was noted outside the store: the trail was rewritten",
        );
      else if (!kept) find(entry.seq, "its seal, which was noted outside the store, was removed");
    }
    open.delete(entry.seq);
  };

  const take = (seal: AuditSeal, entry: AuditEntry | undefined) => {
    const signed = checkSeal(seal, publicKeys);
    if (signed === "unknown-key") unknown.add(seal.keyId);
    if (signed === "forged") find(seal.seq, "its seal was changed, or was not made with the key");
    if (signed !== "good" || entry === undefined) return;
    if (seal.head !== entry.hash) {
      find(seal.seq, "it is not the entry that was sealed: it or an earlier one was rewritten");
      return;
    }
    good += 1;
    first ??= seal;
    newest = seal;
  };

  return {
    visit: async (entries) => {
      const [from, to] = [entries[0]?.seq, entries.at(-1)?.seq];
      if (from === undefined || to === undefined) return;
      const seals = new Map<number, AuditSeal>();
      for (let after = from - 1; ; ) {
        const page = await trail.seals({ after });
        for (const seal of page) if (seal.seq <= to) seals.set(seal.seq, seal);
        after = page.at(-1)?.seq ?? to;
        if (after >= to) break;
      }
      for (const entry of entries) {
        const seal = seals.get(entry.seq);
        if (seal !== undefined) take(seal, entry);
        takeNotes(entry, seal !== undefined);
      }
    },

    end: async (entries) => {
      const cut = `the trail ends at entry ${entries}: the newest entries were cut off`;
      for (let after = entries; ; ) {
        const page = await trail.seals({ after });
        for (const seal of page) {
          // Of a store that is in use it may have come after the last entry was read.
          const [entry] = await trail.entries({ after: seal.seq - 1, limit: 1 });
          const there = entry?.seq === seal.seq ? entry : undefined;
          take(seal, there);
          if (there === undefined) find(seal.seq, `it was sealed, and ${cut}`);
          else takeNotes(there, true);
        }
        const last = page.at(-1);
        if (last === undefined) break;
        after = last.seq;
      }
      for (const seq of open.keys()) find(seq, `its seal was noted outside the store, and ${cut}`);
      return { findings, first, newest, good, unknownKeys: [...unknown] };
    },
  };
}
