/** The policy of now: a file that is read again, or the newest version that was published in the store. */
import { setTimeout as sleep } from "node:timers/promises";
import { asOpsAgentError } from "../domain/errors.ts";
import { Policy } from "../domain/policy.ts";
import {
  originText,
  type PolicyOrigin,
  type PolicyState,
  restrictedToObserve,
} from "../domain/policy-state.ts";
import type { Logger, PolicySource, PolicyVersions } from "../domain/ports.ts";
import type { PolicyResult } from "./policy-file.ts";
import { problemText } from "./problem-text.ts";

export interface PolicySourceOptions {
  /** The policy that the process was started with. */
  readonly start: Policy;
  /** Where to look for the policy of now; `start` counts as long as nothing is published. */
  readonly from: PolicyFile | Pick<PolicyVersions, "newestPolicy">;
  readonly now: () => Date;
  readonly logger: Logger;
}

export interface PolicyFile {
  readonly path: string;
  readonly read: () => Promise<string>;
  readonly parse: (text: string) => PolicyResult | Promise<PolicyResult>;
}

/** A file that was just changed is read until two reads agree: an editor may be in the middle of writing it. */
const SETTLE_MS = 50;
const MOST_READS = 20;

/** What cannot be used, and why. */
class Unusable extends Error {
  readonly origin: PolicyOrigin;

  constructor(origin: PolicyOrigin, message: string) {
    super(message);
    this.origin = origin;
  }
}

/**
 * Creates the source. What cannot be read, or is no valid policy, is logged once for each change, and holds the last
 * good policy to observe until it is valid again.
 */
export function createPolicySource({ start, from, now, logger }: PolicySourceOptions): PolicySource {
  const startState: PolicyState = { policy: start, origin: { kind: "start" } };
  let good: PolicyState = "read" in from ? { policy: start, origin: fileOrigin(from) } : startState;
  let trouble: { readonly message: string; readonly since: string } | undefined;
  const look = "read" in from ? followFile(from, good) : followVersions(from, startState);

  return {
    current: async () => {
      try {
        const state = await look();
        if (trouble !== undefined) logger.info("policy-usable-again", { policy: originText(state.origin) });
        else if (state !== good) logger.info("policy-changed", { policy: originText(state.origin) });
        [good, trouble] = [state, undefined];
        return state;
      } catch (error) {
        const { message, origin } = unusable(error, good.origin);
        if (trouble?.message !== message) {
          trouble = { message, since: trouble?.since ?? now().toISOString() };
          logger.error("policy-unusable", { policy: originText(origin), problem: message });
        }
        const problem = `${capital(originText(origin))} cannot be used since ${trouble.since} (${message}), so nothing is done: until it is valid again, every mode is held to observe.`;
        return { ...good, policy: restrictedToObserve(good.policy), problem };
      }
    },
  };
}

/** Parses only where the content differs from what was parsed before. */
function followFile(file: PolicyFile, atStart: PolicyState): () => Promise<PolicyState> {
  const origin = fileOrigin(file);
  const read = async () => {
    try {
      return await file.read();
    } catch (error) {
      throw new Unusable(origin, error instanceof Error ? error.message : "it cannot be read");
    }
  };
  let known: { readonly text: string; readonly outcome: PolicyState | Unusable } | undefined;

  const settled = async (first: string): Promise<string> => {
    let text = first;
    for (let reads = 1; reads < MOST_READS; reads += 1) {
      await sleep(SETTLE_MS);
      const again = await read();
      if (again === text) return text;
      text = again;
    }
    throw new Unusable(origin, "it keeps changing while it is read");
  };

  const parsed = async (text: string): Promise<PolicyState | Unusable> => {
    // Of a file that is being written, or was emptied by a full disk, the defaults must not become the policy.
    if (text.trim() === "") return new Unusable(origin, "it is empty");
    const result = await file.parse(text);
    if (!result.ok) {
      return new Unusable(origin, result.problems.map((one) => problemText(file.path, one)).join("; "));
    }
    const same = JSON.stringify(result.policy) === JSON.stringify(atStart.policy);
    return same ? atStart : { policy: result.policy, origin };
  };

  return async () => {
    const text = await read();
    if (text !== known?.text) {
      const whole = await settled(text);
      known = { text: whole, outcome: await parsed(whole) };
    }
    if (known.outcome instanceof Unusable) throw known.outcome;
    return known.outcome;
  };
}

/** Parses only where the number differs from what was parsed before. */
function followVersions(
  versions: Pick<PolicyVersions, "newestPolicy">,
  startState: PolicyState,
): () => Promise<PolicyState> {
  let known: { readonly version: number; readonly outcome: PolicyState | Unusable } | undefined;
  return async () => {
    const newest = await versions.newestPolicy();
    if (newest?.policy === undefined) return startState;
    if (newest.version !== known?.version) {
      const { version, by, at } = newest;
      const origin: PolicyOrigin = { kind: "published", version, by, at };
      const parsed = Policy.safeParse(newest.policy);
      const outcome = parsed.success
        ? { policy: parsed.data, origin }
        : new Unusable(
            origin,
            parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "),
          );
      known = { version, outcome };
    }
    if (known.outcome instanceof Unusable) throw known.outcome;
    return known.outcome;
  };
}

function fileOrigin({ path }: PolicyFile): PolicyOrigin {
  return { kind: "file", path };
}

function unusable(error: unknown, origin: PolicyOrigin): { message: string; origin: PolicyOrigin } {
  return error instanceof Unusable ? error : { message: asOpsAgentError(error).message, origin };
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
