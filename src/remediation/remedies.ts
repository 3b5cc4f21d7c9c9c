/**
 * The one table of remedies: which trusted facts support a cause, which actions can cure it, and what must be known
 * before each. Gates, `policy explain`, `doctor`, the prompt and docs/guardrails.md read it.
 */
import type { Action, Cause } from "../domain/cause.ts";
import type { Fact } from "../domain/evidence.ts";
import type { Condition } from "./conditions/condition.ts";
import { fewerTasksThanUsual, moreTasksThanUsual } from "./conditions/count.ts";
import { climbsSinceRelease, growsWithAge } from "./conditions/leak.ts";
import {
  autoscalingAdds,
  loadCameFirst,
  loadGrew,
  setToNothing,
  suffers,
  tasksFindRoom,
} from "./conditions/load.ts";
import {
  memoryLimitLowered,
  releaseDiffers,
  releasedBefore,
  releasedJustBefore,
  releaseIsSuspect,
  servedWellFirst,
} from "./conditions/release.ts";
import {
  freshTaskLasts,
  mostAnswersSlow,
  oneTaskIsHot,
  othersAreWell,
  replacedInVain,
} from "./conditions/tasks.ts";
import {
  any,
  definitionChanged,
  deploying,
  diskFull,
  errorsRaised,
  failingDeployment,
  lowered,
  never,
  raised,
  type Support,
  setToNone,
  stopped,
  unhealthy,
  unplaced,
} from "./support.ts";
import { mayJustify } from "./trusted.ts";

export type ChangingAction = Exclude<Action, "none">;

/** One action for one cause. */
export interface Remedy {
  /** `ask`: a person decides, whatever the mode. */
  readonly at: "most" | "ask";
  /** Each must be known and so. What is partly so makes it a question; what is not known refuses. */
  readonly only: readonly Condition[];
  /** None may be so. What is partly so makes it a question; what a service has no reading of does not count. */
  readonly unless: readonly Condition[];
  /** False: a model or a person may want it, and the table proposes none of it, since a release and a restart are both plausible. */
  readonly proposed: boolean;
}

interface Row {
  /** Whether one trusted fact supports the cause. */
  readonly supports: Support;
  /** In the order in which they are proposed; an action that is not listed is refused. */
  readonly remedies: Readonly<Partial<Record<ChangingAction, Remedy>>>;
}

const remedy = (only: readonly Condition[], unless: readonly Condition[] = []): Remedy => ({
  at: "most",
  only,
  unless,
  proposed: true,
});
const question = (only: readonly Condition[], unless: readonly Condition[] = []): Remedy => ({
  ...remedy(only, unless),
  at: "ask",
});

/** What the release itself does wrong. */
const goBack = remedy([releasedBefore, releaseDiffers]);
/** Of a task's own state, which a release may have brought about. */
const mayGoBack: Remedy = { ...goBack, proposed: false };
/** What may have failed by itself, while a release can have changed how it is used. */
const goBackSoon = remedy([releasedJustBefore, releaseDiffers], [servedWellFirst]);

const outside = { rollback: goBackSoon };
const untouchable: Row = { supports: never, remedies: {} };

