/** What has to be known before an action, read from facts that AWS vouches for. */
import type { Cause } from "../../domain/cause.ts";
import type { Evidence } from "../../domain/evidence.ts";

/** `partly`: neither clearly so nor clearly not, so that a person decides. */
export type State = "yes" | "partly" | "no" | "not-known";

/** What a condition comes to. `says` is a clause with the numbers, without a full stop. */
export interface Reading {
  readonly is: State;
  readonly says: string;
}

export interface Condition {
  readonly name: string;
  /** What it asks, as a clause: "only where ...". */
  readonly asks: string;
  /** Reads evidence that holds trusted facts only. Pure. */
  readonly read: (trusted: Evidence, cause: Cause) => Reading;
}

export const yes = (says: string): Reading => ({ is: "yes", says });
export const partly = (says: string): Reading => ({ is: "partly", says });
export const no = (says: string): Reading => ({ is: "no", says });
export const notKnown = (says: string): Reading => ({ is: "not-known", says });
