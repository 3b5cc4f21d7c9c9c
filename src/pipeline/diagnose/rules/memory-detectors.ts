import type { FactOf } from "../../../domain/evidence.ts";
import { amount, clock } from "../../observe/times.ts";
import type { Detector } from "./detector.ts";
import { type EvidenceView, isUp, percent } from "./evidence-view.ts";

/** A task that is out of memory within this time of its start will be again after a restart. */
const SHORT_LIFE_SECONDS = 120;

/** Memory above this share of the limit is worth a leak's name even without an alarm threshold. */
const HIGH_MEMORY_PERCENT = 75;

function memoryLimitLowered(view: EvidenceView): FactOf<"task-definition-diff"> | undefined {
  const lowered = view.diff?.data.changes.some(
    (change) =>
      /memory/.test(change.what) && Number.parseFloat(change.after) < Number.parseFloat(change.before),
  );
  return lowered ? view.diff : undefined;
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
    const shortLived = (kill.data.medianLifeSeconds ?? Number.POSITIVE_INFINITY) < SHORT_LIFE_SECONDS;
    const count = kills.reduce((sum, fact) => sum + fact.data.count, 0);
    return {
      confidence: lowered ? 0.55 : shortLived ? 0.7 : 0.93,
      rootCause: `${count} task${count === 1 ? " was" : "s were"} killed for going over the memory limit, the last at ${clock(kill.data.lastAt ?? view.evidence.onset)}.`,
      action: "restart",
      severity: "P2",
      supports: [...kills, view.metric("memory")],
      against: [lowered, shortLived ? kill : undefined],
      nextSteps: [
        "Find what holds the memory (heap profile of a task that is a few hours old).",
        "Raise the memory limit if the working set is legitimate.",
      ],
    };
  },
};

export const memoryLeak: Detector = {
  cause: "memory-leak",
  detect: (view) => {
    const memory = view.metric("memory");
    const perTask = view.metrics("task-memory");
    const climbing = perTask.filter((fact) => isUp(fact) && fact.data.summary.shape !== "spike");
    const high =
      memory !== undefined &&
      (memory.data.insideThreshold === false || memory.data.summary.current > HIGH_MEMORY_PERCENT);
    if (memory === undefined || (!isUp(memory) && climbing.length === 0)) {
      return memory === undefined
        ? undefined
        : `Memory is steady at ${percent(memory.data.summary.current)}.`;
    }
    if (!high && memory.data.summary.shape === "spike") return "Memory only spiked and came back.";
    if (!high) return `Memory rose, but only to ${percent(memory.data.summary.current)}.`;
    const oneOfMany = climbing.length > 0 && climbing.length < perTask.length;
    const explainedByLoad = view.trafficGrew && !oneOfMany;
    const worst = climbing.toSorted((a, b) => b.data.summary.current - a.data.summary.current)[0] ?? memory;
    return {
      confidence: explainedByLoad ? 0.5 : oneOfMany ? 0.93 : perTask.length > 0 ? 0.88 : 0.85,
      rootCause: `Memory climbs without load to explain it: ${worst.data.label} went from ${percent(worst.data.summary.baseline)} to ${percent(worst.data.summary.max)} since ${clock(worst.data.summary.onset ?? view.evidence.onset)}${oneOfMany ? `; the other ${perTask.length - climbing.length} tasks are steady` : ""}.`,
      action: "restart",
      severity: "P2",
      supports: [
        memory,
        ...climbing,
        view.alarmMetric?.data.label === memory.data.label ? view.alarmMetric : undefined,
      ],
      against: [explainedByLoad ? view.metric("requests") : undefined],
      missing:
        perTask.length === 0
          ? ["Per-task memory (Container Insights with enhanced observability is off)."]
          : [],
      nextSteps: [
        "A restart treats the symptom: find what grows (heap profile, caches without a bound).",
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
    if (kills.length === 0) return undefined;
    const [kill] = kills;
    const life = kill?.data.medianLifeSeconds;
    if (lowered === undefined) {
      if (life === undefined || life >= SHORT_LIFE_SECONDS)
        return "The memory limit did not change before the onset.";
      return {
        confidence: 0.75,
        rootCause: `Tasks go over the memory limit within ${amount(life)} s of their start: the limit is below what the application needs.`,
        action: "none",
        severity: "P1",
        supports: kills,
        nextSteps: ["Raise the memory limit, or go back to the revision that started within it."],
      };
    }
    const change = lowered.data.changes.find((one) => /memory/.test(one.what));
    return {
      confidence: 0.92,
      rootCause: `The memory limit was lowered (${change?.what}: ${change?.before} to ${change?.after}) and tasks are now killed for going over it.`,
      action: "rollback",
      severity: "P1",
      supports: [...kills, lowered, view.blamedDeployment],
      nextSteps: ["Go back to the revision with the larger limit."],
    };
  },
};
