import { type Anomaly, compare, type Explanation, explanations, reachable } from "./explanations.ts";
import { floodSources, loadOrder } from "./flood.ts";
import type { LocalisationInput } from "./input.ts";
import { type Began, order } from "./order.ts";
import type { ServiceSigns } from "./signs.ts";

/** A service with a fault; the service of the alarm has one even where its series show none (`isAlarmOnly`). */
export interface Fault extends Anomaly {
  readonly sure: "clear" | "doubtful";
  readonly isAlarmOnly: boolean;
}

/** A service at which the search ends, and why. */
export interface Head extends Began {
  readonly service: string;
  readonly role: "culprit" | "flooding-caller" | "overloaded";
  readonly sure: "clear" | "doubtful";
  /** The services that it floods. */
  readonly floods: readonly string[];
  /** Where its load comes from; only of the overloaded. */
  readonly entrances: readonly string[];
}

/** All that is known of who explains whom. */
export interface Search {
  readonly faults: ReadonlyMap<string, Fault>;
  readonly explanations: readonly Explanation[];
  readonly heads: readonly Head[];
  /** Services that a head explains. */
  readonly affected: ReadonlySet<string>;
}

/** Finds where the faults that the alarm is connected with end: the deepest that no other explains. */
export function search(input: LocalisationInput, signs: ReadonlyMap<string, ServiceSigns>): Search {
  const faults = faultsOf(input, signs);
  const isMeasured = (service: string) => signs.get(service)?.measured ?? false;
  const all = explanations(faults, { edges: input.edges, isMeasured });
  // A doubtful fault does not take the blame from a clear one.
  const strong = all.filter(
    ({ caller, callee }) => faults.get(callee)?.sure === "clear" || faults.get(caller)?.sure !== "clear",
  );
  const reach = new Map([...faults.keys()].map((service) => [service, reachable(service, strong)]));
  const isRoot = (service: string) =>
    [...(reach.get(service) ?? [])].every((next) => reach.get(next)?.has(service));
  const connected = [input.alarm.service, ...reachable(input.alarm.service, all)];
  const roots = connected.filter((service) => isRoot(service) && !faults.get(service)?.isAlarmOnly);
  const heads = headsOf(roots, input, { faults, signs, reach });
  const named = new Set(heads.map(({ service }) => service));
  const affected = [...faults.keys()].filter(
    (service) =>
      !named.has(service) &&
      (roots.includes(service) ||
        roots.some((root) => reach.get(service)?.has(root)) ||
        heads.some((head) => sharesLoad(service, head, input, signs))),
  );
  return { faults, explanations: all, heads, affected: new Set(affected) };
}

function faultsOf(
  { alarm }: LocalisationInput,
  signs: ReadonlyMap<string, ServiceSigns>,
): ReadonlyMap<string, Fault> {
  const alarmAt = Date.parse(alarm.at);
  const faults = new Map<string, Fault>();
  for (const service of [...signs.keys()].sort(compare)) {
    const first = signs.get(service)?.own[0];
    if (first) {
      const { resolution, sure } = first;
      // The alarm saw its service's fault: it began no later.
      const at = service === alarm.service ? Math.min(first.onset, alarmAt) : first.onset;
      faults.set(service, { service, at, resolution, sure, isAlarmOnly: false });
    } else if (service === alarm.service) {
      faults.set(service, { service, at: alarmAt, resolution: 0, sure: "doubtful", isAlarmOnly: true });
    }
  }
  return faults;
}

interface Known {
  readonly faults: ReadonlyMap<string, Fault>;
  readonly signs: ReadonlyMap<string, ServiceSigns>;
  readonly reach: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The heads, best first: clear before doubtful, then by onset, then by how many faults they explain. */
function headsOf(roots: readonly string[], input: LocalisationInput, known: Known): Head[] {
  const all = roots.flatMap((root) => headsOfRoot(root, input, known));
  const byService = new Map<string, Head>();
  for (const head of all.sort(byMerit(() => 0))) {
    const other = byService.get(head.service);
    const floods = [...new Set([...(other?.floods ?? []), ...head.floods])].sort(compare);
    byService.set(head.service, { ...(other ?? head), floods });
  }
  const explains = (service: string) =>
    [...known.reach.values()].filter((reached) => reached.has(service)).length;
  return [...byService.values()].sort(byMerit(({ service }) => explains(service)));
}

/** A root itself; before it those who flood it where its load came first, after it those where none came first. */
function headsOfRoot(root: string, { edges }: LocalisationInput, { faults, signs }: Known): Head[] {
  const own = signs.get(root);
  const fault = faults.get(root);
  if (own === undefined || fault === undefined) return [];
  const { at, resolution, sure } = fault;
  const itself: Head = {
    service: root,
    role: "culprit",
    at,
    resolution,
    sure,
    floods: [],
    entrances: [],
  };
  const came = loadOrder(own);
  if (own.load === undefined || (came !== "before" && came !== "same")) return [itself];
  const trusted = edges.filter(({ trust }) => trust === "trusted");
  const { callers, entrances } = floodSources(root, trusted, signs);
  const flooding = callers.map(
    (service): Head => ({
      service,
      role: "flooding-caller",
      at: own.load?.onset ?? at,
      resolution: own.load?.resolution ?? resolution,
      sure: came === "same" ? "doubtful" : (own.load?.sure ?? "doubtful"),
      floods: [root],
      entrances: [],
    }),
  );
  if (came === "same") return [itself, ...flooding];
  return flooding.length > 0 ? flooding : [{ ...itself, role: "overloaded", entrances }];
}

function byMerit(explains: (head: Head) => number): (a: Head, b: Head) => number {
  const doubt = ({ sure }: Head) => (sure === "clear" ? 0 : 1);
  return (a, b) =>
    doubt(a) - doubt(b) ||
    (order(a, b) === "same" ? explains(b) - explains(a) : 0) ||
    a.at - b.at ||
    compare(a.service, b.service);
}

/** Whether the load that came to `service` before its fault is that of the head. */
function sharesLoad(
  service: string,
  head: Head,
  { edges }: LocalisationInput,
  signs: ReadonlyMap<string, ServiceSigns>,
): boolean {
  const own = signs.get(service);
  if (head.role === "culprit" || own === undefined || loadOrder(own) !== "before") return false;
  const trusted = edges.filter(({ trust }) => trust === "trusted");
  const { callers, entrances } = floodSources(service, trusted, signs);
  return head.role === "overloaded"
    ? entrances.some((entrance) => head.entrances.includes(entrance))
    : callers.includes(head.service);
}
