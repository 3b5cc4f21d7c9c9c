/**
 * The append-only audit trail: what OpsAgent did, in order, each entry sealed with the hash of the one before.
 * Whoever changes, removes or inserts an entry breaks every seal after it. What the chain cannot show by itself is
 * that its newest entries were cut off; for that, compare its head with one noted earlier.
 */
import { createHash } from "node:crypto";
import { z } from "zod";

/** What is to be written. The same `incidentId` and `key` are written once, however often they come. */
export interface AuditInput {
  readonly incidentId: string;
  /** Names the transition within the incident; the same after a crash and replay. */
  readonly key: string;
  /** Noun and verb, such as `incident-opened`. */
  readonly event: string;
  readonly detail: string;
  readonly at: string;
  /** SHA-256 of the event that it seals, hex; absent in entries of before events were kept. */
  readonly digest?: string;
}

export const AuditEntry = z.object({
  /** 1, 2, 3 ... without holes. */
  seq: z.number().int().positive(),
  incidentId: z.string(),
  key: z.string(),
  event: z.string(),
  detail: z.string(),
  at: z.iso.datetime(),
  digest: z.string().exactOptional(),
  /** The hash of the entry before; of the first, {@link GENESIS}. */
  previous: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const GENESIS = "0".repeat(64);

/** Gives an entry its place in the chain. `last` is the newest entry, undefined for an empty trail. */
export function sealed(input: AuditInput, last: Pick<AuditEntry, "seq" | "hash"> | undefined): AuditEntry {
  const { incidentId, key, event, detail, at, digest } = input;
  const open = {
    seq: (last?.seq ?? 0) + 1,
    incidentId,
    key,
    event,
    detail,
    at,
    ...(digest === undefined ? {} : { digest }),
    previous: last?.hash ?? GENESIS,
  };
  return { ...open, hash: hashOf(open) };
}

/** SHA-256 over all fields but the hash itself, in a fixed order, as hex. */
export function hashOf(entry: Omit<AuditEntry, "hash">): string {
  const { seq, incidentId, key, event, detail, at, previous, digest } = entry;
  const sealedFields = [seq, incidentId, key, event, detail, at, previous];
  return createHash("sha256")
    .update(JSON.stringify(digest === undefined ? sealedFields : [...sealedFields, digest]))
    .digest("hex");
}

/** What is kept of the event that an entry seals, and the digest of its text as it is now. */
export interface SealedEvent {
  readonly incidentId: string;
  readonly key: string;
  readonly kind: string;
  readonly at: string;
  readonly digest: string;
}

/** What is wrong with the event that an entry seals; undefined where nothing is. `event` is what is kept of it. */
export function sealedEventProblem(entry: AuditEntry, event: SealedEvent | undefined): string | undefined {
  if (entry.digest === undefined) {
    return event && "an event is kept under it, which it does not seal";
  }
  if (event === undefined) return "the event that it seals was removed";
  if (event.digest !== entry.digest) return "the event that it seals was changed after it was written";
  const same =
    event.incidentId === entry.incidentId &&
    event.key === entry.key &&
    event.kind === entry.event &&
    event.at === entry.at;
  return same ? undefined : "the event that it seals is kept under another name, kind or time";
}

export type ChainState = { readonly entries: number; readonly head: string };
export type ChainVerdict =
  | ({ readonly ok: true } & ChainState)
  | { readonly ok: false; readonly seq: number; readonly problem: string };

/** Checks the entries one after the other; feed all of them in order, page by page. */
export function checkEntry(before: ChainState, entry: AuditEntry): ChainVerdict {
  const seq = before.entries + 1;
  const broken = (problem: string): ChainVerdict => ({ ok: false, seq, problem });
  if (entry.seq !== seq) return broken(`entry ${seq} is missing; the next one there is ${entry.seq}`);
  if (entry.previous !== before.head) return broken("it does not continue the entry before it");
  if (entry.hash !== hashOf(entry)) return broken("its content was changed after it was written");
  return { ok: true, entries: seq, head: entry.hash };
}

export const EMPTY_CHAIN: ChainState = { entries: 0, head: GENESIS };
