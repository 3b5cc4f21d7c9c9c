/**
 * One lane for each channel of an incident, so that messages reach it in the order in which they came about, also where
 * one of them waits for the channel to come back. Held in memory: a replay makes the same lanes again.
 */
import type { Failure } from "../domain/incident/incident.ts";

/** A message's place in its channel's lane. */
export interface Place {
  /** A newer message says all that this one would. */
  isOutdated(): boolean;
  /**
   * Waits for what is being sent on the lane before this message. True when everything before it was taken or given up, or
   * says less than this one: then it may be sent.
   */
  turn(): Promise<boolean>;
  /** Marks this message as being sent until the promise has ended. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Why the channel did not take this message. */
  noteFailure(failure: Failure): void;
  /** Why the channel did not take the last message that was tried, if one was in this process. */
  lastFailure(): Failure | undefined;
  /** Gives the place up: the message was taken, given up, or is needless. */
  leave(): void;
}

export interface Lanes {
  /** Takes the next place of a channel. */
  join(channel: string, about?: About): Place;
}

/** What a message is about. */
export interface About {
  /** A newer message that covers this makes this one needless. */
  readonly topic?: string;
  /** What it makes needless of older messages. */
  readonly covers?: string;
}

interface Entry extends About {
  sending: Promise<unknown> | undefined;
}

/** Makes the lanes of one incident. */
export function createLanes(): Lanes {
  const lanes = new Map<string, Entry[]>();
  const failures = new Map<string, Failure>();
  return {
    join(channel, { topic, covers } = {}) {
      const lane = lanes.get(channel) ?? [];
      lanes.set(channel, lane);
      const mine: Entry = {
        ...(topic === undefined ? {} : { topic }),
        ...(covers === undefined ? {} : { covers }),
        sending: undefined,
      };
      lane.push(mine);
      const before = () => lane.slice(0, Math.max(0, lane.indexOf(mine)));
      return {
        isOutdated: () =>
          topic !== undefined && lane.slice(lane.indexOf(mine) + 1).some((one) => one.covers === topic),
        async turn() {
          await Promise.allSettled(before().map(({ sending }) => sending));
          return before().every((one) => covers !== undefined && one.topic === covers);
        },
        during(work) {
          const sending = work();
          mine.sending = sending;
          const over = () => {
            mine.sending = undefined;
          };
          sending.then(over, over);
          return sending;
        },
        noteFailure: (failure) => void failures.set(channel, failure),
        lastFailure: () => failures.get(channel),
        leave() {
          const index = lane.indexOf(mine);
          if (index >= 0) lane.splice(index, 1);
        },
      };
    },
  };
}
