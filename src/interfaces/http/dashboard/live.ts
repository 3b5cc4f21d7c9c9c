/** Tells pages that are open what changed, from the stream of events. One look serves all of them, none is for nobody. */
import { BRAKE_TRAIL } from "../../../domain/brake.ts";
import type { AuditEntry } from "../../../domain/incident/audit.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { summaryOf } from "../../../domain/incident/incident-summary.ts";
import type { IncidentStore, Logger } from "../../../domain/ports.ts";
import { foldLine } from "../../../notification/text/fold-line.ts";
import { phaseText } from "./phase.ts";
import { statusWord } from "./text.ts";

export interface Change {
  readonly ids: readonly string[];
  /** What a screen reader says: service and phase. Text, not HTML; strangers' names may stand in it. */
  readonly words: readonly string[];
}

export interface Watch {
  /** Resolves once nothing that happens from now on is missed. */
  readonly ready: Promise<void>;
  stop(): void;
}

export interface Live {
  /** Calls back at each change of any incident, or of one. */
  watch(incidentId: string | undefined, onChange: (change: Change) => void): Watch;
}

export type LiveStore = Pick<IncidentStore, "entries" | "get" | "unanswered">;

/** Milliseconds between looks. Of the second that a page may be late, the rest is for reading it anew. */
const EVERY_MS = 400;
const PAGE = 500;
/** Incidents of one look whose records are read; of more, as in a storm, pages are told without words. */
const MOST_READ = 30;
/**
 * Looks after an event in which the record is compared once more: some stores seal an event a moment before they bring
 * the record up to date.
 */
const SETTLING_LOOKS = 3;

interface Watcher {
  readonly incidentId: string | undefined;
  readonly onChange: (change: Change) => void;
}

interface Settling {
  readonly seen: string;
  readonly looks: number;
}

/** A store that fails is asked again at the next look; the pages keep what they show. */
export function createLive(store: LiveStore, logger: Logger, everyMs = EVERY_MS): Live {
  const watchers = new Set<Watcher>();
  const settling = new Map<string, Settling>();
  let timer: NodeJS.Timeout | undefined;
  /** Everything up to this entry of the audit trail was told. */
  let cursor = 0;
  /** Incidents with a question that waits; a question is kept a moment after the event that announces it. */
  let asked: ReadonlySet<string> = new Set();
  let ready = Promise.withResolvers<void>();
  let isReady = false;

  const begin = async () => {
    [cursor, asked] = [await newestSeq(store, cursor), await askedNow(store)];
    isReady = true;
    ready.resolve();
  };
  /** Returns whether more is there already. */
  const look = async (): Promise<boolean> => {
    const [entries, nowAsked] = await Promise.all([
      store.entries({ after: cursor, limit: PAGE }),
      askedNow(store),
    ]);
    const fresh = new Set([
      ...entries.map(({ incidentId }) => incidentId),
      ...[...asked, ...nowAsked].filter((id) => asked.has(id) !== nowAsked.has(id)),
    ]);
    const read = [...new Set([...fresh, ...settling.keys()])].filter(isWatched).slice(0, MOST_READ);
    const found = await Promise.all(read.map(async (id) => [id, await store.get(id)] as const));
    cursor = lastSeq(entries) ?? cursor;
    asked = nowAsked;
    tell(changesIn(fresh, new Map(found)));
    return entries.length === PAGE;
  };
  const isWatched = (id: string) =>
    [...watchers].some(({ incidentId }) => incidentId === undefined || incidentId === id);

  const changesIn = (fresh: ReadonlySet<string>, records: ReadonlyMap<string, Incident | undefined>) => {
    const changes = new Map<string, string | undefined>([...fresh].map((id) => [id, undefined]));
    for (const [id, record] of records) {
      const seen = JSON.stringify(record) ?? "";
      const before = settling.get(id);
      if (fresh.has(id) || before?.seen !== seen) {
        settling.set(id, { seen, looks: SETTLING_LOOKS });
        changes.set(id, record && wordsOf(record));
      } else if (before.looks > 1) settling.set(id, { seen, looks: before.looks - 1 });
      else settling.delete(id);
    }
    return changes;
  };
  /** The brake is on every page. */
  const tell = (changes: ReadonlyMap<string, string | undefined>) => {
    for (const { incidentId, onChange } of watchers) {
      const mine = [...changes].filter(
        ([id]) => incidentId === undefined || id === incidentId || id === BRAKE_TRAIL,
      );
      if (mine.length === 0) continue;
      onChange({
        ids: mine.map(([id]) => id),
        words: [...new Set(mine.flatMap(([, words]) => words ?? []))],
      });
    }
  };
  const turn = async () => {
    let more = false;
    try {
      if (isReady) more = await look();
      else await begin();
    } catch (fault) {
      logger.warn("live-look-failed", { error: fault instanceof Error ? fault.message : String(fault) });
    }
    timer = watchers.size === 0 ? undefined : setTimeout(turn, more ? 0 : everyMs).unref();
    if (timer !== undefined || !isReady) return;
    settling.clear();
    isReady = false;
    ready = Promise.withResolvers();
  };
  return {
    watch(incidentId, onChange) {
      const watcher = { incidentId, onChange };
      watchers.add(watcher);
      timer ??= setTimeout(turn, 0).unref();
      return { ready: ready.promise, stop: () => void watchers.delete(watcher) };
    },
  };
}

/** Service and phase, in one line. */
function wordsOf(record: Incident): string {
  const { id, service, listedAs, progress } = summaryOf(record);
  return foldLine(`${service ?? id}: ${progress === undefined ? statusWord(listedAs) : phaseText(progress)}`);
}

async function askedNow(store: LiveStore): Promise<ReadonlySet<string>> {
  return new Set((await store.unanswered()).map(({ incidentId }) => incidentId));
}

function lastSeq(entries: readonly AuditEntry[]): number | undefined {
  return entries.at(-1)?.seq;
}

/**
 * The number of the newest entry, from one that is known to be there: by doubling steps, then by halving them, since
 * numbers have no holes and the store has no question for its last. Some 2 log2(n) reads of one entry.
 */
async function newestSeq(store: LiveStore, known: number): Promise<number> {
  const isAfter = async (seq: number) => (await store.entries({ after: seq, limit: 1 })).length > 0;
  let [low, step] = [known, 1];
  while (await isAfter(low + step - 1)) {
    low += step;
    step *= 2;
  }
  // There is an entry `low`, and none `low + step`.
  while (step > 1) {
    step = Math.ceil(step / 2);
    if (await isAfter(low + step - 1)) low += step;
  }
  return low;
}
