import type { FactOf } from "../../domain/evidence.ts";
import { DEPLOYMENT_BLAME_SECONDS } from "../../domain/limits.ts";
import { isAboveThreshold, isRaised } from "../../domain/metric-side.ts";
import { amount, clock } from "../../evidence/times.ts";
import { isFirstRevision } from "../change-ranking.ts";
import { dependencyText } from "./dependency-detectors.ts";
import type { Detector } from "./detector.ts";
import {
  besideLoad,
  type EvidenceView,
  HIGH_MEMORY_PERCENT,
  ifRaised,
  levelledOff,
  othersText,
  percent,
  periodsBefore,
  whereItIs,
} from "./evidence-view.ts";

/** A task that runs out of memory within this time of its start will do so again after a restart. */
const SHORT_LIFE_SECONDS = 120;

function memoryLimitLowered(view: EvidenceView): FactOf<"task-definition-diff"> | undefined {
  const lowered = view.diff?.data.changes.some(
    (change) =>
      /memory/.test(change.what) && Number.parseFloat(change.after) < Number.parseFloat(change.before),
  );
  return lowered ? view.diff : undefined;
}

/** Kills that begin within this time of a deployment, on its revision alone, are caused by the revision. */
const REVISION_BLAME_MS = 2 * 3_600_000;

/**
 * Returns the deployment after which the kills began; an existing leak does not reappear that soon in a new revision.
 */
function guiltyDeployment(
  view: EvidenceView,
  kill: FactOf<"stopped-tasks">,
): FactOf<"deployment"> | undefined {
  if (view.blamedDeployment?.data.taskDefinition === kill.data.taskDefinition) return view.blamedDeployment;
  const first = Date.parse(kill.data.firstAt ?? "");
  return view.deployments.find((deployment) => {
    const after = first - Date.parse(deployment.data.createdAt ?? "");
    const { taskDefinition } = deployment.data;
    const isNew = taskDefinition === kill.data.taskDefinition && !isFirstRevision(taskDefinition);
    return isNew && after >= 0 && after <= REVISION_BLAME_MS;
  });
}

/** Settings that raise the application's memory use: heap sizes, worker counts, caches. */
const APPETITE = /Xmx|heap|max.old.space|workers?|concurrency|cache.?size|memory/i;

/** One kill, while most tasks of its revision have run longer than the killed one: the limit itself is not too low. */
function othersLive(view: EvidenceView, kill: FactOf<"stopped-tasks">): boolean {
  const { count, medianLifeSeconds = 0, taskDefinition } = kill.data;
  const older = view.runningTasks.filter(
    (task) => task.data.taskDefinition === taskDefinition && (task.data.ageSeconds ?? 0) > medianLifeSeconds,
  );
  return count === 1 && older.length > view.runningTasks.length / 2;
}

export const oomKill: Detector = {
  cause: "oom-kill",
  detect: (view) => {
    const kills = view.stops("out-of-memory");
    const [kill] = kills;
    if (kill === undefined) {
      const killed = view.stops("killed-after-stop-timeout")[0];
      return killed === undefined
        ? undefined
        : "Exit code 137 came from a stop that timed out, not from memory.";
    }
    const lowered = memoryLimitLowered(view);
    const shortLived =
      (kill.data.medianLifeSeconds ?? Number.POSITIVE_INFINITY) < SHORT_LIFE_SECONDS &&
      !othersLive(view, kill);
    const fresh = guiltyDeployment(view, kill);
    const count = kills.reduce((sum, fact) => sum + fact.data.count, 0);
    return {
      confidence: lowered ? 0.55 : fresh ? 0.6 : shortLived ? 0.7 : 0.93,
      rootCause: `${count} task${count === 1 ? " was" : "s were"} killed for going over the memory limit, the last at ${clock(kill.data.lastAt ?? view.evidence.onset)}.`,
      action: "restart",
      severity: "P2",
      supports: [...kills, view.metric("memory")],
      against: [lowered, shortLived ? kill : undefined, fresh],
      nextSteps: [
        "Find what holds the memory (heap profile of a task that is a few hours old).",
        "Raise the memory limit if the working set is legitimate.",
      ],
    };
  },
};

