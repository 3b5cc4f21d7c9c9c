/** Words the causes. The sentence of each follows from the facts; where they hold nothing, only the cause is named. */
import { CAUSES, type Cause } from "../../domain/cause.ts";
import type { EvidenceView } from "../view/evidence-view.ts";
import { crashLoop } from "./crash-loop.ts";
import { healthCheckMisconfigured, hungTask } from "./health.ts";
import { cpuSaturation, retryStorm, trafficSpike } from "./load.ts";
import { memoryLeak, memoryLimitTooLow, oomKill } from "./memory.ts";
import { noFault } from "./no-fault.ts";
import {
  certificateExpired,
  dependencyDown,
  dependencyThrottled,
  networkFailure,
  permissionDenied,
} from "./outside.ts";
import {
  badDeploy,
  capacityUnavailable,
  deployInProgress,
  desiredCountZero,
  imagePullFailure,
  startupMisconfiguration,
} from "./release.ts";
import { connectionLeak, diskFull } from "./resources.ts";
import type { Said, Say } from "./said.ts";
import { trafficLoss } from "./traffic-loss.ts";

const SAYINGS: Readonly<Record<Exclude<Cause, "unknown">, Say>> = {
  "oom-kill": oomKill,
  "memory-leak": memoryLeak,
  "memory-limit-too-low": memoryLimitTooLow,
  "traffic-spike": trafficSpike,
  "traffic-loss": trafficLoss,
  "cpu-saturation": cpuSaturation,
  "retry-storm": retryStorm,
  "hung-task": hungTask,
  "health-check-misconfigured": healthCheckMisconfigured,
  "bad-deploy": badDeploy,
  "image-pull-failure": imagePullFailure,
  "startup-misconfiguration": startupMisconfiguration,
  "crash-loop": crashLoop,
  "dependency-down": dependencyDown,
  "dependency-throttled": dependencyThrottled,
  "connection-leak": connectionLeak,
  "network-failure": networkFailure,
  "permission-denied": permissionDenied,
  "certificate-expired": certificateExpired,
  "disk-full": diskFull,
  "capacity-unavailable": capacityUnavailable,
  "desired-count-zero": desiredCountZero,
  "deploy-in-progress": deployInProgress,
  "no-fault": noFault,
};

/** Returns what is said of the cause on this evidence. */
export function sayingOf(cause: Cause, view: EvidenceView): Required<Said> {
  const said = cause === "unknown" ? undefined : SAYINGS[cause](view);
  return {
    rootCause: said?.rootCause ?? `Most likely ${CAUSES[cause]}.`,
    severity: said?.severity ?? "P2",
    nextSteps: said?.nextSteps ?? [],
    missing: said?.missing ?? [],
  };
}
