const MAXIMUM_EVENTS = 200_000;
const MAXIMUM_BYTES = 128 * 1024 * 1024;
/** CloudWatch counts 26 bytes of overhead for every event. */
const EVENT_OVERHEAD_BYTES = 26;

/** One log line. Instants are epoch milliseconds; `sequence` orders lines of the same instant. */
export interface LogEvent {
  readonly sequence: number;
  readonly at: number;
  readonly ingestedAt: number;
  readonly stream: string;
  readonly message: string;
}

/** The position of a scan: just after (or, backwards, just before) this event. */
export interface Cursor {
  readonly at: number;
  readonly sequence: number;
}

/** The events of a group in the order of their time, bounded: the oldest tenth goes when it is full. */
export interface EventList {
  readonly storedBytes: number;
  add(event: Omit<LogEvent, "sequence">): void;
  /** Events of `[from, to]`, oldest first, starting after `cursor`. */
  forward(from: number, to: number, cursor?: Cursor): Iterable<LogEvent>;
  /** Events of `[from, to]`, newest first, starting before `cursor`. */
  backward(from: number, to: number, cursor?: Cursor): Iterable<LogEvent>;
}

/** Size of an event as the API's page limit counts it. */
export function eventBytes({ message }: Pick<LogEvent, "message">): number {
  return Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
}

/** Creates an empty list. */
export function createEventList(maximumEvents: number = MAXIMUM_EVENTS): EventList {
  const events: LogEvent[] = [];
  let nextSequence = 1;
  let storedBytes = 0;

  /** First index whose event is after (`at`, `sequence`). */
  function indexAfter(at: number, sequence: number): number {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = events[middle];
      if (event !== undefined && compare(event, { at, sequence }) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function trim(): void {
    if (events.length <= maximumEvents && storedBytes <= MAXIMUM_BYTES) return;
    const dropped = events.splice(0, Math.max(1, Math.floor(events.length / 10)));
    storedBytes -= dropped.reduce((bytes, event) => bytes + eventBytes(event), 0);
  }

  return {
    get storedBytes() {
      return storedBytes;
    },
    add(event) {
      const added = { ...event, sequence: nextSequence };
      nextSequence += 1;
      const last = events.at(-1);
      if (last === undefined || compare(last, added) <= 0) events.push(added);
      else events.splice(indexAfter(added.at, added.sequence), 0, added);
      storedBytes += eventBytes(added);
      trim();
    },
    *forward(from, to, cursor) {
      const first = indexAfter(from, 0);
      const start = cursor === undefined ? first : Math.max(first, indexAfter(cursor.at, cursor.sequence));
      for (let index = start; index < events.length; index += 1) {
        const event = events[index];
        if (event === undefined || event.at > to) return;
        yield event;
      }
    },
    *backward(from, to, cursor) {
      const end = indexAfter(to, Number.MAX_SAFE_INTEGER);
      const start = cursor === undefined ? end : Math.min(end, indexAfter(cursor.at, cursor.sequence - 1));
      for (let index = start - 1; index >= 0; index -= 1) {
        const event = events[index];
        if (event === undefined || event.at < from) return;
        yield event;
      }
    },
  };
}

function compare(a: Cursor, b: Cursor): number {
  return a.at - b.at || a.sequence - b.sequence;
}
