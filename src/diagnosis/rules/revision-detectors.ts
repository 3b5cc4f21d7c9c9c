import { callsChanged, dependencyText } from "./dependency-detectors.ts";
import type { Detector } from "./detector.ts";
import { type EvidenceView, ifRaised } from "./evidence-view.ts";

/** True while ECS rolls back: a deployment has failed and another one is running. */
function rollbackRunning(view: EvidenceView): boolean {
  return view.failingDeployment?.data.rolloutState === "FAILED" && view.deploymentInProgress !== undefined;
}

export const imagePullFailure: Detector = {
  cause: "image-pull-failure",
  detect: (view) => {
    const pulls = view.stops("image-pull-failed");
    const [pull] = pulls;
    if (pull === undefined) return undefined;
    if (rollbackRunning(view)) return "The failed deployment is being rolled back already.";
    return {
      confidence: 0.96,
      rootCause: `The image cannot be pulled: ${pull.data.stoppedReason ?? "no reason given"}`,
      severity: "P1",
      supports: [...pulls, view.diff, view.blamedDeployment],
      nextSteps: [
        "Check the tag, the registry permissions of the execution role, and the route to the registry.",
      ],
    };
  },
};

/** A task that ends within this time of its start never worked; large runtimes take minutes to start. */
const START_SECONDS = 180;

/** Text in a stopped reason that names another cause than a wrong setting. */
const REFUSED = /AccessDenied|not authorized|is not authorized|no basic auth|denied/i;
const UNREACHABLE =
  /i\/o timeout|connection issue|dial tcp|no such host|context deadline exceeded|network is unreachable/i;

/** Returns stops of tasks that never ran whose reason matches. */
function failedStarts(view: EvidenceView, reason: RegExp) {
  return view
    .stops("initialization-failed", "image-pull-failed")
    .filter((fact) =>
      reason.test(`${fact.data.stoppedReason} ${fact.data.containers.map((one) => one.reason).join(" ")}`),
    );
}

export const startRefused: Detector = {
  cause: "permission-denied",
  detect: (view) => {
    const stops = failedStarts(view, REFUSED).filter((fact) => fact.data.class === "initialization-failed");
    if (stops.length === 0) return undefined;
    return {
      confidence: 0.96,
      rootCause: `Tasks cannot start because a call is refused: ${stops[0]?.data.stoppedReason ?? ""}`,
      severity: "P1",
      supports: [...stops, view.blamedDeployment],
      nextSteps: ["Check the execution role's permissions and what changed in them (CloudTrail)."],
    };
  },
};

export const startUnreachable: Detector = {
  cause: "network-failure",
  detect: (view) => {
    const stops = failedStarts(view, UNREACHABLE);
    if (stops.length === 0) return undefined;
    return {
      confidence: 0.97,
      rootCause: `Tasks cannot start because what they need is out of reach: ${stops[0]?.data.stoppedReason ?? ""}`,
      severity: "P1",
      supports: stops,
      nextSteps: ["Check routes, NAT, VPC endpoints, security groups and DNS of the task's subnets."],
    };
  },
};

export const startupMisconfiguration: Detector = {
  cause: "startup-misconfiguration",
  detect: (view) => {
    const initialization = view.stops("initialization-failed");
    const crashed = view
      .stops("crashed", "exited-successfully")
      .filter((fact) => (fact.data.medianLifeSeconds ?? 0) < START_SECONDS);
    const words = view.logs("missing-configuration");
    const onlySettings =
      view.diff?.data.changes.every((change) => /environment|secret|command|ports/.test(change.what)) ??
      false;
    const rejected = view.stops("failed-health-check");
    if (onlySettings && rejected.length > 0 && view.blamedDeployment !== undefined) {
      return {
        confidence: 0.93,
        rootCause: `Tasks of ${view.blamedDeployment.data.taskDefinition} never become healthy; only its settings changed (${view.diff?.data.changes.map((change) => `${change.what}: ${change.before} to ${change.after}`).join("; ")}).`,
        severity: "P1",
        supports: [...rejected, view.diff, view.blamedDeployment],
        nextSteps: ["Restore the setting, or go back to the previous revision."],
      };
    }
    const changed = view.diff?.data.changes.find((change) =>
      /environment|secret|command|ports/.test(change.what),
    );
    if (initialization.length > 0) {
      return {
        confidence: 0.93,
        rootCause: `Tasks cannot be initialised: ${initialization[0]?.data.stoppedReason ?? "no reason given"}`,
        severity: "P1",
        supports: [...initialization, view.diff, view.blamedDeployment],
        nextSteps: [
          "Check the secrets, the execution role and the endpoints that the task definition names.",
        ],
      };
    }
    if (crashed.length === 0 || (changed === undefined && words.length === 0)) return undefined;
    if (rollbackRunning(view)) return "The failed deployment is being rolled back already.";
    return {
      confidence: words.length > 0 || onlySettings ? 0.93 : changed !== undefined ? 0.88 : 0.78,
      rootCause: `Tasks exit right after their start${changed ? ` since ${changed.what} changed from ${changed.before} to ${changed.after}` : ", and their last words speak of missing configuration"}.`,
      severity: "P1",
      supports: [...crashed, changed !== undefined ? view.diff : undefined, view.blamedDeployment, ...words],
      nextSteps: ["Restore the setting that the tasks miss, or go back to the previous revision."],
    };
  },
};

