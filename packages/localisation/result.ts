import type { SeriesKind } from "./input.ts";

/** One departure, with its onset in ISO 8601. */
export interface ResultSign {
  readonly metric: string;
  readonly kind: SeriesKind;
  readonly onset: string;
  readonly direction: "up";
  readonly shape: string;
  readonly sure: "clear" | "doubtful";
}

/**
 * What a service is to the alarm: `culprit`, nothing explains its fault; `flooding-caller`, it sends more than is sent to
 * it; `overloaded`, load from outside came before its fault; `affected`, another service explains it; `apart`, its fault
 * and the alarm are not connected.
 */
export type Role = "culprit" | "flooding-caller" | "overloaded" | "affected" | "apart";

export interface Placed {
  readonly service: string;
  readonly role: Role;
  /** ISO 8601; absent for a caller without a sign of its own. */
  readonly onset?: string;
  readonly sure: "clear" | "doubtful";
  readonly signs: readonly ResultSign[];
  readonly reasons: readonly string[];
}

export interface Localisation {
  /** `undecided`: several services fit alike. `none`: nothing that the alarm is connected with is unexplained. */
  readonly verdict: {
    readonly kind: "service" | "undecided" | "none";
    readonly services: readonly string[];
    readonly reason: string;
  };
  /** Best first; every service that the alarm is connected with by faults. */
  readonly ranked: readonly (Placed & { readonly rank: number })[];
  /** Anomalous services that the alarm is not connected with, by onset. */
  readonly apart: readonly Placed[];
  /** Services without a readable series of their own kinds. */
  readonly notMeasured: readonly string[];
  readonly remarks: readonly string[];
}
