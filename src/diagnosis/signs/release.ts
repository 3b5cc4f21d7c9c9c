/** Signs of deployments: whether one can have caused the symptom, what it changed, and whether its tasks fail. */
import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { isFirstRevision } from "../change-ranking.ts";
import { callsChanged } from "../view/call-settings.ts";
import type { EvidenceView } from "../view/evidence-view.ts";
import { answersLate, errorsRaised } from "./failures.ts";
import { raised } from "./series.ts";
import { grade, type Reading, reading, type Sign } from "./sign.ts";

type Deployment = FactOf<"deployment">;

/** Seconds from a deployment to the onset: what it breaks mostly shows within the first, hardly ever after the second. */
const AT_ONCE_SECONDS = 15 * 60;
const LONG_AGO_SECONDS = 2 * 3600;

/** What a deployment counts that only restarted the same tasks: hardly anything changed. */
const FORCED = 0.3;

/** Seconds by which a deployment may seem to begin after the onset and still have come first. */
function resolution(view: EvidenceView): number {
  const found = factsOf(view.evidence, "metric").filter(
    ({ data }) => data.summary.onset === view.evidence.onset,
  );
  return Math.max(0, ...found.map(({ data }) => data.periodSeconds));
}

/** Returns how surely the deployment came shortly before the onset. */
function shortlyBefore({ data }: Deployment, view: EvidenceView): number {
  const seconds = data.secondsBeforeOnset;
  if (
    seconds === undefined ||
    isFirstRevision(data.taskDefinition) ||
    -seconds >= Math.max(1, resolution(view))
  )
    return 0;
  const near = grade(seconds, LONG_AGO_SECONDS, AT_ONCE_SECONDS);
  return data.forced === true && data.imageChanged !== true ? FORCED * near : near;
}

/** Returns the deployment that can best have caused the symptom, and how well. */
export function blamed(
  view: EvidenceView,
): { readonly fact: Deployment; readonly degree: number } | undefined {
  return view.deployments
    .map((fact) => ({ fact, degree: shortlyBefore(fact, view) }))
    .filter(({ degree }) => degree > 0)
    .sort((a, b) => b.degree - a.degree)[0];
}

export function releasedBefore(view: EvidenceView): Reading | undefined {
  if (view.unread("service")) return undefined;
  const one = blamed(view);
  if (one === undefined) return reading(0, [], { subject: "revision" });
  const { createdAt } = one.fact.data;
  return reading(one.degree, [one.fact], { subject: "revision", ...(createdAt ? { from: createdAt } : {}) });
}

/** Seconds after the onset at which a deployment clearly came later. */
const CLEARLY_AFTER_SECONDS = 240;

/** Whether the only deployment that fails or runs began after the onset: then it did not cause it. */
function releasedAfter(view: EvidenceView): Reading | undefined {
  const one = view.failingDeployment ?? view.deployments.find(({ data }) => data.inProgress);
  const seconds = one?.data.secondsBeforeOnset;
  if (one === undefined || seconds === undefined) return undefined;
  return reading(grade(-seconds - resolution(view), 0, CLEARLY_AFTER_SECONDS), [one]);
}

const BAD = ["crashed", "exited-successfully", "failed-health-check", "out-of-memory"] as const;

/** Whether tasks of the new revision stop badly, and hardly any of another: share of those stops that are its own. */
function revisionFails(view: EvidenceView): Reading | undefined {
  if (view.unread("tasks")) return undefined;
  const deployment = view.failingDeployment ?? blamed(view)?.fact;
  if (deployment === undefined || isFirstRevision(deployment.data.taskDefinition)) return reading(0);
  const stops = view.stops(...BAD);
  const own = stops.filter(({ data }) => data.taskDefinition === deployment.data.taskDefinition);
  const count = (facts: typeof stops) => facts.reduce((sum, { data }) => sum + data.count, 0);
  if (own.length === 0) {
    // ECS counts failed tasks that its list of stopped ones may have lost.
    const counted = deployment.data.failedTasks > 0 && stops.length === 0;
    return reading(counted ? 1 : 0, counted ? [deployment] : [], { subject: "revision" });
  }
  const share = grade(count(own) / count(stops), 0.3, 0.7);
  // What ECS itself counts as failed is the deployment's; what stops later is so the less, the later it began.
  const since = view.failingDeployment === undefined ? shortlyBefore(deployment, view) : 1;
  return reading(Math.min(share, since), [deployment, view.diff, ...own], { subject: "revision" });
}

