/** The durable operations that the workflow uses, each leaving its times behind. */
import { type DurableContext, StepSemantics } from "@aws/durable-execution-sdk-js";
import { asOpsAgentError } from "../domain/errors.ts";
import type { Failure, TimelineEntry } from "../domain/incident.ts";

/** A step's value with the times at which it really ran; the same on every replay. */
export interface Timed<T> {
  readonly value: T;
  readonly startedAt: string;
  readonly endedAt: string;
}

type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Omit<Failure, "stage"> };

/** A stage that failed for a known reason; carries what the report has to say. */
export class StageFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = "StageFailure";
    this.failure = failure;
  }
}

const noRetry = () => ({ shouldRetry: false });

/** What stages may do durably. Everything outside `step`, `once` and `poll` is deterministic. */
export interface Run {
  readonly timeline: TimelineEntry[];
  /** Runs once to its end; after a crash inside it, it runs again. Throws {@link StageFailure}. */
  step<T>(name: string, work: () => Promise<T>): Promise<Timed<T>>;
  /** At most once: after a crash inside it, it is never run again and `undefined` comes back. */
  once<T>(name: string, work: () => Promise<T>): Promise<Timed<T> | undefined>;
  /** Looks, and looks again every `seconds` until `done`; gets its own last state back. It must not throw. */
  poll<S>(name: string, seconds: number, look: (state: S | undefined) => Promise<Poll<S>>): Promise<S>;
  wait(name: string, seconds: number): Promise<void>;
  /** Adds an entry to the incident's timeline. */
  note(at: string, event: string, detail: string): void;
}

export interface Poll<S> {
  readonly state: S;
  readonly done: boolean;
}

/** Wraps a durable context. `receivedAt` is the zero of the timeline; `now` is only called inside steps. */
export function createRun(context: DurableContext, receivedAt: string, now: () => Date): Run {
  const timeline: TimelineEntry[] = [];
  const timed = async <T>(work: () => Promise<T>): Promise<Timed<Outcome<T>>> => {
    const startedAt = now().toISOString();
    const value = await work().then(
      (done): Outcome<T> => ({ ok: true, value: done }),
      (thrown): Outcome<T> => {
        const { code, message, remedy } = asOpsAgentError(thrown);
        return { ok: false, failure: { code, message, remedy } };
      },
    );
    return { value, startedAt, endedAt: now().toISOString() };
  };
  const unwrap = <T>(stage: string, result: Timed<Outcome<T>>): Timed<T> => {
    if (!result.value.ok) throw new StageFailure({ ...result.value.failure, stage });
    return { ...result, value: result.value.value };
  };
  return {
    timeline,
    step: async (name, work) =>
      unwrap(name, await context.step(name, () => timed(work), { retryStrategy: noRetry })),
    once: async (name, work) => {
      const attempt = context.step(name, () => timed(work), {
        semantics: StepSemantics.AtMostOncePerRetry,
        retryStrategy: noRetry,
      });
      // The body itself never throws, so an error here means that it was interrupted before its end was saved.
      const result = await attempt.then(
        (value) => value,
        () => undefined,
      );
      return result === undefined ? undefined : unwrap(name, result);
    },
    poll: async <S>(name: string, seconds: number, look: (state: S | undefined) => Promise<Poll<S>>) => {
      const last = await context.waitForCondition<Poll<S> | { state?: undefined; done: false }>(
        name,
        ({ state }) => look(state),
        {
          initialState: { done: false },
          waitStrategy: ({ done }) =>
            done ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds } },
        },
      );
      return (last as Poll<S>).state;
    },
    wait: async (name, seconds) => {
      await context.wait(name, { seconds });
    },
    note: (at, event, detail) => {
      timeline.push({ at, sinceMs: Date.parse(at) - Date.parse(receivedAt), event, detail });
    },
  };
}
