import type { StreamState } from "./trace.ts";

export interface Streams {
  stateOf(stream: string): StreamState;
  count(): number;
}

const MOST_COUNTED = 10_000;
const MOST_STATES = 2_000;

/** Keeps the state of the most recent streams, so that any number of streams takes bounded memory. */
export function createStreams(): Streams {
  const seen = new Set<string>();
  const states = new Map<string, StreamState>();

  return {
    stateOf(stream) {
      const known = states.get(stream);
      if (known !== undefined) return known;
      if (seen.size < MOST_COUNTED) seen.add(stream);
      const oldest = states.size >= MOST_STATES ? states.keys().next() : undefined;
      if (oldest !== undefined && oldest.done !== true) states.delete(oldest.value);
      const state: StreamState = { head: undefined, structured: false, mode: "plain", frame: "" };
      states.set(stream, state);
      return state;
    },
    count: () => seen.size,
  };
}
