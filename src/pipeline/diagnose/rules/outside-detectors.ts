/** Causes outside the service: a restart or more tasks would not help and can do harm. */
import type { Cause } from "../../../domain/cause.ts";
import type { FactOf } from "../../../domain/evidence.ts";
import type { Detector } from "./detector.ts";
import { type EvidenceView, isUp, raised } from "./evidence-view.ts";

type Signal = NonNullable<FactOf<"log-pattern">["data"]["signal"]>;

interface OutsideCause {
  readonly cause: Cause;
  readonly signals: readonly Signal[];
  readonly sentence: string;
  readonly nextStep: string;
}

const OUTSIDE: readonly OutsideCause[] = [
  {
    cause: "dependency-down",
    signals: ["connection-refused", "timeout"],
    sentence: "Calls to something the service depends on are refused or time out",
    nextStep: "Find the dependency that the log patterns name and check whether it runs.",
  },
  {
    cause: "dependency-throttled",
    signals: ["throttled"],
    sentence: "A dependency answers with throttling",
    nextStep: "Check the quota and the request rate of the dependency; back off instead of adding tasks.",
  },
  {
    cause: "network-failure",
    signals: ["dns"],
    sentence: "Names do not resolve or the network cannot be reached",
    nextStep: "Check DNS, security groups, routes and endpoints.",
  },
  {
    cause: "permission-denied",
    signals: ["permission"],
    sentence: "Calls are refused for lack of permission",
    nextStep: "Check the task role and what changed in it (CloudTrail).",
  },
  {
    cause: "certificate-expired",
    signals: ["certificate"],
    sentence: "TLS connections fail on a certificate",
    nextStep: "Check the validity of the certificate that the log patterns name.",
  },
];

function detectOutside(cause: OutsideCause, view: EvidenceView): ReturnType<Detector["detect"]> {
  const words = view.logs(...cause.signals);
  const errors = [view.metric("errors-5xx"), view.metric("elb-5xx"), view.metric("latency-p99")].flatMap(
    (fact) => raised(fact) ?? [],
  );
  if (words.length === 0) {
    return isUp(view.metric("errors-5xx")) ? "No log pattern speaks of it." : undefined;
  }
  const resources = [view.metric("cpu"), view.metric("memory")].flatMap((fact) => raised(fact) ?? []);
  const fresh = words.some(
    (fact) =>
      fact.data.newSinceOnset || Date.parse(fact.data.firstAt) >= Date.parse(view.evidence.onset) - 60_000,
  );
  const crashing = view.stops("out-of-memory", "crashed");
  const confidence =
    (errors.length > 0 ? 0.85 : 0.5) -
    (fresh ? 0 : 0.2) -
    (resources.length > 0 || crashing.length > 0 ? 0.15 : 0);
  const times = words.reduce((sum, fact) => sum + fact.data.count, 0);
  return {
    confidence,
    rootCause: `${cause.sentence} (${times} log lines${errors.length > 0 ? ", and errors rose with them" : ""}); the service's own tasks ${view.unhealthyTargets.length > 0 ? "are partly unhealthy" : "run and are healthy"}.`,
    action: "none",
    severity: "P1",
    supports: [...errors, ...words],
    against: [...resources, ...crashing],
    missing: errors.length === 0 ? ["A metric that shows the failures; so far only log lines do."] : [],
    nextSteps: [cause.nextStep, "Restarting or scaling this service would not help."],
  };
}

export const outsideDetectors: readonly Detector[] = OUTSIDE.map((cause) => ({
  cause: cause.cause,
  detect: (view) => detectOutside(cause, view),
}));

export const connectionLeak: Detector = {
  cause: "connection-leak",
  detect: (view) => {
    const words = view.logs("too-many-connections");
    if (words.length === 0) return undefined;
    const trusted = [
      view.metric("errors-5xx"),
      view.metric("unhealthy-hosts"),
      view.metric("latency-p99"),
    ].flatMap((fact) => raised(fact) ?? []);
    const sick = view.unhealthyTargets;
    return {
      confidence:
        sick.length > 0 && view.healthyTargets !== undefined ? 0.8 : trusted.length > 0 ? 0.7 : 0.45,
      rootCause: "Connections or file descriptors run out inside the service.",
      action: sick.length > 0 ? "restart" : "none",
      severity: "P2",
      supports: [...trusted, ...sick, ...words],
      nextSteps: ["Look for connections that are opened and not closed; bound the pool."],
    };
  },
};

export const diskFull: Detector = {
  cause: "disk-full",
  detect: (view) => {
    const stops = view.stops("disk-full");
    const words = view.logs("disk-full");
    if (stops.length === 0 && words.length === 0) return undefined;
    return {
      confidence: stops.length > 0 ? 0.92 : 0.6,
      rootCause: "The task's disk is full.",
      action: stops.length > 0 || view.unhealthyTargets.length > 0 ? "restart" : "none",
      severity: "P2",
      supports: [...stops, ...view.unhealthyTargets, ...words],
      nextSteps: ["Find what fills the disk (logs, temporary files), or raise the ephemeral storage."],
    };
  },
};
