/** A hypothesis: one cause as data. Adding one changes no neighbour. */
import type { Action, Cause } from "../../domain/cause.ts";
import type { SignId } from "../signs/index.ts";

/** Log-odds of a sign that a hypothesis expects: `for` at a plain yes, `against` at a plain no; between, the share. */
export interface Expectation {
  readonly for: number;
  readonly against?: number;
}

/** A change that would cure the cause, and the signs without which it is not proposed. */
export interface Proposal {
  readonly action: Exclude<Action, "none">;
  /** Signs that must be yes. */
  readonly needs?: readonly SignId[];
  /** Signs that must not be yes. */
  readonly unless?: readonly SignId[];
}

/** The cause that is easily taken for this one, and the reading that would tell them apart. */
export interface Rival {
  readonly cause: Cause;
  readonly separates: string;
}

/**
 * Signs that come with whatever else is broken: what ECS itself says of a stop outranks them, so that hypotheses that
 * rest on it tolerate them.
 */
export const CORRELATES = [
  "cpu-raised",
  "traffic-grew",
  "memory-climbs",
  "some-unhealthy",
  "exits-at-start",
  "revision-fails",
  "deployment-progresses",
  "says-refused",
] as const satisfies readonly SignId[];

export interface Hypothesis {
  readonly cause: Cause;
  /** Distinguishes the hypotheses of one cause. */
  readonly variant?: string;
  /** Log-odds against *none of these* before anything is read, and where the number is from. */
  readonly prior: { readonly logOdds: number; readonly source: string };
  readonly expects: Readonly<Partial<Record<SignId, Expectation>>>;
  /** Log-odds that a sign costs where it is a plain yes. */
  readonly contradicts?: Readonly<Partial<Record<SignId, number>>>;
  /** Signs of a cause that are often seen with this one too, so that they cost nothing. */
  readonly tolerates?: readonly SignId[];
  /** The first proposal whose signs hold is made; without one, nothing is proposed. */
  readonly proposes?: readonly Proposal[];
  /** Causes that are no rivals where the same change is proposed: one brings the other, or one change cures both. */
  readonly kin?: readonly Cause[];
  readonly rivals?: readonly Rival[];
}
