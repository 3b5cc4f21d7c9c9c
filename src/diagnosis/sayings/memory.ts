import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { isRaised } from "../../domain/metric-side.ts";
import { isKilledForMemory } from "../../domain/stop-reasons.ts";
import { amount, clock, span } from "../../evidence/times.ts";
import { proposeAction } from "../../remediation/judge-remedy.ts";
import { besideLoad, type EvidenceView, othersText, percent } from "../view/evidence-view.ts";
import { named, type Say } from "./said.ts";

type Kill = FactOf<"stopped-tasks">;

/** The containers that the kernel killed; the one that ended the task, where that can be told. */
function killedOf({ data: { containers, endedBy } }: Kill) {
  const killed = containers.filter(
    ({ name, reason, declared }) =>
      /OutOfMemory/i.test(reason ?? "") && (declared !== false || name === endedBy),
  );
  return killed.some(({ name }) => name === endedBy) ? killed.filter(({ name }) => name === endedBy) : killed;
}

/** Whose memory it was: the container, the revision, and the limit. */
function whose(kill: Kill): string {
  const killed = killedOf(kill);
  const [one] = killed;
  const container = one === undefined ? "" : `container ${named(killed.map(({ name }) => name))} of `;
  const limit =
    one?.memoryLimitMiB === undefined || killed.length > 1
      ? ""
      : `, limit${one.limitOf === "task" ? " of the whole task" : ""} ${one.memoryLimitMiB} MiB`;
  return `${container}${kill.data.taskDefinition}${limit}`;
}

/** The name of the killed container where it only helps the application; then that one's heap is not the question. */
function killedSidecar(kill: Kill): string | undefined {
  const killed = killedOf(kill);
  return killed.length > 0 && killed.every(({ sidecar }) => sidecar === true)
    ? named(killed.map(({ name }) => name))
    : undefined;
}

/** A container that was killed while its task runs on: who, in how many tasks. */
const killedBeside: Say = (view) => {
  const sick = view.runningTasks.filter(({ data }) => data.ended?.some(isKilledForMemory));
  const [first] = sick;
  const killed = first?.data.ended?.find(isKilledForMemory);
  if (first === undefined || killed === undefined) return undefined;
  const limit = killed.memoryLimitMiB === undefined ? "" : ` (${killed.memoryLimitMiB} MiB)`;
  return {
    rootCause: `Container ${killed.name} of ${first.data.taskDefinition} was killed for going over its memory limit${limit} in ${sick.length} of ${view.runningTasks.length} running tasks, which go on without it.`,
    severity: "P3",
    nextSteps: [
      `Raise the memory limit of container ${killed.name}, or run the version of its image that needed less.`,
      `What container ${killed.name} does (metrics, logs, a proxy) is missing until its task is replaced; a restart policy of the container starts it again.`,
    ],
  };
};

export const oomKill: Say = (view) => {
  const kills = view.stops("out-of-memory");
  const [kill] = kills;
  if (kill === undefined) return killedBeside(view);
  const count = kills.reduce((sum, fact) => sum + fact.data.count, 0);
  const life = kill.data.medianLifeSeconds;
  const lived = life === undefined ? "" : `, after running for ${span(life)}`;
  const last = kill.data.lastAt === undefined ? "" : `, the last at ${clock(kill.data.lastAt)}`;
  const sidecar = killedSidecar(kill);
  return {
    rootCause: `${count} task${count === 1 ? " was" : "s were"} killed for going over the memory limit (${whose(kill)})${last}${lived}.`,
    severity: "P2",
    nextSteps:
      sidecar === undefined
        ? [
            "Find what holds the memory (heap profile of a task that is a few hours old).",
            "Raise the memory limit if the working set is legitimate.",
          ]
        : [
            `Raise the memory limit of container ${sidecar}, or run the version of its image that needed less: it stands beside the application, and the task ends with it.`,
            `Make container ${sidecar} not essential, if the service can work without it.`,
          ],
  };
};

