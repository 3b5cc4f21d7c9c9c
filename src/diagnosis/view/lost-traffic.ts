/**
 * Traffic that does not arrive: less is asked of the service than usual, or nothing that is counted.
 */
import type { FactOf } from "../../domain/evidence.ts";
import { isLowered } from "../../domain/metric-side.ts";
import type { EvidenceView } from "./evidence-view.ts";

/** Requests at this share of the usual, or fewer, are more than an ebb within the hour. */
const LOST_SHARE = 0.5;

/** Fewer errors than this share of the usual requests send no caller away. */
const HURT_SHARE = 0.01;

/** The series that shows the loss. `silent`: nothing is counted any more, and CPU fell with it. */
export interface Loss {
  readonly shown: FactOf<"metric">;
  readonly kind: "requests" | "silent" | "work";
}

/** Returns what shows that less arrives than usual, or undefined. */
export function lostTraffic(view: EvidenceView): Loss | undefined {
  const requests = view.metrics("requests");
  const cpu = view.metric("cpu");
  // Traffic that moved to another target group is not lost.
  if (requests.some(({ data }) => data.summary.direction === "up" && data.noDataSince === undefined))
    return undefined;
  const fewer = requests.find(
    (fact) => isLowered(fact) && (isTooFewFor(fact) || isLost(fact)) && !ebbedBefore(fact),
  );
  if (fewer !== undefined) return { shown: fewer, kind: "requests" };
  // A load balancer counts nothing while nothing arrives, and so does a lost measurement: CPU tells them apart.
  const silent = requests.find(({ data }) => data.noDataSince !== undefined);
  if (silent !== undefined) return isLowered(cpu) ? { shown: silent, kind: "silent" } : undefined;
  const idle = cpu !== undefined && requests.length === 0 && isTooFewFor(cpu) && isLost(cpu);
  return idle ? { shown: cpu, kind: "work" } : undefined;
}

/** The alarm that fired is the team's own word that this is too little. */
function isTooFewFor({ data }: FactOf<"metric">): boolean {
  return data.isAlarm === true && data.beyond === "below" && data.scalingTarget !== true;
}

/** Whether requests were as few for as long before and came back, as between the waves of a partner that sends in bulk. */
function ebbedBefore({ data }: FactOf<"metric">): boolean {
  const { current, max } = data.summary;
  const half = current + (max - current) / 2;
  const ebbs: number[] = [0];
  for (const [, value] of data.points) {
    if (value < half) ebbs.push((ebbs.pop() ?? 0) + 1);
    else ebbs.push(0);
  }
  const [now = 0, ...earlier] = ebbs.toReversed();
  // What the window began with may have lasted for any time before it.
  return now > 0 && earlier.slice(0, -1).some((length) => length >= now);
}

function isLost({ data }: FactOf<"metric">): boolean {
  return data.summary.direction === "down" && data.summary.current <= LOST_SHARE * data.summary.baseline;
}

/** Returns errors or late answers that began before the loss. */
export function failureBefore(view: EvidenceView, loss: FactOf<"metric">): FactOf<"metric"> | undefined {
  return (["errors-5xx", "elb-5xx", "latency-p50", "latency-p99"] as const)
    .flatMap((role) => view.metric(role) ?? [])
    .find((fact) => departedBefore(fact, loss));
}

function departedBefore({ data }: FactOf<"metric">, loss: FactOf<"metric">): boolean {
  const { onset, direction, shape, max } = data.summary;
  if (/5xx/.test(data.role) && max < HURT_SHARE * loss.data.summary.baseline) return false;
  if (direction !== "up" || shape === "flat" || onset === undefined) return false;
  return onset <= (loss.data.summary.onset ?? loss.data.noDataSince ?? onset);
}
