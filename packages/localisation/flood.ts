import { compare } from "./explanations.ts";
import type { Edge } from "./input.ts";
import { order } from "./order.ts";
import type { ServiceSigns, Sign } from "./signs.ts";

/** Whether requests rose at a service, against the fault of its own. */
export type LoadOrder = "before" | "same" | "after" | "none";

/** A service whose requests rose by more than this, compared with its caller's, is not only passed load on. */
const PASSED_ON = 1.5;

/** Whether load came to a service before its fault; retries of its callers come after it. */
export function loadOrder({ load, own }: ServiceSigns): LoadOrder {
  const fault = own[0];
  if (load === undefined || fault === undefined) return "none";
  return order(beganOf(load), beganOf(fault));
}

/** Where the load of a flooded service comes from. */
export interface FloodSource {
  /** Callers that send more without being sent more. Several: which of them cannot be told. */
  readonly callers: readonly string[];
  /** Services without callers whose own requests rose: the load comes from outside. */
  readonly entrances: readonly string[];
}

/**
 * Follows load upwards from `service` along trusted edges. A caller whose requests rose in proportion, and no later,
 * passes load on, and its callers are looked at; one without such a rise is the source. Where some callers of a
 * service pass load on, the others are not suspected.
 */
export function floodSources(
  service: string,
  edges: readonly Edge[],
  signs: ReadonlyMap<string, ServiceSigns>,
): FloodSource {
  const callers = new Set<string>();
  const entrances = new Set<string>();
  const seen = new Set([service]);
  const open = [service];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const load = signs.get(at)?.load;
    const above = new Set(edges.filter(({ to, from }) => to === at && from !== at).map(({ from }) => from));
    if (above.size === 0) entrances.add(at);
    const passing = [...above].filter((caller) => passesOn(signs.get(caller)?.load, load));
    for (const caller of passing.length > 0 ? passing : above) {
      if (seen.has(caller)) continue;
      seen.add(caller);
      if (passing.length > 0) open.push(caller);
      else callers.add(caller);
    }
  }
  return { callers: [...callers].sort(compare), entrances: [...entrances].sort(compare) };
}

function passesOn(above: Sign | undefined, below: Sign | undefined): boolean {
  if (above === undefined || below === undefined) return false;
  return order(beganOf(above), beganOf(below)) !== "after" && below.ratio <= PASSED_ON * above.ratio;
}

function beganOf({ onset, resolution }: Sign) {
  return { at: onset, resolution };
}
