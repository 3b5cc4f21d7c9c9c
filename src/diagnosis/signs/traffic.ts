/** Signs of what arrives: how much more or less than before, and whether failures came first. */
import { isRaised } from "../../domain/metric-side.ts";
import { type EvidenceView, ifRaised, periodsBefore } from "../view/evidence-view.ts";
import { ratio } from "./series.ts";
import { grade, type Reading, reading, type Sign } from "./sign.ts";

/** Multiples of the baseline: a tenth more is within the noise of an hour, two thirds more is growth. */
const SAME = 1.1;
const GROWN = 1.65;

/** Returns whether clearly more requests arrive than before; not known without a series of them. */
export function trafficGrew(view: EvidenceView): Reading | undefined {
  const requests = view.metric("requests");
  const times = ratio(requests);
  if (requests === undefined || times === undefined) return undefined;
  const up = requests.data.summary.direction === "up" && requests.data.summary.shape !== "spike";
  return reading(up ? grade(times, SAME, GROWN) : 0, [requests], up ? { direction: "up" } : {});
}

/** Periods by which failures precede growth: one is within the resolution, two are an order. */
const SAME_TIME = 0.5;
const BEFORE = 2;

/** Returns whether errors or late answers began before the load grew, so that they are not its consequence. */
function failuresFirst(view: EvidenceView): Reading | undefined {
  const grew = trafficGrew(view);
  if (grew === undefined || grew.degree === 0) return undefined;
  const requests = view.metric("requests");
  const leads = (["errors-5xx", "elb-5xx", "latency-p99"] as const)
    .map((role) => view.metric(role))
    .filter((fact) => isRaised(fact) && fact?.data.summary.shape !== "spike")
    .map((fact) => ({ fact, lead: periodsBefore(ifRaised(fact), requests) ?? 0 }))
    .sort((a, b) => b.lead - a.lead);
  const [first] = leads;
  return first === undefined
    ? reading(0, [requests])
    : reading(grade(first.lead, SAME_TIME, BEFORE), [first.fact, requests], { subject: "caller" });
}

export const TRAFFIC_SIGNS = {
  "traffic-grew": {
    what: "clearly more requests than before",
    family: "load",
    unexplained: 2,
    read: trafficGrew,
  },
  "failures-before-traffic": {
    what: "failures that began before requests grew",
    family: "order",
    unexplained: 2,
    read: failuresFirst,
  },
} as const satisfies Record<string, Sign>;
