/** Signs of what callers feel: errors and late answers. They are consequences, and name no cause. */
import type { EvidenceView } from "../view/evidence-view.ts";
import { raised, strongest } from "./series.ts";
import { grade, type Reading, reading, type Sign } from "./sign.ts";

export function errorsRaised(view: EvidenceView): Reading | undefined {
  return strongest([...view.metrics("errors-5xx"), ...view.metrics("elb-5xx")].map(raised));
}

export function answersLate(view: EvidenceView): Reading | undefined {
  // A high percentile of few requests is hardly more than the slowest of them.
  const tail = view.metrics("latency-p99").filter(({ data }) => data.quietTail !== true);
  return strongest([...view.metrics("latency-p50"), ...tail].map(raised));
}

/** Returns true where every target passes its check now: that is newer than any period of a metric. */
export function targetsAreWell(view: EvidenceView): boolean {
  return view.healthyTargets !== undefined && view.unhealthyTargets.length === 0;
}

function targetsSick(view: EvidenceView): Reading | undefined {
  const counted = strongest(view.metrics("unhealthy-hosts").map(raised));
  return counted !== undefined && targetsAreWell(view) ? reading(0, [view.healthyTargets]) : counted;
}

/** Shares of the requests that fail: a few tasks or calls, and nearly all that is asked. */
const SOME_SHARE = 0.3;
const NEARLY_ALL_SHARE = 0.7;

/** Whether most requests fail from one period to the next, while tasks pass their checks: nothing grew slowly. */
function failAtOnce(view: EvidenceView): Reading | undefined {
  const errors = view.metric("errors-5xx");
  const requests = view.metric("requests");
  if (errors === undefined || requests === undefined || !(requests.data.summary.current > 0))
    return undefined;
  const share = errors.data.summary.current / requests.data.summary.current;
  const atOnce = raised(errors)?.degree === 1 && errors.data.summary.shape === "step";
  return reading(atOnce ? grade(share, SOME_SHARE, NEARLY_ALL_SHARE) : 0, [errors, requests]);
}

export const FAILURE_SIGNS = {
  "all-fail-at-once": {
    what: "most requests failing from one moment to the next",
    family: "trend",
    read: failAtOnce,
  },
  "errors-raised": { what: "raised errors", family: "errors", read: errorsRaised },
  "answers-late": { what: "late answers", family: "latency", read: answersLate },
  /** Half of all answers: not one task's, and not a tail's. */
  "most-answers-late": {
    what: "half of all answers late",
    family: "latency",
    read: (view) => raised(view.metric("latency-p50")),
  },
  /** Callers suffer in any way. */
  suffering: {
    what: "errors, late answers or unhealthy targets",
    family: "suffering",
    read: (view) => strongest([errorsRaised(view), answersLate(view), targetsSick(view)]),
  },
} as const satisfies Record<string, Sign>;
