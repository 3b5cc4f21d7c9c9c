/** Durable deliveries: tried until done, beside the rest of the workflow. */
import type { DurableContext } from "@aws/durable-execution-sdk-js";
import type { Failure } from "../domain/incident/incident.ts";
import type { IncidentEvent } from "../domain/incident/incident-event.ts";

/** What a look came to. */
export interface Poll<S> {
  readonly state: S;
  readonly done: boolean;
}

/** Deliveries of one run; `E` is an event as a step returns it. */
export interface Deliveries<E> {
  /**
   * Tries, and tries again after `seconds` (of the tries so far) until `done`; gets its own last state back. It must not
   * throw. `events` are all that follow from the state, each with a key and a time of its own. It goes on beside the rest;
   * {@link delivered} waits for it.
   */
  deliver<S>(
    name: string,
    seconds: (tries: number) => number,
    attempt: (state: S | undefined) => Promise<Poll<S>>,
    events: (state: S) => readonly E[],
  ): Promise<S>;
  /** Waits until every delivery has come to its end. */
  delivered(): Promise<void>;
}

/** How the steps of the same run make, keep and fold events. */
interface EventKeeping<E> {
  stamped(name: string, bodies: readonly E[]): IncidentEvent[];
  append(events: readonly IncidentEvent[]): Promise<Failure | undefined>;
  fold(events: readonly IncidentEvent[], unsaved: Failure | undefined): void;
}

/** Wraps a durable context. */
export function createDeliveries<E>(
  context: DurableContext,
  { stamped, append, fold }: EventKeeping<E>,
): Deliveries<E> {
  const deliveries: Promise<unknown>[] = [];

  const untilDone = async <S>(
    name: string,
    seconds: (tries: number) => number,
    attempt: (state: S | undefined) => Promise<Poll<S>>,
    events: (state: S) => readonly E[],
  ): Promise<S> => {
    /** `kept`: the keys of the events that are in the store. */
    type Tried = Poll<S> & { readonly kept: readonly string[]; readonly unsaved?: Failure };
    const last = await context.waitForCondition<Tried | { kept: readonly string[]; done: false }>(
      name,
      async (before) => {
        const tried = await attempt("state" in before ? before.state : undefined);
        const fresh = stamped(name, events(tried.state)).filter(({ key }) => !before.kept.includes(key));
        const unsaved = await append(fresh);
        if (unsaved !== undefined) return { ...tried, kept: before.kept, unsaved };
        return { ...tried, kept: [...before.kept, ...fresh.map(({ key }) => key)] };
      },
      {
        initialState: { kept: [], done: false },
        waitStrategy: ({ done }, tries) =>
          done ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds: seconds(tries) } },
      },
    );
    const { state, unsaved } = last as Tried;
    fold(stamped(name, events(state)), unsaved);
    return state;
  };

  return {
    deliver: (name, seconds, attempt, events) => {
      const ended = untilDone(name, seconds, attempt, events);
      deliveries.push(ended);
      // Whoever waits for all of them reads it.
      ended.catch(() => undefined);
      return ended;
    },
    delivered: async () => {
      await Promise.allSettled(deliveries);
    },
  };
}
