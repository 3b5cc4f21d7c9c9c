/** Conditions on releases: whether one can be the cause, and whether going back would change anything. */
import { canHaveCaused, isFirstRevision } from "../../diagnosis/change-ranking.ts";
import type { Cause } from "../../domain/cause.ts";
import {
  type Evidence,
  type FactOf,
  factsOf,
  metricsOf,
  type StopClass,
  type TaskRole,
} from "../../domain/evidence.ts";
import { DEPLOYMENT_BLAME_SECONDS } from "../../domain/limits.ts";
import { isRaised } from "../../domain/metric-side.ts";
import { span } from "../../evidence/times.ts";
import { findSickTasks } from "../sick-tasks.ts";
import { type Condition, no, notKnown, partly, type Reading, yes } from "./condition.ts";

type Deployment = FactOf<"deployment">;

/** Until when a release is clearly, and perhaps, the cause of an onset that follows it, and by which stops of its own tasks. */
interface Blame {
  readonly soonSeconds: number;
  readonly slowlySeconds: number;
  readonly failures: ReadonlySet<StopClass>;
}

const FAILED_STARTS: readonly StopClass[] = [
  "image-pull-failed",
  "initialization-failed",
  "container-runtime-error",
  "crashed",
  "exited-successfully",
];

/** A fault of the revision itself may show slowly. */
const OF_ITSELF: Blame = {
  soonSeconds: DEPLOYMENT_BLAME_SECONDS,
  slowlySeconds: 2 * DEPLOYMENT_BLAME_SECONDS,
  failures: new Set([...FAILED_STARTS, "out-of-memory", "failed-health-check"]),
};

/** A release can have changed what is called; what is called can as well have failed by itself. */
const OF_CALLS: Blame = {
  soonSeconds: 15 * 60,
  slowlySeconds: 30 * 60,
  failures: new Set(FAILED_STARTS),
};

/** Judges by when the onset came; or by the release's own tasks where they fail, since no series' onset clears it. */
function released(trusted: Evidence, blame: Blame): Reading {
  const byOnset = onsetAfter(trusted, blame);
  if (byOnset.is === "yes") return byOnset;
  const [failing] = factsOf(trusted, "deployment")
    .filter((one) => ownTasksFail(one, trusted, blame.failures))
    .map(({ data }) => ({ name: data.taskDefinition, age: ageOf(data, trusted) }))
    .filter(({ age }) => age <= OF_ITSELF.slowlySeconds)
    .toSorted((one, other) => one.age - other.age);
  if (failing === undefined) return byOnset;
  const says = `tasks of ${failing.name}, deployed ${span(failing.age)} ago, fail`;
  return failing.age <= OF_ITSELF.soonSeconds ? yes(says) : partly(says);
}

function onsetAfter(trusted: Evidence, { soonSeconds, slowlySeconds }: Blame): Reading {
  const known = factsOf(trusted, "deployment").flatMap(({ data }) => data.secondsBeforeOnset ?? []);
  if (known.length === 0) return notKnown("when the last deployment began is not known");
  const seconds = Math.min(...known.filter((one) => one >= 0 || canHaveCaused(one, trusted)));
  if (!Number.isFinite(seconds)) return no("the deployments began after the onset");
  const says = `the onset follows a deployment by ${span(Math.max(0, seconds))}`;
  if (seconds <= soonSeconds) return yes(says);
  return seconds <= slowlySeconds ? partly(says) : no(says);
}

function ownTasksFail({ data }: Deployment, trusted: Evidence, failures: Blame["failures"]): boolean {
  const stopped = factsOf(trusted, "stopped-tasks").some(
    (stop) => failures.has(stop.data.class) && stop.data.taskDefinition === data.taskDefinition,
  );
  return data.failedTasks > 0 || data.rolloutState === "FAILED" || stopped;
}

/** Returns the age of a deployment in seconds; infinite where its start is not known. */
function ageOf(
  { createdAt, secondsBeforeOnset }: Deployment["data"],
  { onset, observedAt }: Evidence,
): number {
  const began =
    createdAt === undefined
      ? Date.parse(onset) - (secondsBeforeOnset ?? Number.POSITIVE_INFINITY) * 1000
      : Date.parse(createdAt);
  return Math.max(0, (Date.parse(observedAt) - began) / 1000);
}

export const releasedBefore: Condition = {
  name: "released-before",
  asks: "the onset follows a deployment by at most an hour, or tasks of a young deployment fail (a person decides up to two hours)",
  read: (trusted) => released(trusted, OF_ITSELF),
};

export const releasedJustBefore: Condition = {
  name: "released-just-before",
  asks: "the onset follows a deployment by at most 15 minutes (a person decides up to 30), or tasks of a young deployment fail at their start",
  read: (trusted) => released(trusted, OF_CALLS),
};

const ERRORS = ["errors-5xx", "elb-5xx"] as const;

/** Whole periods, and requests, of the released tasks alone, after which their calls are known to have worked. */
const SERVED_PERIODS = 3;
const SERVED_REQUESTS = 50;