export const badDeploy: Detector = {
  cause: "bad-deploy",
  detect: (view) => {
    const deployment = view.failingDeployment ?? view.blamedDeployment;
    if (deployment === undefined) return undefined;
    if (rollbackRunning(view)) return "The failed deployment is being rolled back already.";
    const crashes = view
      .stops("crashed", "exited-successfully", "failed-health-check", "out-of-memory")
      .filter((fact) => fact.data.taskDefinition === deployment.data.taskDefinition);
    const errors = ifRaised(view.metric("errors-5xx"));
    const slower = ifRaised(view.metric("latency-p99")) ?? ifRaised(view.metric("latency-p50"));
    if (
      crashes.length === 0 &&
      view.failingDeployment === undefined &&
      errors === undefined &&
      slower === undefined
    ) {
      return "A deployment came before the onset, but its tasks neither fail nor err nor answer more slowly.";
    }
    if (view.trafficGrew && crashes.length === 0) return "Traffic grew at the same time.";
    const outside = callsChanged(view) === undefined ? dependencyText(view) : [];
    return {
      confidence:
        crashes.length > 0 || view.failingDeployment !== undefined ? 0.9 : outside.length > 0 ? 0.55 : 0.84,
      rootCause: `${deployment.data.taskDefinition} fails since its deployment${crashes.length > 0 ? `: ${crashes.reduce((sum, fact) => sum + fact.data.count, 0)} of its tasks stopped` : ""}${view.diff ? ` (changed: ${view.diff.data.changes.map((change) => change.what).join(", ")})` : ""}.`,
      severity: "P1",
      supports: [deployment, ...crashes, view.diff, errors, slower],
      against: outside,
      nextSteps: ["Go back to the previous revision, then read the diff."],
    };
  },
};

export const deployInProgress: Detector = {
  cause: "deploy-in-progress",
  detect: (view) => {
    const deployment = view.deploymentInProgress;
    if (deployment === undefined) return undefined;
    const back = rollbackRunning(view);
    if (deployment.data.failedTasks > 0 && !back) return "A deployment is running, but its tasks fail.";
    return {
      confidence: back ? 0.95 : 0.85,
      rootCause: `A deployment of ${deployment.data.taskDefinition} is running: ${deployment.data.running} of ${deployment.data.desired} of its tasks are up.`,
      severity: "P3",
      supports: [deployment],
      nextSteps: ["Wait for the deployment to end; the circuit breaker, if on, ends a bad one."],
    };
  },
};

export const desiredCountZero: Detector = {
  cause: "desired-count-zero",
  detect: (view) => {
    if (view.service?.data.desired !== 0) return undefined;
    return {
      confidence: 0.95,
      rootCause: "The service's desired count is 0: it is set to run nothing.",
      severity: "P1",
      supports: [view.service],
      nextSteps: ["Find out who set it to 0 (CloudTrail: UpdateService) and whether it was meant."],
    };
  },
};

export const capacityUnavailable: Detector = {
  cause: "capacity-unavailable",
  detect: (view) => {
    const events = view.events("placement-failure");
    const stops = view.stops("no-capacity", "capacity-reclaimed");
    if (events.length === 0 && stops.length === 0) return undefined;
    const short = (view.service?.data.running ?? 0) < (view.service?.data.desired ?? 0);
    if (!short) return "Tasks could not be placed for a while, but all desired tasks run now.";
    const starts = view.stops("crashed", "initialization-failed", "image-pull-failed");
    if (events.length === 0 && starts.length > 0)
      return "Capacity is found, but the tasks do not survive their start.";
    return {
      confidence: 0.93,
      rootCause: `ECS cannot place tasks: ${events[0]?.data.message ?? stops[0]?.data.stoppedReason ?? "no reason given"}`,
      severity: "P1",
      supports: [...events, ...stops, view.service],
      nextSteps: ["Check capacity providers, quotas, subnets' free addresses and container instances."],
    };
  },
};
