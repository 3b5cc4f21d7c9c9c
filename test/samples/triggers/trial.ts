/** One event and the AWS that it is held against. */
import type { BuiltWorld } from "../../../evals/scenarios/world.ts";
import type { Action } from "../../../src/domain/cause.ts";

export interface Trial {
  /** Unique among all trials. */
  readonly name: string;
  readonly kind: "forged" | "mistyped" | "stale" | "poisoned" | "genuine";
  /** As the receiver of the form gets it. */
  readonly event: unknown;
  /** AWS's answers; its alarms are what AWS itself says, whatever the event claims. */
  readonly world: BuiltWorld;
  /** The policy's patterns for alarms whose dimensions name no service. */
  readonly alarms: readonly { readonly pattern: string; readonly service: string }[];
  /** Actions that may be taken: none, or the one that is due and must be taken. */
  readonly due: readonly Exclude<Action, "none">[];
}

/** How a trigger is read: every alarm whose name begins with the service's is about it. */
export const patternsOf = ({ service }: BuiltWorld): Trial["alarms"] => [
  { pattern: `${service}-*`, service },
];