export const servedWellFirst: Condition = {
  name: "served-well-first",
  asks: "the released tasks alone answered requests for three periods before anything failed (a person decides after one)",
  read: (trusted) => {
    const alone = aloneSince(trusted);
    const failing = ERRORS.flatMap((role) => metricsOf(trusted, role)).find(isRaised);
    const began = Date.parse(failing?.data.summary.onset ?? "");
    const [requests] = metricsOf(trusted, "requests");
    if (alone === undefined || requests === undefined || Number.isNaN(began)) {
      return notKnown("whether the released tasks served well at first is not measured");
    }
    const period = requests.data.periodSeconds * 1000;
    const served = requests.data.points.filter(([at]) => at >= alone && at + period <= began);
    const count = served.reduce((sum, [, value]) => sum + value, 0);
    if (served.length === 0)
      return no("the released tasks alone answered for no whole period before it failed");
    if (count < SERVED_REQUESTS) return notKnown("too few requests came before it failed to tell");
    const says = `the released tasks alone answered ${Math.round(count)} requests before anything failed`;
    return served.length >= SERVED_PERIODS ? yes(says) : partly(says);
  },
};

/** Returns since when only tasks of the newest release run, epoch milliseconds. */
function aloneSince(trusted: Evidence): number | undefined {
  const primary = factsOf(trusted, "deployment").find(({ data }) => data.status === "PRIMARY")?.data;
  const running = factsOf(trusted, "running-task").filter(({ data }) => data.lastStatus === "RUNNING");
  if (primary === undefined || running.length === 0) return undefined;
  if (running.some(({ data }) => data.taskDefinition !== primary.taskDefinition)) return undefined;
  const replaced = factsOf(trusted, "stopped-tasks").filter(
    ({ data }) => data.taskDefinition !== primary.taskDefinition,
  );
  const times = [
    ...running.map(({ data }) => Date.parse(data.startedAt ?? "")),
    ...replaced.map(({ data }) => Date.parse(data.lastAt ?? "")),
  ];
  const last = Math.max(...times);
  return Number.isNaN(last) ? undefined : last;
}

export const releaseDiffers: Condition = {
  name: "release-differs",
  asks: "the release changed something that is seen (a person decides where its images could not be compared)",
  read: (trusted) => {
    const primary = factsOf(trusted, "deployment").find(({ data }) => data.status === "PRIMARY")?.data;
    if (primary?.forced === true && primary.imageChanged === false) {
      return no(`${primary.taskDefinition} was deployed over itself with the same image`);
    }
    const [diff] = factsOf(trusted, "task-definition-diff");
    if (diff === undefined) return partly("what the release changed could not be compared");
    if (diff.data.changes.length > 0) return yes(`${diff.data.to} differs from ${diff.data.from}`);
    const says = `no difference of ${diff.data.to} and ${diff.data.from} is seen`;
    return diff.data.sameImages === true ? no(`${says}, nor of their images`) : partly(says);
  },
};

/** Returns releases that began within an hour before now or the onset; a first revision replaced nothing. */
function youngReleases(trusted: Evidence): Deployment[] {
  const observed = Date.parse(trusted.observedAt);
  return factsOf(trusted, "deployment").filter(({ data }) => {
    const age = (observed - Date.parse(data.createdAt ?? "")) / 1000;
    const young = age <= DEPLOYMENT_BLAME_SECONDS || canHaveCaused(data.secondsBeforeOnset, trusted);
    const same = data.forced === true && data.imageChanged !== true;
    return young && !same && !isFirstRevision(data.taskDefinition);
  });
}

export const releaseIsSuspect: Condition = {
  name: "release-is-suspect",
  asks: "every task of a revision that was just deployed is sick",
  read: (trusted, cause) => {
    const young = youngReleases(trusted).map(({ data }) => data.taskDefinition);
    if (young.length === 0) return no("no revision replaced another within the hour before");
    const running = factsOf(trusted, "running-task").filter(({ data }) => data.lastStatus === "RUNNING");
    const found = findSickTasks(trusted, cause, running);
    if (!found.ok) return notKnown("no running task is told to be sick");
    if (found.doubt !== undefined) return yes("which tasks of the young revision are sick is not told");
    const sick = new Set(found.tasks.map(({ taskId }) => taskId));
    const suspects = running.filter(({ data }) => young.includes(data.taskDefinition));
    if (!suspects.some(({ data }) => sick.has(data.taskId)))
      return no("the sick tasks are of an older revision");
    const well = suspects.filter(
      ({ data }) => !sick.has(data.taskId) && !showsTheSame(data.taskId, cause, trusted),
    ).length;
    return well > 0
      ? no(`${well} other tasks of the revision that was just deployed are well`)
      : yes("every task of the revision that was just deployed is sick");
  },
};

/** Whether a task that is not sick yet shows the same: its own series rises as well, or nothing measures it. */
function showsTheSame(taskId: string, cause: Cause, trusted: Evidence): boolean {
  const role = OWN_SERIES[cause];
  if (role === undefined) return false;
  const own = metricsOf(trusted, role).find(({ data }) => data.taskId === taskId);
  return own === undefined || isRaised(own);
}

const OWN_SERIES: Readonly<Partial<Record<Cause, TaskRole>>> = {
  "oom-kill": "task-memory",
  "memory-leak": "task-memory",
  "cpu-saturation": "task-cpu",
};

export const memoryLimitLowered: Condition = {
  name: "memory-limit-lowered",
  asks: "the memory limit was lowered, so that a fresh task has as little",
  read: (trusted) => {
    const lowered = factsOf(trusted, "task-definition-diff")
      .flatMap(({ data }) => data.changes)
      .find(
        ({ what, before, after }) =>
          /memory/.test(what) && Number.parseFloat(after) < Number.parseFloat(before),
      );
    return lowered === undefined
      ? no("no memory limit was lowered")
      : yes(`${lowered.what} was lowered from ${lowered.before} to ${lowered.after}`);
  },
};