/** How memory moved; a climb is said only where the series is one. */
function movedBy({ data: { summary } }: FactOf<"metric">): string {
  return summary.shape === "ramp" ? "Memory climbs" : "Memory rose at once and stays up";
}

export const memoryLeak: Say = (view) => {
  const memory = view.metric("memory");
  const perTask = view.metrics("task-memory");
  const raised = perTask.filter((fact) => isRaised(fact) && fact.data.summary.shape !== "spike");
  const [worst = memory] = raised.toSorted((a, b) => b.data.summary.current - a.data.summary.current);
  if (worst === undefined) return undefined;
  const { baseline, max, onset } = worst.data.summary;
  const others = perTask.filter((fact) => !raised.includes(fact));
  const beside = raised.length > 0 && others.length > 0 ? `; ${othersText(others)}` : "";
  const back = proposeAction("memory-leak", view.evidence) === "rollback";
  const release = back ? view.blamedDeployment?.data.taskDefinition : undefined;
  const since = release === undefined ? "" : `, in every task since the deployment of ${release}`;
  const told = isRaised(worst)
    ? `${movedBy(worst)}${besideLoad(view, " without load to explain it")}: ${worst.data.label} went from ${percent(baseline)} to ${percent(max)} since ${clock(onset ?? view.evidence.onset)}`
    : `Memory is high: ${worst.data.label} is at ${percent(worst.data.summary.current)}`;
  return {
    rootCause: `${told}${beside}${since}.`,
    severity: "P2",
    missing:
      perTask.length === 0
        ? ["Per-task memory (Container Insights with enhanced observability is off)."]
        : [],
    nextSteps: [
      release === undefined
        ? "A restart treats the symptom: find what grows (heap profile, caches without a bound)."
        : "Go back to the revision before; a restarted task of this one would climb again.",
      "Alarm on the slope of memory, so that the next leak is seen earlier.",
    ],
  };
};

/** Settings that raise the application's memory use: heap sizes, worker counts, caches. */
const APPETITE = /Xmx|heap|max.old.space|workers?|concurrency|cache.?size|memory/i;

/** The change after which tasks have too little: of the limit, or of a setting that takes memory. */
function changeOf({ evidence }: EvidenceView) {
  const changes = factsOf(evidence, "task-definition-diff").flatMap(({ data }) => data.changes);
  const lowered = changes.find(
    ({ what, before, after }) => /memory/.test(what) && Number.parseFloat(after) < Number.parseFloat(before),
  );
  const hungrier = changes.find(({ what, before, after }) => APPETITE.test(`${what} ${before} ${after}`));
  return { lowered, hungrier };
}

function sidecarOr(kill: Kill, application: string): string {
  const sidecar = killedSidecar(kill);
  return sidecar === undefined ? application : `container ${sidecar}`;
}

export const memoryLimitTooLow: Say = (view) => {
  const [kill] = view.stops("out-of-memory");
  const { lowered, hungrier } = changeOf(view);
  if (lowered !== undefined) {
    const effect =
      kill === undefined
        ? "the same use now fills it"
        : `tasks of ${whose(kill)} are now killed for going over it`;
    return {
      rootCause: `The memory limit was lowered (${lowered.what}: ${lowered.before} to ${lowered.after}) and ${effect}.`,
      severity: "P1",
      nextSteps: ["Go back to the revision with the larger limit."],
    };
  }
  if (kill === undefined) return undefined;
  if (hungrier !== undefined) {
    return {
      rootCause: `Since ${kill.data.taskDefinition} (${hungrier.what}: ${hungrier.before} to ${hungrier.after}) tasks take more memory than their unchanged limit allows.`,
      severity: "P1",
      nextSteps: ["Go back, or raise the limit together with the setting."],
    };
  }
  const life = kill.data.medianLifeSeconds;
  const soon = life === undefined ? "" : ` within ${amount(life)} s of their start`;
  return {
    rootCause: `Tasks of ${whose(kill)} go over the memory limit${soon}: the limit is below what ${sidecarOr(kill, "the application")} needs.`,
    severity: "P1",
    nextSteps: ["Raise the memory limit, or go back to the revision that started within it."],
  };
};
