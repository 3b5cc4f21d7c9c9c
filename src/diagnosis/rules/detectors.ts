/** The detectors, whose findings word the causes. */
import { autoscalerAlarm } from "./autoscaler-alarm-detector.ts";
import {
  connectionLeak,
  connectionsShared,
  dependencyDetectors,
  diskFull,
  ingressBlocked,
} from "./dependency-detectors.ts";
import type { Detector } from "./detector.ts";
import { healthCheckMisconfigured, hungTask } from "./health-detectors.ts";
import { cpuSaturation, retryStorm, trafficSpike } from "./load-detectors.ts";
import { memoryLeak, memoryLimitTooLow, oomKill } from "./memory-detectors.ts";
import { noFault } from "./no-fault-detector.ts";
import {
  badDeploy,
  capacityUnavailable,
  deployInProgress,
  desiredCountZero,
  imagePullFailure,
  startRefused,
  startUnreachable,
  startupMisconfiguration,
} from "./revision-detectors.ts";
import { trafficLoss } from "./traffic-loss-detector.ts";

export const DETECTORS: readonly Detector[] = [
  imagePullFailure,
  startRefused,
  startUnreachable,
  startupMisconfiguration,
  memoryLimitTooLow,
  oomKill,
  memoryLeak,
  badDeploy,
  desiredCountZero,
  capacityUnavailable,
  healthCheckMisconfigured,
  hungTask,
  trafficSpike,
  retryStorm,
  cpuSaturation,
  ...dependencyDetectors,
  ingressBlocked,
  connectionLeak,
  connectionsShared,
  diskFull,
  trafficLoss,
  deployInProgress,
  autoscalerAlarm,
  noFault,
];
