/** Signs of health checks: which tasks fail them, how, and whether the service serves all the same. */
import { isRaised } from "../../domain/metric-side.ts";
import { locate } from "../locate.ts";
import type { EvidenceView } from "../view/evidence-view.ts";
import { type Reading, reading, type Sign } from "./sign.ts";

/** Whether health was read at all. */
function isRead(view: EvidenceView): boolean {
  return !view.unread("tasks") && !view.unread("target-health");
}

function someSick(view: EvidenceView): Reading | undefined {
  if (!isRead(view)) return undefined;
  const { sick, well, checks } = locate(view);
  const some = sick.length > 0 && well.length > 0;
  return reading(some ? 1 : 0, some ? checks : [], { subject: "task" });
}

/** Whether tasks of a sick one's own revision are well under the same load: then it is not the revision. */
function siblingsWell(view: EvidenceView): Reading | undefined {
  const { sick, wellSiblings } = locate(view);
  if (sick.length === 0) return undefined;
  return reading(wellSiblings.length > 0 ? 1 : 0, wellSiblings, { subject: "task" });
}

function allSick(view: EvidenceView): Reading | undefined {
  if (!isRead(view)) return undefined;
  const { sick, well, checks } = locate(view);
  const targets = view.unhealthyTargets.length > 0 && view.healthyTargets === undefined;
  const all = (sick.length > 0 && well.length === 0) || targets;
  return reading(all ? 1 : 0, all ? checks : [], { subject: "service" });
}

const MISMATCH = "Target.ResponseCodeMismatch";
/** A redirect or client error shows a wrong path or method, not a broken task. */
const CLIENT_ERROR = /\[(3|4)\d\d\]/;

function answeredWith(view: EvidenceView, pattern: RegExp): Reading | undefined {
  if (view.unread("target-health")) return undefined;
  const found = view.unhealthyTargets.filter(
    ({ data }) => data.reason === MISMATCH && pattern.test(data.description ?? ""),
  );
  return reading(found.length > 0 ? 1 : 0, found);
}

/** Whether requests go on, answered as fast and as well as before, so that only the check fails. */
function servesAsEver(view: EvidenceView): Reading | undefined {
  const requests = view.metric("requests");
  if (requests === undefined || requests.data.noDataSince !== undefined) return undefined;
  const hurt = (["errors-5xx", "elb-5xx", "latency-p50"] as const).some((role) =>
    isRaised(view.metric(role)),
  );
  const { current, direction } = requests.data.summary;
  return reading(current > 0 && direction !== "down" && !hurt ? 1 : 0, [requests]);
}

function allTimeOut(view: EvidenceView): Reading | undefined {
  if (view.unread("target-health")) return undefined;
  const found = view.unhealthyTargets.filter(({ data }) => data.reason === "Target.Timeout");
  const all = view.healthyTargets === undefined && found.length > view.unhealthyTargets.length / 2;
  return reading(all ? 1 : 0, all ? [...found, view.metric("unhealthy-hosts")] : []);
}

export const HEALTH_SIGNS = {
  "check-port-closed": {
    what: "a health check on a port that no container opens",
    family: "health-check",
    unexplained: 3,
    read: (view) => {
      if (view.unread("target-health")) return undefined;
      const found = view.unhealthyTargets.filter(({ data }) => data.wrongPort !== undefined);
      return reading(found.length > 0 ? 1 : 0, found);
    },
  },
  "some-unhealthy": {
    what: "a task that fails its health checks beside others that pass them",
    family: "health",
    unexplained: 2.5,
    read: someSick,
  },
  "siblings-well": {
    what: "tasks of the same revision that are well",
    family: "revision",
    read: siblingsWell,
  },
  "all-unhealthy": { what: "every task failing its health checks", family: "health", read: allSick },
  /** Targets answer their check with the wrong status. */
  "wrong-answer": {
    what: "health checks answered with the wrong status",
    family: "health-check",
    unexplained: 1,
    read: (view) => answeredWith(view, /./),
  },
  "client-error-answer": {
    what: "health checks answered with a redirect or client error",
    family: "health-check",
    unexplained: 3,
    read: (view) => answeredWith(view, CLIENT_ERROR),
  },
  "serves-as-ever": { what: "requests served as before", family: "serving", read: servesAsEver },
  "all-time-out": { what: "every target timing out", family: "health", read: allTimeOut },
} as const satisfies Record<string, Sign>;