/**
 * Returns the deployment since which every task's memory rises, where it did not before: each restarted task of its
 * revision would rise again.
 */
function leakingRelease(
  view: EvidenceView,
  memory: FactOf<"metric">,
  climbing: readonly FactOf<"metric">[],
): FactOf<"deployment"> | undefined {
  const deployment = view.blamedDeployment;
  const began = Date.parse(deployment?.data.createdAt ?? "");
  const everyTask =
    view.runningTasks.every((task) => task.data.taskDefinition === deployment?.data.taskDefinition) &&
    climbing.length === view.metrics("task-memory").length;
  if (deployment === undefined || !everyTask || deployment.data.forced === true || view.trafficGrew)
    return undefined;
  const { baseline, current } = memory.data.summary;
  const halfWay = baseline + (current - baseline) / 2;
  const before = memory.data.points.filter(([at]) => at < began);
  return before.length > 0 && before.every(([, value]) => value < halfWay) ? deployment : undefined;
}

/**
 * Returns a deployment so recent that it may cause whatever every task does, even if the series cannot show that
 * memory was lower before: then nothing is restarted.
 */
function youngRelease(view: EvidenceView): FactOf<"deployment"> | undefined {
  const observed = Date.parse(view.evidence.observedAt);
  return view.deployments.find(({ data }) => {
    const age = (observed - Date.parse(data.createdAt ?? "")) / 1000;
    return age <= DEPLOYMENT_BLAME_SECONDS && !isFirstRevision(data.taskDefinition) && data.forced !== true;
  });
}

function isHigh(fact: FactOf<"metric">): boolean {
  return fact.data.summary.current > HIGH_MEMORY_PERCENT;
}

