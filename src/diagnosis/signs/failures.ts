/** Signs of what callers feel: errors and late answers. They are consequences, and name no cause. */
import type { EvidenceView } from "../rules/evidence-view.ts";
import { raised, strongest } from "./series.ts";
import type { Reading, Sign } from "./sign.ts";

export function errorsRaised(view: EvidenceView): Reading | undefined {
  return strongest([...view.metrics("errors-5xx"), ...view.metrics("elb-5xx")].map(raised));
}

export function answersLate(view: EvidenceView): Reading | undefined {
  // A high percentile of few requests is hardly more than the slowest of them.
  const tail = view.metrics("latency-p99").filter(({ data }) => data.quietTail !== true);
  return strongest([...view.metrics("latency-p50"), ...tail].map(raised));
}

export const FAILURE_SIGNS = {
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
    read: (view) =>
      strongest([errorsRaised(view), answersLate(view), ...view.metrics("unhealthy-hosts").map(raised)]),
  },
} as const satisfies Record<string, Sign>;
