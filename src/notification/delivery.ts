/**
 * Delivery of what people and other systems are told: tried until the channel takes it, it is needless, or a day is over.
 * `deliverable` is pure bookkeeping; what makes it durable is `DurableSteps.deliver`.
 */
import { asOpsAgentError } from "../domain/errors.ts";
import type { Failure } from "../domain/incident/incident.ts";
import type { Logger } from "../domain/ports.ts";
import type { StepEvent } from "../workflow/durable-steps.ts";
import type { About, Lanes, Place } from "./lanes.ts";

/** Something for one channel. */
export interface Letter {
  readonly channel: string;
  /** In words, such as `the question`; unique within channel and incident. */
  readonly what: string;
  /** The stage that a failure is told of. */
  readonly stage: string;
  /** Said with a failure, such as the moment that was to be told. */
  readonly moment?: string;
  /** What it is about: see {@link About}. */
  readonly about?: About;
  /** Nobody misses it once something newer is told: its loss is only logged. */
  readonly optional?: boolean;
  /** That it was taken is no event, unless it had to wait. */
  readonly quiet?: boolean;
  /** Throws where the channel did not take it; `retryable` says whether it may later. False: it is not needed there. */
  send(): Promise<unknown>;
  /** Why it is needless by now. Must not throw. */
  needless?(): Promise<string | undefined>;
  /** Who takes it when the channel does not, in this order. */
  readonly instead?: readonly Instead[];
}

/** Takes a letter in place of a channel that is away. */
export interface Instead {
  readonly channel: string;
  /** `why` is for the reader. Returns false where the letter is not for this channel. Throws where it did not take it. */
  send(why: string): Promise<boolean>;
}

/** How far a letter has come; checkpointed between the tries. Times are ISO 8601. */
export interface Delivery {
  readonly channel: string;
  readonly what: string;
  readonly state: "waiting" | "delivered" | "failed" | "superseded";
  readonly optional?: boolean;
  readonly quiet?: boolean;
  /** When it was tried first. */
  readonly since: string;
  /** When it came to its state. */
  readonly at: string;
  /** Why it was not taken at first, where it had to wait. */
  readonly delayed?: { readonly at: string; readonly failure: Failure };
  /** The last failure. */
  readonly failure?: Failure;
  readonly why?: string;
  /** Who has taken it instead. */
  readonly instead?: { readonly channel: string; readonly at: string };
}

/** A letter with its place in the lane of its channel. */
export interface Posted {
  readonly letter: Letter;
  readonly place: Place;
}

/** What delivering needs. */
export interface DeliveryDependencies {
  readonly now: () => Date;
  readonly logger: Logger;
}

/** What no channel has taken for so long is given up. */
const GIVE_UP_MS = 24 * 3_600_000;
/** After so long another channel is tried. */
export const FALL_BACK_MS = 60_000;

/** Seconds before the next try: soon at first, each minute for an hour, then every five minutes. */
export function secondsBeforeTry(tries: number): number {
  if (tries > 60) return 300;
  return Math.min(60, 5 * 2 ** (tries - 1));
}

/** Puts letters into the lanes of their channels, in this order. */
export function post(letters: readonly Letter[], lanes: Lanes): Posted[] {
  return letters.map((letter) => ({ letter, place: lanes.join(letter.channel, letter.about) }));
}

/** Tries each letter that still waits, once. `last`: there is no later. Never throws. */
export function tryAll(
  posted: readonly Posted[],
  before: readonly Delivery[] | undefined,
  last: boolean,
  deps: DeliveryDependencies,
): Promise<Delivery[]> {
  return Promise.all(
    posted.map((one, index) => {
      const known = before?.[index];
      if (known !== undefined && known.state !== "waiting") return known;
      return one.place.during(() => tryOne(one, known, last, deps));
    }),
  );
}

/** After a replay: what has ended holds nobody up. */
export function leaveEnded(posted: readonly Posted[], deliveries: readonly Delivery[]): void {
  deliveries.forEach(({ state }, index) => {
    if (state !== "waiting") posted[index]?.place.leave();
  });
}

export function isWaiting({ state }: Delivery): boolean {
  return state === "waiting";
}

