/** The durable operations that the workflow uses, each leaving its times behind. */
import { type DurableContext, StepSemantics } from "@aws/durable-execution-sdk-js";
import type { AuditInput } from "../domain/audit.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { Failure, TimelineEntry } from "../domain/incident.ts";
import type { StageTime } from "./ports.ts";
import { StageFailure } from "./stage-failure.ts";

/** A step's value with the times at which it really ran; the same on every replay. */
export interface Timed<T> {
  readonly value: T;
  readonly startedAt: string;
  readonly endedAt: string;
}

type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Omit<Failure, "stage"> };

const noRetry = () => ({ shouldRetry: false });

/** What the audit trail says of a step that ended well. */
export interface Recorded<T> {
  /** Noun and verb, such as `evidence-gathered`. */
  readonly event: string;
  readonly detail: (value: T) => string;
}

/** What stages may do durably. Everything outside `step`, `once` and `poll` is deterministic. */
export interface Run {
  readonly timeline: TimelineEntry[];
  /** What has ended so far of `step` and `once`, from what was kept of it: complete after a replay, too. */
  readonly stages: readonly StageTime[];
  /** Runs once to its end; after a crash inside it, it runs again. Throws {@link StageFailure}. */
  step<T>(name: string, work: () => Promise<T>, recorded?: Recorded<T>): Promise<Timed<T>>;
  /**
   * At most once: after a crash inside it, it is never run again and `undefined` comes back. Its beginning is in the
   * audit trail before `work` is called; when that cannot be written, `work` is not called.
   */
  once<T>(name: string, work: () => Promise<T>, recorded: Recorded<T>): Promise<Timed<T> | undefined>;
  /** Looks, and looks again every `seconds` until `done`; gets its own last state back. It must not throw. */
  poll<S>(
    name: string,
    seconds: number,
    look: (state: S | undefined) => Promise<Poll<S>>,
    recorded?: Recorded<S>,
  ): Promise<S>;
  wait(name: string, seconds: number): Promise<void>;
  /** Opens a question to somebody outside, who completes the callback; after so many seconds it is over anyway. */
  question(name: string, seconds: number): Promise<Question>;
  /** Adds an entry to the incident's timeline. */
  note(at: string, event: string, detail: string): void;
}

export interface Question {
  readonly callbackId: string;
  /** Resolves when the callback is completed or its time is over; what was answered is kept elsewhere. */
  answered(): Promise<void>;
}

export interface Poll<S> {
  readonly state: S;
  readonly done: boolean;
}

/** What a run needs beside the durable context. */
export interface RunSetting {
  /** The zero of the timeline. */
  readonly receivedAt: string;
  readonly incidentId: string;
  /** Only called inside steps. */
  readonly now: () => Date;
  readonly audit: { append(input: AuditInput): Promise<void> };
  /** Told when an entry of the audit trail could not be written. */
  readonly onUnaudited: (problem: { readonly key: string; readonly error: string }) => void;
}

/** Wraps a durable context. */
export function createRun(context: DurableContext, setting: RunSetting): Run {
  const { receivedAt, incidentId, now, audit, onUnaudited } = setting;
  const timeline: TimelineEntry[] = [];
  const stages: StageTime[] = [];
  const append = (key: string, event: string, detail: string) =>
    audit.append({ incidentId, key, event, detail, at: now().toISOString() });
  const appendOrTell = (key: string, event: string, detail: string) =>
    append(key, event, detail).catch((error: unknown) =>
      onUnaudited({ key, error: asOpsAgentError(error).message }),
    );
  const timed = async <T>(
    name: string,
    work: () => Promise<T>,
    recorded: Recorded<T> | undefined,
  ): Promise<Timed<Outcome<T>>> => {
    const startedAt = now().toISOString();
    const value = await work().then(
      (done): Outcome<T> => ({ ok: true, value: done }),
      (thrown): Outcome<T> => {
        const { code, message, remedy } = asOpsAgentError(thrown);
        return { ok: false, failure: { code, message, remedy } };
      },
    );
    const endedAt = now().toISOString();
    if (!value.ok) await appendOrTell(name, "step-failed", `${name}: ${value.failure.message}`);
    else if (recorded) await appendOrTell(name, recorded.event, recorded.detail(value.value));
    return { value, startedAt, endedAt };
  };
  const unwrap = <T>(stage: string, result: Timed<Outcome<T>>): Timed<T> => {
    const { startedAt, endedAt, value } = result;
    stages.push({ name: stage, startedAt, endedAt, failed: !value.ok });
    if (!result.value.ok) throw new StageFailure({ ...result.value.failure, stage });
    return { ...result, value: result.value.value };
  };
  return {
    timeline,
    stages,
    step: async (name, work, recorded) =>
      unwrap(name, await context.step(name, () => timed(name, work, recorded), { retryStrategy: noRetry })),
    once: async (name, work, recorded) => {
      const begun = async () => {
        await append(`${name}:begun`, `${recorded.event}-begun`, name);
        return work();
      };
      const attempt = context.step(name, () => timed(name, begun, recorded), {
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
    poll: async <S>(
      name: string,
      seconds: number,
      look: (state: S | undefined) => Promise<Poll<S>>,
      recorded?: Recorded<S>,
    ) => {
      const last = await context.waitForCondition<Poll<S> | { state?: undefined; done: false }>(
        name,
        async ({ state }) => {
          const seen = await look(state);
          if (seen.done && recorded) await appendOrTell(name, recorded.event, recorded.detail(seen.state));
          return seen;
        },
        {
          initialState: { done: false },
          waitStrategy: ({ done }) =>
            done ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds } },
        },
      );
      return (last as Poll<S>).state;
    },
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
    note: (at, event, detail) => {
      timeline.push({ at, sinceMs: Date.parse(at) - Date.parse(receivedAt), event, detail });
    },
  };
}