export const REMEDIES: Readonly<Record<Cause, Row>> = {
  "oom-kill": {
    supports: stopped("out-of-memory"),
    remedies: {
      restart: remedy([freshTaskLasts], [releaseIsSuspect, memoryLimitLowered]),
      rollback: mayGoBack,
    },
  },
  "memory-leak": {
    supports: any(raised("memory", "task-memory"), stopped("out-of-memory")),
    remedies: {
      restart: remedy([], [releaseIsSuspect]),
      rollback: remedy([releasedBefore, releaseDiffers, climbsSinceRelease], [loadGrew]),
    },
  },
  "connection-leak": {
    supports: any(errorsRaised, unhealthy, raised("unhealthy-hosts")),
    remedies: {
      restart: remedy([growsWithAge], [loadGrew, moreTasksThanUsual, releaseIsSuspect]),
      rollback: mayGoBack,
    },
  },
  "hung-task": {
    supports: any(unhealthy, raised("unhealthy-hosts")),
    remedies: {
      restart: remedy([othersAreWell], [replacedInVain, mostAnswersSlow, releaseIsSuspect]),
      rollback: mayGoBack,
    },
  },
  "disk-full": {
    supports: any(stopped("disk-full"), unhealthy, diskFull, raised("task-disk"), errorsRaised),
    remedies: { restart: remedy([], [releaseIsSuspect]), rollback: mayGoBack },
  },
  "traffic-spike": {
    supports: raised("requests"),
    remedies: {
      scale: remedy([loadGrew, suffers, loadCameFirst, tasksFindRoom], [oneTaskIsHot, autoscalingAdds]),
    },
  },
  "traffic-loss": { supports: lowered("requests"), remedies: {} },
  "cpu-saturation": {
    supports: raised("cpu", "task-cpu"),
    remedies: {
      rollback: goBack,
      restart: remedy([oneTaskIsHot], [releaseIsSuspect, loadGrew]),
      scale: question([fewerTasksThanUsual, suffers, tasksFindRoom], [oneTaskIsHot, autoscalingAdds]),
    },
  },
  "bad-deploy": {
    supports: any(
      failingDeployment,
      definitionChanged,
      stopped("crashed", "exited-successfully", "failed-health-check"),
      errorsRaised,
    ),
    remedies: { rollback: goBack },
  },
  "memory-limit-too-low": {
    supports: any(stopped("out-of-memory"), definitionChanged),
    remedies: { rollback: goBack },
  },
  "image-pull-failure": { supports: stopped("image-pull-failed"), remedies: { rollback: goBack } },
  "startup-misconfiguration": {
    supports: any(stopped("initialization-failed", "crashed", "exited-successfully"), definitionChanged),
    remedies: { rollback: goBack },
  },
  "health-check-misconfigured": {
    supports: any(unhealthy, raised("unhealthy-hosts"), stopped("failed-health-check")),
    remedies: { rollback: goBack },
  },
  // ECS restarts what ends, and what ends again is not mended by one more start.
  "crash-loop": { supports: stopped("crashed", "exited-successfully"), remedies: { rollback: mayGoBack } },
  "dependency-down": { supports: errorsRaised, remedies: outside },
  "dependency-throttled": { supports: errorsRaised, remedies: outside },
  "retry-storm": { supports: raised("requests"), remedies: outside },
  "network-failure": {
    supports: any(errorsRaised, unhealthy, stopped("initialization-failed", "image-pull-failed")),
    remedies: outside,
  },
  "permission-denied": {
    supports: any(errorsRaised, stopped("initialization-failed", "image-pull-failed")),
    remedies: outside,
  },
  "certificate-expired": { supports: errorsRaised, remedies: outside },
  "capacity-unavailable": {
    supports: any(unplaced, stopped("no-capacity", "capacity-reclaimed")),
    remedies: outside,
  },
  "desired-count-zero": {
    supports: setToNone,
    remedies: { scale: question([setToNothing]) },
  },
  "deploy-in-progress": { supports: deploying, remedies: {} },
  "no-fault": untouchable,
  unknown: untouchable,
};

function rowOf(cause: Cause): Row {
  return Object.hasOwn(REMEDIES, cause) ? REMEDIES[cause] : untouchable;
}

/** Returns the remedy; undefined where the action does not cure the cause, or one of them is none that is known. */
export function remedyFor(cause: Cause, action: Action): Remedy | undefined {
  const { remedies } = rowOf(cause);
  return action !== "none" && Object.hasOwn(remedies, action) ? remedies[action] : undefined;
}

/** Returns the actions that can cure the cause, in the order in which they are proposed. */
export function remediesOf(cause: Cause): ChangingAction[] {
  return Object.keys(rowOf(cause).remedies) as ChangingAction[];
}

/** Returns true where only a release just before could make an action of any use. */
export function isOutsideFault(cause: Cause): boolean {
  return Object.values(rowOf(cause).remedies).every((one) => one === goBackSoon);
}

/** Returns true when the fact by itself supports the cause, cannot be written from outside and is about the service. */
export function supportsCause(cause: Cause, fact: Fact): boolean {
  return mayJustify(fact) && rowOf(cause).supports(fact);
}
