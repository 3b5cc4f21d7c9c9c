import { endTrace, type StreamState } from "./trace.ts";

export interface Streams {
  stateOf(stream: string): StreamState;
  count(): number;
  /** The first streams, by name. */
  names(): readonly string[];
  /** Ends the trace that is under way in each stream. */
  endTraces(): void;
}

const MOST_COUNTED = 10_000;
/** Streams that the digest names. */
const MOST_NAMED = 1_000;
const MOST_STATES = 2_000;

/** Keeps the state of the most recent streams, so that any number of streams takes bounded memory. */
export function createStreams(): Streams {
  const seen = new Set<string>();
  const states = new Map<string, StreamState>();
  let made = 0;

  return {
    stateOf(stream) {
      const known = states.get(stream);
      if (known !== undefined) return known;
      if (seen.size < MOST_COUNTED) seen.add(stream);
      const oldest = states.size >= MOST_STATES ? states.keys().next() : undefined;
      if (oldest !== undefined && oldest.done !== true) {
        const left = states.get(oldest.value);
        if (left !== undefined) endTrace(left);
        states.delete(oldest.value);
      }
      const state: StreamState = {
        number: made++,
        head: undefined,
        structured: false,
        mode: "plain",
        frame: "",
        cause: "",
        category: false,
        awaits: false,
        listed: false,
        chained: "",
        earlier: "",
        headText: "",
      };
      states.set(stream, state);
      return state;
    },
    count: () => seen.size,
    names: () => [...seen].slice(0, MOST_NAMED),
    endTraces: () => states.forEach(endTrace),
  };
}