export const memoryLeak: Detector = {
  cause: "memory-leak",
  detect: (view) => {
    const memory = view.metric("memory");
    const perTask = view.metrics("task-memory");
    const climbing = perTask.filter(
      (fact) =>
        (isRaised(fact) && fact.data.summary.shape !== "spike") ||
        // A leak of many hours fills the window; only the comparison with sibling tasks shows the outlier.
        (fact.data.amongTasks?.position === "above" && isHigh(fact)),
    );
    const high =
      memory !== undefined && (isAboveThreshold(memory) || memory.data.summary.current > HIGH_MEMORY_PERCENT);
    if (memory === undefined || (!isRaised(memory) && climbing.length === 0)) {
      return memory === undefined ? undefined : `Memory ${whereItIs(memory)}.`;
    }
    if (!high && memory.data.summary.shape === "spike") return "Memory only spiked and came back.";
    if (!high) {
      const now = percent(memory.data.summary.current);
      return isRaised(memory)
        ? `Memory rose, but only to ${now}.`
        : `Memory of ${climbing[0]?.data.label ?? "a task"} rose, but the service's is only at ${now}.`;
    }
    const grown = climbing.length > 0 ? climbing : [memory];
    if (grown.every((fact) => levelledOff(fact) && !isHigh(fact))) {
      return `Memory rose, and has been level since: ${grown[0]?.data.label} at ${percent(grown[0]?.data.summary.current ?? 0)}.`;
    }
    const oneOfMany = climbing.length > 0 && climbing.length < perTask.length;
    const explainedByLoad = view.trafficGrew && !oneOfMany;
    if (memoryLimitLowered(view) !== undefined && view.blamedDeployment !== undefined && !oneOfMany) {
      return "Memory rose when a deployment lowered the limit.";
    }
    // Requests that wait for a dependency accumulate in memory, which then follows the failures.
    const errors = ifRaised(view.metric("errors-5xx")) ?? ifRaised(view.metric("latency-p50"));
    const waiting =
      !oneOfMany && dependencyText(view).length > 0 && (periodsBefore(errors, memory) ?? -1) >= 0;
    const kill = view.stops("out-of-memory")[0];
    const revision = kill === undefined ? undefined : guiltyDeployment(view, kill);
    const release = oneOfMany ? undefined : leakingRelease(view, memory, climbing);
    const young = oneOfMany || release !== undefined ? undefined : youngRelease(view);
    const worst = climbing.toSorted((a, b) => b.data.summary.current - a.data.summary.current)[0] ?? memory;
    return {
      confidence: explainedByLoad
        ? 0.5
        : waiting || revision !== undefined || young !== undefined
          ? 0.6
          : oneOfMany
            ? 0.93
            : perTask.length > 0
              ? 0.88
              : 0.85,
      rootCause: `Memory climbs${besideLoad(view, " without load to explain it")}: ${worst.data.label} went from ${percent(worst.data.summary.baseline)} to ${percent(worst.data.summary.max)} since ${clock(worst.data.summary.onset ?? view.evidence.onset)}${oneOfMany ? `; ${othersText(perTask.filter((fact) => !climbing.includes(fact)))}` : ""}${release ? `, in every task since the deployment of ${release.data.taskDefinition}` : ""}.`,
      action: release === undefined ? "restart" : "rollback",
      severity: "P2",
      supports: [
        memory,
        ...climbing,
        release,
        release && view.diff,
        view.alarmMetric?.data.label === memory.data.label ? view.alarmMetric : undefined,
      ],
      against: [explainedByLoad ? view.metric("requests") : undefined, revision, young],
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
  },
};

export const memoryLimitTooLow: Detector = {
  cause: "memory-limit-too-low",
  detect: (view) => {
    const kills = view.stops("out-of-memory");
    const lowered = memoryLimitLowered(view);
    const memory = ifRaised(view.metric("memory"));
    const deployment = view.blamedDeployment;
    const [kill] = kills;
    const change = view.diff?.data.changes.find((one) => /memory/.test(one.what) && lowered !== undefined);
    if (
      lowered !== undefined &&
      change !== undefined &&
      (kills.length > 0 || (memory !== undefined && deployment !== undefined))
    ) {
      return {
        confidence: 0.93,
        rootCause: `The memory limit was lowered (${change.what}: ${change.before} to ${change.after}) and ${kills.length > 0 ? "tasks are now killed for going over it" : "the same use now fills it"}.`,
        action: "rollback",
        severity: "P1",
        supports: [...kills, lowered, deployment, memory],
        nextSteps: ["Go back to the revision with the larger limit."],
      };
    }
    if (kill === undefined) return undefined;
    const hungrier = view.diff?.data.changes.find((one) =>
      APPETITE.test(`${one.what} ${one.before} ${one.after}`),
    );
    const guilty = guiltyDeployment(view, kill);
    if (hungrier !== undefined && guilty !== undefined) {
      return {
        confidence: 0.9,
        rootCause: `Since ${kill.data.taskDefinition} (${hungrier.what}: ${hungrier.before} to ${hungrier.after}) tasks take more memory than their unchanged limit allows.`,
        action: "rollback",
        severity: "P1",
        supports: [...kills, view.diff, guilty],
        nextSteps: ["Go back, or raise the limit together with the setting."],
      };
    }
    const life = kill.data.medianLifeSeconds;
    if (life === undefined || life >= SHORT_LIFE_SECONDS)
      return "The memory limit did not change before the onset.";
    if (othersLive(view, kill)) return "Other tasks of the same revision live on within the same limit.";
    return {
      confidence: 0.75,
      rootCause: `Tasks go over the memory limit within ${amount(life)} s of their start: the limit is below what the application needs.`,
      action: "none",
      severity: "P1",
      supports: kills,
      nextSteps: ["Raise the memory limit, or go back to the revision that started within it."],
    };
  },
};
