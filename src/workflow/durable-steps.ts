/** The durable operations that the workflow uses. What a step did becomes events of the incident within the step. */
import { type DurableContext, StepSemantics } from "@aws/durable-execution-sdk-js";
import { asOpsAgentError } from "../domain/errors.ts";
import type { Failure, Incident } from "../domain/incident/incident.ts";
import type { EventBody, IncidentEvent } from "../domain/incident/incident-event.ts";
import { foldEvents } from "../domain/incident/incident-fold.ts";
import { createDeliveries, type Deliveries, type Poll } from "./durable-deliveries.ts";
import { StageFailure } from "./stage-failure.ts";

/** A step's value with the times at which it really ran; the same on every replay. */
export interface Timed<T> {
  readonly value: T;
  readonly startedAt: string;
  readonly endedAt: string;
}

/** An event that a step returns. Without a key and a time of its own it gets those of the step. */
export type StepEvent = EventBody & { readonly key?: string; readonly at?: string };

/** What happened, from a step's value. Pure: it is called again on every replay. */
export type EventsOf<T> = (value: T) => readonly StepEvent[];

type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Omit<Failure, "stage"> };

/** What is kept of a step. `unsaved`: why its events could not be appended; they go with the next ones. */
interface Kept<T> extends Timed<Outcome<T>> {
  readonly unsaved?: Failure;
  /** When it said that its work begins. */
  readonly begunAt?: string;
}

const noRetry = () => ({ shouldRetry: false });

/** What stages may do durably. Everything outside `step`, `once` and `poll` is deterministic. */
export interface DurableSteps extends Deliveries<StepEvent> {
  /** The incident as its events have made it so far. */
  readonly incident: Incident;
  /** Why the newest events could not be appended; undefined where everything is in the store. */
  readonly unrecorded: Failure | undefined;
  /** Runs once to its end; after a crash inside it, it runs again. Throws {@link StageFailure}. */
  step<T>(name: string, work: () => Promise<T>, events?: EventsOf<T>): Promise<Timed<T>>;
  /** Appends events that follow from what is known, without any work of their own. */
  record(name: string, events: readonly StepEvent[]): Promise<void>;
  /**
   * At most once: after a crash inside it, it is never run again and `undefined` comes back. The work calls `begin` just
   * before it changes something, which appends `begun`, or throws where that cannot be done.
   */
  once<T>(
    name: string,
    begun: StepEvent,
    work: (begin: () => Promise<void>) => Promise<T>,
    events?: EventsOf<T>,
  ): Promise<Timed<T> | undefined>;
  /** Looks, and looks again every `seconds` until `done`; gets its own last state back. It must not throw. */
  poll<S>(
    name: string,
    seconds: number,
    look: (state: S | undefined) => Promise<Poll<S>>,
    events?: EventsOf<S>,
  ): Promise<S>;
  wait(name: string, seconds: number): Promise<void>;
  /** Opens a question to somebody outside, who completes the callback; after so many seconds it is over anyway. */
  question(name: string, seconds: number): Promise<Question>;
}

export interface Question {
  readonly callbackId: string;
  /** Resolves when the callback is completed or its time is over; what was answered is kept elsewhere. */
  answered(): Promise<void>;
}

/** What a run needs beside the durable context. */
export interface DurableStepsOptions {
  /** The record before its first event. */
  readonly opened: Incident;
  /** Only called inside steps. */
  readonly now: () => Date;
  readonly store: { append(events: readonly IncidentEvent[]): Promise<void> };
  /**
   * Called inside the step in which the events happened, once but for a crash; `incident` is the record after them,
   * `history` all events up to them, complete after a replay, too.
   */
  readonly happened: (
    events: readonly IncidentEvent[],
    incident: Incident,
    history: readonly IncidentEvent[],
  ) => Promise<void>;
  /** Called outside steps, on every replay again, with each event and the record after it. */
  readonly folded: (event: IncidentEvent, incident: Incident, run: DurableSteps) => void;
  /** Told when events could not be appended. */
  readonly onUnrecorded: (problem: { readonly key: string; readonly error: string }) => void;
}

