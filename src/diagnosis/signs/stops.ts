/** Signs of how tasks stopped: what ECS says ended them. */
import type { FactOf, StopClass } from "../../domain/evidence.ts";
import { isKilledForMemory } from "../../domain/stop-reasons.ts";
import { isFirstRevision } from "../change-ranking.ts";
import type { EvidenceView } from "../view/evidence-view.ts";
import { START_REFUSED, START_UNREACHABLE } from "../view/outside-words.ts";
import { grade, type Reading, reading, type Sign } from "./sign.ts";

type Stops = FactOf<"stopped-tasks">;

/** Stops that ended so long before the onset belong to it less and less. Milliseconds. */
const BELONGS_MS = 15 * 60_000;
const UNRELATED_MS = 45 * 60_000;
/** Of a stop without a time: ECS forgets stopped tasks after an hour, so it is hardly older. */
const UNDATED = 0.8;

/** Returns how much a stop belongs to the symptom: fully from shortly before its onset on. */
function relevance({ data }: Stops, { evidence }: EvidenceView): number {
  const before = Date.parse(evidence.onset) - Date.parse(data.lastAt ?? "");
  return Number.isNaN(before) ? UNDATED : grade(before, UNRELATED_MS, BELONGS_MS);
}

/** Returns whether tasks stopped like this; not known where tasks could not be read. */
export function stoppedLike(
  view: EvidenceView,
  fits: (fact: Stops) => number | boolean,
): Reading | undefined {
  if (view.unread("tasks")) return undefined;
  const graded = view.allStops
    .map((fact) => ({ fact, degree: Math.min(Number(fits(fact)), relevance(fact, view)) }))
    .filter(({ degree }) => degree > 0)
    .sort((a, b) => b.degree - a.degree);
  const [first] = graded;
  if (first === undefined) return reading(0);
  const { firstAt } = first.fact.data;
  return reading(
    first.degree,
    graded.map(({ fact }) => fact),
    firstAt === undefined ? {} : { from: firstAt },
  );
}

const is =
  (...classes: StopClass[]) =>
  ({ data }: Stops) =>
    classes.includes(data.class);

/** All words that ECS gives for a stop. */
function reasonOf({ data }: Stops): string {
  return `${data.stoppedReason ?? ""} ${data.containers.map(({ reason }) => reason ?? "").join(" ")}`;
}

/** Median lives in seconds: a task that ends within the first never worked, large runtimes need minutes to start. */
const START_SECONDS = 100;
const WORKED_SECONDS = 240;

/** Returns how surely the tasks ended right after their start. */
function endedAtStart({ data }: Stops): number {
  return data.medianLifeSeconds === undefined
    ? 0
    : grade(data.medianLifeSeconds, WORKED_SECONDS, START_SECONDS);
}

/** Whether most tasks of its revision have run longer than the one that ended: then its end is not the rule. */
function othersLive(view: EvidenceView, { data }: Stops): boolean {
  const older = view.runningTasks.filter(
    (task) =>
      task.data.taskDefinition === data.taskDefinition &&
      (task.data.ageSeconds ?? 0) > (data.medianLifeSeconds ?? 0),
  );
  return data.count === 1 && older.length > view.runningTasks.length / 2;
}

/** Kills of a revision that begin so long after its deployment are its own less and less. Milliseconds. */
const OWN_MS = 1.5 * 3_600_000;
const OLD_MS = 2.5 * 3_600_000;

/** Returns how surely the stops began with the deployment of their revision: what is old does not come back that soon. */
export function sinceItsDeployment(view: EvidenceView, { data }: Stops): number {
  const first = Date.parse(data.firstAt ?? data.lastAt ?? "");
  const ages = view.deployments
    .filter(
      ({ data: one }) => one.taskDefinition === data.taskDefinition && !isFirstRevision(one.taskDefinition),
    )
    .map(({ data: one }) => first - Date.parse(one.createdAt ?? ""))
    .filter((age) => age >= 0);
  return Math.max(0, ...ages.map((age) => grade(age, OLD_MS, OWN_MS)));
}

/** As {@link stoppedLike} of tasks that did not start, or what an event of ECS says of one. */
function notStarted(view: EvidenceView, classes: readonly StopClass[], reason = /./): Reading | undefined {
  const stops = stoppedLike(view, (fact) => is(...classes)(fact) && reason.test(reasonOf(fact)));
  const events = view.events("start-failure").filter(({ data }) => reason.test(data.message));
  if (stops === undefined || events.length === 0) return stops;
  return reading(1, [...stops.facts, ...events]);
}

/** Ends of tasks: the first may be chance, and what is no share of a large service is its daily noise. */
const ONE_END = 1;
const MANY_ENDS = 3;
const FEW_OF_ALL = 0.1;
const MANY_OF_ALL = 0.5;

/** How surely tasks end by themselves again and again, by what ended alike and by the size of the service. */
function crashesRepeat(view: EvidenceView, { data: own }: Stops): number {
  if (own.class !== "crashed" && own.class !== "exited-successfully") return 0;
  const alike = view.allStops.filter(
    ({ data }) => data.class === own.class && data.taskDefinition === own.taskDefinition,
  );
  const ends = alike.reduce((sum, { data }) => sum + data.count, 0);
  const share = ends / Math.max(1, view.service?.data.desired ?? 1);
  return Math.min(grade(ends, ONE_END, MANY_ENDS), grade(share, FEW_OF_ALL, MANY_OF_ALL));
}

const OUT_OF_MEMORY = is("out-of-memory");
const KILLED_AT_START = /OOM.?kill|out of memory|memory limit too low/i;
const CANNOT_START = /Cannot(?:Start|Create)Container/i;
const PORT_TAKEN = /address already in use|port is already allocated|EADDRINUSE/i;

