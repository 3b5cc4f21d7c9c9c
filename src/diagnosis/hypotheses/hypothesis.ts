/** A hypothesis: one cause as data. Adding one changes no neighbour. */
import type { Cause } from "../../domain/cause.ts";
import type { SignId } from "../signs/index.ts";

/** Log-odds of a sign that a hypothesis expects: `for` at a plain yes, `against` at a plain no; between, the share. */
export interface Expectation {
  readonly for?: number;
  readonly against?: number;
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

/** The prior of a cause that no public count sets apart. */
export const ONE_OF_MANY = { logOdds: -3.2, source: "one of about 25 causes; no public count sets it apart" };

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
  /** Causes that are no rivals where the same change is proposed: one brings the other, or one change cures both. */
  readonly kin?: readonly Cause[];
  /** The sign that, where it is plain, puts the cause out of reach of whatever this service could do. */
  readonly outOfReach?: SignId;
  readonly rivals?: readonly Rival[];
}
