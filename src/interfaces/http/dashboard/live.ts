/** Tells pages that are open what changed. One look at the store serves all of them, and none is made for nobody. */
import type { Logger } from "../../../domain/ports.ts";
import type { DashboardStore } from "./reading.ts";

export interface Change {
  readonly ids: readonly string[];
  /** What a screen reader says; only OpsAgent's own words, names and ids. */
  readonly words: readonly string[];
}

export interface Live {
  /** Calls back at each change of the list, or of one incident. Returns what ends it. */
  watch(incidentId: string | undefined, onChange: (change: Change) => void): () => void;
}

/** Milliseconds between looks. */
const EVERY_MS = 1_000;
const LISTED = 50;

interface Watcher {
  readonly incidentId: string | undefined;
  readonly onChange: (change: Change) => void;
}

type Signs = ReadonlyMap<string, { readonly sign: string; readonly words: string }>;

/** A store that fails is asked again at the next look; the pages keep what they show. */
export function createLive(store: DashboardStore, logger: Logger, everyMs = EVERY_MS): Live {
  const watchers = new Set<Watcher>();
  let timer: NodeJS.Timeout | undefined;
  let known: Signs | undefined;

  const look = async () => {
    try {
      const signs = await signsOf(
        store,
        [...watchers].flatMap(({ incidentId }) => incidentId ?? []),
      );
      const before = known;
      known = signs;
      if (before !== undefined) tell(changesBetween(before, signs));
    } catch (fault) {
      logger.warn("live-look-failed", { error: fault instanceof Error ? fault.message : String(fault) });
    }
    timer = watchers.size === 0 ? undefined : setTimeout(look, everyMs).unref();
    if (timer === undefined) known = undefined;
  };
  const tell = (changes: readonly { readonly id: string; readonly words: string }[]) => {
    for (const { incidentId, onChange } of watchers) {
      const mine = changes.filter(({ id }) => incidentId === undefined || id === incidentId);
      if (mine.length > 0)
        onChange({ ids: mine.map(({ id }) => id), words: [...new Set(mine.map(({ words }) => words))] });
    }
  };
  return {
    watch(incidentId, onChange) {
      const watcher = { incidentId, onChange };
      watchers.add(watcher);
      // A page asks before it listens: what changed in between is told by the first look.
      if (timer === undefined) timer = setTimeout(look, 0).unref();
      return () => watchers.delete(watcher);
    },
  };
}

async function signsOf(store: DashboardStore, watched: readonly string[]): Promise<Signs> {
  const [{ summaries }, open, waiting] = await Promise.all([
    store.summaries({ limit: LISTED }),
    store.open(),
    store.unanswered(),
  ]);
  const signs = new Map<string, { sign: string; words: string }>();
  const add = (id: string, sign: string, words?: string) => {
    const old = signs.get(id);
    signs.set(id, { sign: `${old?.sign ?? ""}|${sign}`, words: words ?? old?.words ?? id });
  };
  for (const { incidentId, alert } of open)
    add(incidentId, "open", `${alert.target?.service ?? incidentId}: being worked on`);
  for (const summary of summaries)
    add(summary.id, JSON.stringify(summary), `${summary.service ?? summary.id}: ${summary.status}`);
  for (const { incidentId, target } of waiting)
    add(incidentId, "asked", `${target.service}: a person is asked`);
  for (const id of new Set(watched)) add(id, String((await store.entriesOf(id)).length));
  return signs;
}

function changesBetween(before: Signs, now: Signs): { id: string; words: string }[] {
  const ids = new Set([...before.keys(), ...now.keys()]);
  return [...ids].flatMap((id) => {
    const [old, current] = [before.get(id), now.get(id)];
    if (old?.sign === current?.sign) return [];
    return [{ id, words: current?.words ?? old?.words ?? id }];
  });
}