export const STOP_SIGNS = {
  /** ECS says that a container went over its memory limit. */
  "oom-stop": {
    what: "a task killed for going over its memory limit",
    family: "stops",
    unexplained: 5,
    read: (view) => stoppedLike(view, OUT_OF_MEMORY),
  },
  /** A container was killed and its task goes on without it. */
  "oom-beside": {
    what: "a container killed for memory in tasks that run on",
    family: "stops",
    read: (view) => {
      if (view.unread("tasks")) return undefined;
      const sick = view.runningTasks.filter(({ data }) => data.ended?.some(isKilledForMemory));
      return reading(sick.length > 0 ? 1 : 0, sick, { subject: "task" });
    },
  },
  /** Tasks run out of memory right after their start, and not one among many that live on. */
  "oom-at-start": {
    what: "kills right after the start",
    family: "memory-limit",
    read: (view) =>
      stoppedLike(view, (fact) => (OUT_OF_MEMORY(fact) && !othersLive(view, fact) ? endedAtStart(fact) : 0)),
  },
  /** The kills began with the deployment of the revision that is killed. */
  "oom-since-release": {
    what: "kills that began with the deployment of their revision",
    family: "memory-limit",
    read: (view) => stoppedLike(view, (fact) => (OUT_OF_MEMORY(fact) ? sinceItsDeployment(view, fact) : 0)),
  },
  /** The runtime could not even begin the container within its limit. */
  "oom-at-container-start": {
    what: "a container that runs out of memory before it starts",
    family: "memory-limit",
    unexplained: 4,
    read: (view) =>
      stoppedLike(
        view,
        (fact) => is("container-runtime-error")(fact) && KILLED_AT_START.test(reasonOf(fact)),
      ),
  },
  "image-pull-stop": {
    what: "an image that cannot be pulled",
    family: "start",
    unexplained: 5,
    read: (view) => stoppedLike(view, is("image-pull-failed")),
  },
  /** ECS could not fetch what the task needs before its containers start. */
  "initialization-stop": {
    what: "tasks that cannot be initialised",
    family: "start",
    unexplained: 4,
    read: (view) => notStarted(view, ["initialization-failed"]),
  },
  "start-refused": {
    what: "a call refused while a task starts",
    family: "start",
    read: (view) => notStarted(view, ["initialization-failed"], START_REFUSED),
  },
  "start-unreachable": {
    what: "something out of reach while a task starts",
    family: "start",
    unexplained: 4,
    read: (view) => notStarted(view, ["initialization-failed", "image-pull-failed"], START_UNREACHABLE),
  },
  /** The host's container runtime refuses to start the container: command, port, limit or architecture. */
  "runtime-refuses": {
    what: "a container that the host cannot start",
    family: "start",
    unexplained: 3,
    read: (view) =>
      stoppedLike(
        view,
        (fact) =>
          is("container-runtime-error")(fact) &&
          CANNOT_START.test(reasonOf(fact)) &&
          !KILLED_AT_START.test(reasonOf(fact)),
      ),
  },
  /** The application ends by itself right after its start. */
  "exits-at-start": {
    what: "tasks that exit right after their start",
    family: "start",
    unexplained: 1,
    read: (view) =>
      stoppedLike(view, (fact) => (is("crashed", "exited-successfully")(fact) ? endedAtStart(fact) : 0)),
  },
  /** The application ends by itself after it has worked. */
  "exits-later": {
    what: "tasks that exit after they worked",
    family: "start",
    read: (view) =>
      stoppedLike(view, (fact) => (is("crashed", "exited-successfully")(fact) ? 1 - endedAtStart(fact) : 0)),
  },
  /** The application ends by itself again and again: one end may be chance. */
  "crashes-repeat": {
    what: "tasks that exit again and again",
    family: "crashes",
    read: (view) => stoppedLike(view, (fact) => crashesRepeat(view, fact)),
  },
  "port-in-use-stop": {
    what: "a port in use in a stop reason",
    family: "start",
    unexplained: 3,
    read: (view) => stoppedLike(view, (fact) => PORT_TAKEN.test(reasonOf(fact))),
  },
  "disk-stop": {
    what: "a task stopped for a full disk",
    family: "disk",
    unexplained: 4,
    read: (view) => stoppedLike(view, is("disk-full")),
  },
  /** ECS replaces tasks for failed health checks. */
  "health-check-stop": {
    what: "tasks replaced for failed health checks",
    family: "health",
    read: (view) => stoppedLike(view, is("failed-health-check")),
  },
  /** ECS replaces them again and again: another restart cures nothing. */
  "health-check-stops-repeat": {
    what: "tasks replaced for failed health checks again and again",
    family: "health-check",
    read: (view) =>
      stoppedLike(view, (fact) => is("failed-health-check")(fact) && fact.data.count >= REPEATED),
  },
  /** The replacements fail before they can have worked. */
  "health-check-stops-early": {
    what: "replacements that fail their health checks from the start",
    family: "health-check",
    read: (view) =>
      stoppedLike(view, (fact) =>
        is("failed-health-check")(fact) && fact.data.count >= REPEATED
          ? grade(fact.data.medianLifeSeconds ?? Number.POSITIVE_INFINITY, OLD_TASK_SECONDS, NEW_TASK_SECONDS)
          : 0,
      ),
  },
} as const satisfies Record<string, Sign>;

/** ECS replaced tasks this often and the failure came back. */
const REPEATED = 2;

/** Lives in seconds: a replacement that fails within the first never worked, one that lives longer than the second did. */
const NEW_TASK_SECONDS = 480;
const OLD_TASK_SECONDS = 900;