/** Wraps a durable context. */
export function createDurableSteps(context: DurableContext, setting: DurableStepsOptions): DurableSteps {
  const { now, store, opened, happened, folded, onUnrecorded } = setting;
  let incident = opened;
  let pending: readonly IncidentEvent[] = [];
  let unrecorded: Failure | undefined;
  let history: readonly IncidentEvent[] = [];
  /**
   * A step that runs again after a crash may come to something else, which is what the workflow then goes by: its events
   * have keys of their own, and are folded after those of the first time.
   */
  const stamped = (name: string, at: string, bodies: readonly StepEvent[]): IncidentEvent[] =>
    bodies.map((body, index) => {
      const key = body.key ?? `${numbered(name, index)}@${at}`;
      return { ...body, incidentId: opened.id, key, at: body.at ?? at } as IncidentEvent;
    });

  /** Inside a step. Returns why they could not be appended. */
  const append = async (events: readonly IncidentEvent[]): Promise<Failure | undefined> => {
    if (events.length === 0) return undefined;
    let unsaved: Failure | undefined;
    try {
      await store.append([...pending, ...events]);
    } catch (fault) {
      const { code, message, remedy } = asOpsAgentError(fault);
      unsaved = { stage: "store", code, message, remedy };
      onUnrecorded({ key: events[0]?.key ?? "", error: message });
    }
    await happened(events, foldEvents(incident, events) ?? incident, [...history, ...events]);
    return unsaved;
  };

  /** Outside steps, in the order in which they ended. */
  const fold = (events: readonly IncidentEvent[], unsaved: Failure | undefined) => {
    if (events.length === 0) return;
    pending = unsaved === undefined ? [] : [...pending, ...events];
    unrecorded = unsaved;
    history = [...history, ...events];
    for (const event of events) {
      incident = foldEvents(incident, [event]) ?? incident;
      folded(event, incident, run);
    }
  };

  const eventsOf = <T>(name: string, result: Timed<Outcome<T>>, events: EventsOf<T> | undefined) => {
    const { value, endedAt } = result;
    if (value.ok) return stamped(name, endedAt, events?.(value.value) ?? []);
    const failure = { ...value.failure, stage: name };
    return stamped(name, endedAt, [{ kind: "step-failed", key: `${name}:failed`, failure, noted: false }]);
  };

  const timed = async <T>(
    name: string,
    work: () => Promise<T>,
    events: EventsOf<T> | undefined,
  ): Promise<Kept<T>> => {
    const startedAt = now().toISOString();
    const value = await work().then(
      (done): Outcome<T> => ({ ok: true, value: done }),
      (thrown): Outcome<T> => {
        const { code, message, remedy } = asOpsAgentError(thrown);
        return { ok: false, failure: { code, message, remedy } };
      },
    );
    const result = { value, startedAt, endedAt: now().toISOString() };
    const unsaved = await append(eventsOf(name, result, events));
    return unsaved === undefined ? result : { ...result, unsaved };
  };

  const ended = <T>(
    name: string,
    result: Kept<T>,
    events: EventsOf<T> | undefined,
    before: readonly IncidentEvent[] = [],
  ): Timed<T> => {
    const { startedAt, endedAt, value, unsaved } = result;
    fold([...before, ...eventsOf(name, result, events)], unsaved);
    if (!value.ok) throw new StageFailure({ ...value.failure, stage: name });
    return { startedAt, endedAt, value: value.value };
  };

  const deliveries = createDeliveries<StepEvent>(context, {
    stamped: (name, bodies) => stamped(name, "", bodies),
    append,
    fold,
  });
  const run: DurableSteps = {
    get incident() {
      return incident;
    },
    get unrecorded() {
      return unrecorded;
    },
    step: async (name, work, events) =>
      ended(
        name,
        await context.step(name, () => timed(name, work, events), { retryStrategy: noRetry }),
        events,
      ),
    record: async (name, events) => {
      // What follows from what is known is the same however often it runs.
      const keyed = events.map((event, index) => ({ ...event, key: event.key ?? numbered(name, index) }));
      await run.step(
        name,
        async () => null,
        () => keyed,
      );
    },
    once: async (name, begun, work, events) => {
      const beginning = (at: string) => stamped(name, at, [{ ...begun, key: `${name}:begun` }]);
      const attempt = context.step(
        name,
        async () => {
          let begunAt: string | undefined;
          const begin = async () => {
            const at = now().toISOString();
            const first = beginning(at);
            await store.append([...pending, ...first]);
            begunAt = at;
            await happened(first, foldEvents(incident, first) ?? incident, [...history, ...first]);
          };
          const kept = await timed(name, () => work(begin), events);
          return begunAt === undefined ? kept : { ...kept, begunAt };
        },
        { semantics: StepSemantics.AtMostOncePerRetry, retryStrategy: noRetry },
      );
      // The body itself never throws, so an error here means that it was interrupted before its end was saved.
      const result = await attempt.then(
        (value) => value,
        () => undefined,
      );
      if (result === undefined) return undefined;
      return ended(name, result, events, result.begunAt === undefined ? [] : beginning(result.begunAt));
    },
    poll: async <S>(
      name: string,
      seconds: number,
      look: (state: S | undefined) => Promise<Poll<S>>,
      events?: EventsOf<S>,
    ) => {
      const happenedIn = (state: S, number: number, at: string) =>
        stamped(`${name}:${number}`, at, events?.(state) ?? []);
      type Seen = Poll<S> & { readonly number: number; readonly at: string; readonly unsaved?: Failure };
      const last = await context.waitForCondition<Seen | { number: 0; done: false }>(
        name,
        async (before) => {
          const seen = await look("state" in before ? before.state : undefined);
          const number = before.number + 1;
          const at = now().toISOString();
          const unsaved = await append(happenedIn(seen.state, number, at));
          return { ...seen, number, at, ...(unsaved === undefined ? {} : { unsaved }) };
        },
        {
          initialState: { number: 0, done: false },
          waitStrategy: ({ done }) =>
            done ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds } },
        },
      );
      const seen = last as Seen;
      fold(happenedIn(seen.state, seen.number, seen.at), seen.unsaved);
      return seen.state;
    },
    deliver: deliveries.deliver,
    delivered: deliveries.delivered,
    wait: async (name, seconds) => {
      await context.wait(name, { seconds: Math.max(1, Math.ceil(seconds)) });
    },
    question: async (name, seconds) => {
      const [answer, callbackId] = await context.createCallback(name, {
        timeout: { seconds: Math.max(1, Math.ceil(seconds)) },
      });
      return {
        callbackId,
        // A deadline that passed and an answer that says no are both read from where the answer is kept.
        answered: async () => {
          await answer.then(
            () => undefined,
            () => undefined,
          );
        },
      };
    },
  };
  return run;
}

function numbered(name: string, index: number): string {
  return index === 0 ? name : `${name}:${index}`;
}