/** Degree where only the slowest answers are later: a release mostly shows in more than a tail. */
const TAIL_ONLY = 0.75;

function failuresSince(view: EvidenceView): Reading | undefined {
  const before = releasedBefore(view);
  const tail = answersLate(view);
  const most = raised(view.metric("latency-p50"));
  const failures = [errorsRaised(view), most, tail && { ...tail, degree: TAIL_ONLY * tail.degree }].flatMap(
    (one) => one ?? [],
  );
  if (before === undefined || failures.length === 0) return undefined;
  const shown = failures.filter(({ degree }) => degree > 0);
  return reading(
    Math.min(before.degree, Math.max(0, ...shown.map(({ degree }) => degree))),
    [...before.facts, view.diff, ...shown.flatMap(({ facts }) => facts)],
    { subject: "revision" },
  );
}

/** True while ECS rolls back: a deployment has failed and another one is running. */
function rollingBack(view: EvidenceView): boolean {
  return view.failingDeployment?.data.rolloutState === "FAILED" && view.deploymentInProgress !== undefined;
}

/** The differences of the revision that can have caused the symptom; not known where none were read. */
function changesOf(view: EvidenceView): FactOf<"task-definition-diff"> | undefined {
  return factsOf(view.evidence, "task-definition-diff")[0];
}

const SETTINGS = /environment|secret|command|ports/;

function diffIs(view: EvidenceView, is: (whats: readonly string[]) => boolean): Reading | undefined {
  const diff = changesOf(view);
  if (diff === undefined) return undefined;
  const holds = is(diff.data.changes.map(({ what }) => what));
  return reading(holds ? 1 : 0, holds ? [diff] : [], { subject: "revision" });
}

/** Returns whether a release lowered a limit whose name matches; not known where changes could not be read. */
export function limitLowered(view: EvidenceView, limit: RegExp): Reading | undefined {
  if (view.unread("changes")) return undefined;
  const lowered = view.diff?.data.changes.some(
    ({ what, before, after }) => limit.test(what) && Number.parseFloat(after) < Number.parseFloat(before),
  );
  return reading(lowered ? 1 : 0, lowered ? [view.diff] : [], { subject: "revision" });
}

export const RELEASE_SIGNS = {
  "released-before": {
    what: "a deployment shortly before the onset",
    family: "release",
    read: releasedBefore,
  },
  "released-after": {
    what: "a deployment that began only after the onset",
    family: "release-order",
    read: releasedAfter,
  },
  "revision-fails": {
    what: "tasks of the new revision that fail",
    family: "revision",
    unexplained: 1.5,
    read: revisionFails,
  },
  "failures-since-release": {
    what: "errors or late answers since a deployment",
    family: "release",
    read: failuresSince,
  },
  "deployment-fails": {
    what: "a failing deployment",
    family: "progress",
    read: (view) => {
      if (view.unread("service")) return undefined;
      return reading(view.failingDeployment === undefined ? 0 : 1, [view.failingDeployment]);
    },
  },
  "rolling-back": {
    what: "a rollback under way",
    family: "progress",
    unexplained: 5,
    read: (view) => {
      const back = rollingBack(view);
      return reading(back ? 1 : 0, back ? [view.failingDeployment, view.deploymentInProgress] : []);
    },
  },
  "diff-empty": {
    what: "a deployment without any difference that was compared",
    family: "diff",
    read: (view) => diffIs(view, (whats) => whats.length === 0),
  },
  "diff-only-settings": {
    what: "a deployment that changed settings only",
    family: "diff",
    read: (view) => diffIs(view, (whats) => whats.length > 0 && whats.every((what) => SETTINGS.test(what))),
  },
  "diff-has-settings": {
    what: "a changed setting",
    family: "diff",
    read: (view) => diffIs(view, (whats) => whats.some((what) => SETTINGS.test(what))),
  },
  "check-changed": {
    what: "a changed health check or port",
    family: "diff",
    read: (view) => diffIs(view, (whats) => whats.some((what) => /health check|ports/.test(what))),
  },
  /** A setting about calls came or went with the release: the calls changed, not what they call. */
  "calls-changed": {
    what: "a changed setting about calls",
    family: "diff",
    read: (view) => {
      const diff = callsChanged(view);
      return changesOf(view) === undefined ? undefined : reading(diff === undefined ? 0 : 1, [diff]);
    },
  },
} as const satisfies Record<string, Sign>;