async function tryOne(
  { letter, place }: Posted,
  known: Delivery | undefined,
  last: boolean,
  deps: DeliveryDependencies,
): Promise<Delivery> {
  const now = deps.now();
  const at = now.toISOString();
  const { channel, what, optional, quiet } = letter;
  const mine: Delivery = known ?? {
    channel,
    what,
    state: "waiting",
    since: at,
    at,
    ...(optional === undefined ? {} : { optional }),
    ...(quiet === undefined ? {} : { quiet }),
  };
  const isTurn = await place.turn();
  const why = place.isOutdated() ? "something newer is told" : await letter.needless?.();
  if (why !== undefined) {
    place.leave();
    return { ...mine, state: "superseded", at, why };
  }
  if (!isTurn && !last) {
    const failure = { ...(place.lastFailure() ?? EARLIER), stage: letter.stage };
    return afterFailure(letter, mine, failure, deps);
  }
  try {
    const sent = await letter.send();
    place.leave();
    return sent === false
      ? { ...mine, state: "superseded", at, why: "it is not needed there" }
      : { ...mine, state: "delivered", at };
  } catch (thrown) {
    const { code, message, remedy, retryable } = asOpsAgentError(thrown);
    deps.logger.warn("delivery-failed", { channel, what, code, error: message });
    const said = letter.moment === undefined ? message : `${message} (${letter.moment})`;
    const failure: Failure = { stage: letter.stage, code, message: said, remedy };
    place.noteFailure(failure);
    const tried = await afterFailure(letter, mine, failure, deps, last || !retryable);
    if (tried.state !== "waiting") place.leave();
    return tried;
  }
}

/** Waits on, or gives up; after a while another channel is asked to take it. */
async function afterFailure(
  letter: Letter,
  mine: Delivery,
  failure: Failure,
  deps: DeliveryDependencies,
  isLast = false,
): Promise<Delivery> {
  const now = deps.now();
  const at = now.toISOString();
  const waitedMs = now.getTime() - Date.parse(mine.since);
  const isOver = isLast || waitedMs >= GIVE_UP_MS;
  const due = isOver || waitedMs >= FALL_BACK_MS;
  const instead = mine.instead ?? (due ? await tellInstead(letter, failure, mine.since, deps) : undefined);
  const tried: Delivery = { ...mine, at, failure, ...(instead === undefined ? {} : { instead }) };
  return isOver
    ? { ...tried, state: "failed" }
    : { ...tried, state: "waiting", delayed: mine.delayed ?? { at, failure } };
}

const EARLIER = {
  code: "delivery-waits",
  message: "something before it waits for the same channel",
  remedy: "It is told after that.",
};

/** Asks the other channels in their order until one takes it. */
async function tellInstead(
  { channel, what, instead = [] }: Letter,
  failure: Failure,
  since: string,
  { now, logger }: DeliveryDependencies,
): Promise<Delivery["instead"]> {
  const why = `${channel} has not taken ${what} since ${since.slice(11, 16)} UTC (${failure.message}), so it is told here.`;
  for (const other of instead) {
    try {
      if (await other.send(why)) return { channel: other.channel, at: now().toISOString() };
    } catch (thrown) {
      logger.warn("delivery-failed", {
        channel: other.channel,
        what,
        insteadOf: channel,
        error: asOpsAgentError(thrown).message,
      });
    }
  }
  return undefined;
}

/** What became of letters, as events; the same keys however often it is asked. Pure. */
export function deliveryEvents(name: string, deliveries: readonly Delivery[]): StepEvent[] {
  return deliveries.flatMap((one): StepEvent[] => {
    const { channel, what, at, delayed: first, instead, state } = one;
    const key = (word: string) => `${name}:${word}-${channel}`;
    const events: StepEvent[] = [];
    if (first !== undefined) {
      const { failure } = first;
      events.push({ kind: "delivery-delayed", key: key("delayed"), at: first.at, channel, what, failure });
    }
    if (instead !== undefined) {
      const { channel: other, at: then } = instead;
      events.push({
        kind: "notified",
        key: key("instead"),
        at: then,
        channel: other,
        what,
        insteadOf: channel,
      });
    }
    if (state === "delivered" && !(one.quiet === true && first === undefined)) {
      events.push({ kind: "notified", key: key("told"), at, channel, what });
    }
    const dropped = state === "failed" && one.optional === true;
    if (state === "failed" && !dropped && one.failure !== undefined) {
      const { failure } = one;
      events.push({ kind: "notification-failed", key: key("failed"), at, channel, what, failure });
    }
    if ((state === "superseded" || dropped) && first !== undefined) {
      const why = one.why ?? one.failure?.message ?? "";
      events.push({ kind: "delivery-superseded", key: key("dropped"), at, channel, what, why });
    }
    return events;
  });
}
