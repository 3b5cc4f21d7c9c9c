import { compare } from "./explanations.ts";
import type { Head, Search } from "./faults.ts";
import { loadOrder } from "./flood.ts";
import type { LocalisationInput } from "./input.ts";
import { order } from "./order.ts";
import type { ServiceSigns } from "./signs.ts";

/** What the reasons are made from. */
export interface Ground {
  readonly input: LocalisationInput;
  readonly signs: ReadonlyMap<string, ServiceSigns>;
  readonly found: Search;
}

/** Why a service stands at the head of the ranking. */
export function headReasons(head: Head, { input, signs, found }: Ground): string[] {
  const { service, role, floods, entrances } = head;
  const doubt = head.sure === "doubtful" && role !== "flooding-caller" ? ["its signs are doubtful"] : [];
  if (role === "flooding-caller") {
    const order = head.sure === "clear" ? "before" : "perhaps before";
    const fault = signs.get(service)?.own[0] ? [] : ["it has no sign of a fault of its own"];
    return [
      `requests to ${names(floods)} rose ${order} the fault there, and more than those to ${service}`,
      ...fault,
    ];
  }
  const from = entrances.length === 0 ? "an unknown caller" : `outside, by ${names(entrances)}`;
  const overloaded = role === "overloaded" ? [`requests rose before its fault; they come from ${from}`] : [];
  return [
    "no service that it calls explains its fault",
    ...overloaded,
    ...explainedBy(service, found),
    ...sameLoad(service, signs),
    ...peers(service, found),
    ...unmeasuredCallees(service, input, signs),
    ...untrusted(service, input, found),
    ...doubt,
    ...(signs.get(service)?.remarks ?? []),
  ];
}

/** Which services explain the fault of an affected one. */
export function affectedReasons(service: string, { input, signs, found }: Ground): string[] {
  const why = found.explanations
    .filter(({ caller }) => caller === service)
    .map(({ callee, through, sources, order: began }) => {
      const gap = through.length === 0 ? "" : ` through ${names(through)}, which is not measured`;
      const when = began === "before" ? "began earlier" : "began in the same period (their order is unknown)";
      return `it calls ${callee}${gap} (${[...new Set(sources)].join(", ")}), whose fault ${when}`;
    });
  const load = why.length === 0 ? ["requests to it rose before its fault"] : [];
  const only = found.faults.get(service)?.isAlarmOnly
    ? [`none of its series shows a fault; its alarm counts from ${input.alarm.at}`]
    : [];
  return [...why, ...load, ...only, ...(signs.get(service)?.remarks ?? [])];
}

/** Why the fault of a service and the alarm are not connected. */
export function apartReasons(service: string, { input, signs, found }: Ground): string[] {
  const { alarm, edges } = input;
  const trusted = edges.filter(({ trust }) => trust === "trusted");
  const next = (at: string) => trusted.filter(({ from }) => from === at).map(({ to }) => to);
  const other = found.explanations.filter(({ caller }) => caller === service).map(({ callee }) => callee);
  const why =
    other.length > 0
      ? `${names(other)} explains it, and the alarm is not connected with that`
      : leadsTo(alarm.service, service, next)
        ? `${alarm.service} depends on it, but its fault began later, or a healthy service is between them`
        : leadsTo(service, alarm.service, next)
          ? `it depends on ${alarm.service}, but the order of their faults does not explain it`
          : `no trusted edges lead from ${alarm.service} to it or back`;
  return [why, ...(signs.get(service)?.remarks ?? [])];
}

function explainedBy(service: string, { explanations }: Search): string[] {
  const callers = explanations.filter(({ callee }) => callee === service).map(({ caller }) => caller);
  return callers.length === 0 ? [] : [`it explains the fault of ${names(callers)}`];
}

function sameLoad(service: string, signs: ReadonlyMap<string, ServiceSigns>): string[] {
  const own = signs.get(service);
  const came = own === undefined ? "none" : loadOrder(own);
  if (came === "same")
    return ["requests rose in the same period as its fault: which came first cannot be told"];
  return came === "after" ? ["requests rose after its fault, as retries do"] : [];
}

function peers(service: string, { heads }: Search): string[] {
  const head = heads.find((one) => one.service === service);
  const same = heads.filter(
    (one) => head && one !== head && one.sure === head.sure && order(one, head) === "same",
  );
  return same.length === 0
    ? []
    : [`${names(same.map((one) => one.service))} began within the same period: they have no order`];
}

function unmeasuredCallees(
  service: string,
  { edges }: LocalisationInput,
  signs: ReadonlyMap<string, ServiceSigns>,
): string[] {
  const callees = edges
    .filter(({ from, to }) => from === service && to !== service && !signs.get(to)?.measured)
    .map(({ to }) => to);
  return callees.length === 0
    ? []
    : [`it calls ${names(callees)}, of which no series says anything: a fault there is not ruled out`];
}

function untrusted(service: string, { edges }: LocalisationInput, { faults }: Search): string[] {
  const fault = faults.get(service);
  return edges
    .filter(({ from, to, trust }) => {
      const callee = faults.get(to);
      const isOther = from === service && to !== service && trust === "untrusted";
      return isOther && fault && callee && order(callee, fault) !== "after";
    })
    .map(
      ({ to, source }) =>
        `an untrusted edge (${source}) leads to ${to}, which began no later: it explains nothing`,
    )
    .sort(compare);
}

function leadsTo(from: string, to: string, next: (at: string) => readonly string[]): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const other of next(at)) {
      if (other === to) return true;
      if (!seen.has(other)) open.push(other);
      seen.add(other);
    }
  }
  return false;
}

/** At most five names. */
export function names(services: readonly string[]): string {
  const all = [...new Set(services)].sort(compare);
  const shown = all.slice(0, 5).join(", ");
  return all.length > 5 ? `${shown} and ${all.length - 5} more` : shown;
}
