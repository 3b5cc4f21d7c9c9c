/** All hypotheses, one file a cause. */
import { badDeploy } from "./bad-deploy.ts";
import { capacityUnavailable } from "./capacity-unavailable.ts";
import { certificateExpired } from "./certificate-expired.ts";
import { connectionLeak } from "./connection-leak.ts";
import { cpuSaturation } from "./cpu-saturation.ts";
import { crashLoop } from "./crash-loop.ts";
import { dependencyDown } from "./dependency-down.ts";
import { dependencyThrottled } from "./dependency-throttled.ts";
import { deployInProgress } from "./deploy-in-progress.ts";
import { desiredCountZero } from "./desired-count-zero.ts";
import { diskFull } from "./disk-full.ts";
import { healthCheckMisconfigured } from "./health-check-misconfigured.ts";
import { hungTask } from "./hung-task.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { imagePullFailure } from "./image-pull-failure.ts";
import { memoryLeak } from "./memory-leak.ts";
import { memoryLimitTooLow } from "./memory-limit-too-low.ts";
import { networkFailure } from "./network-failure.ts";
import { noFault } from "./no-fault.ts";
import { oomKill } from "./oom-kill.ts";
import { permissionDenied } from "./permission-denied.ts";
import { retryStorm } from "./retry-storm.ts";
import { startupMisconfiguration } from "./startup-misconfiguration.ts";
import { trafficLoss } from "./traffic-loss.ts";
import { trafficSpike } from "./traffic-spike.ts";

export const HYPOTHESES: readonly Hypothesis[] = [
  ...badDeploy,
  ...capacityUnavailable,
  ...certificateExpired,
  ...connectionLeak,
  ...cpuSaturation,
  ...crashLoop,
  ...dependencyDown,
  ...dependencyThrottled,
  ...deployInProgress,
  ...desiredCountZero,
  ...diskFull,
  ...healthCheckMisconfigured,
  ...hungTask,
  ...imagePullFailure,
  ...memoryLeak,
  ...memoryLimitTooLow,
  ...networkFailure,
  ...noFault,
  ...oomKill,
  ...permissionDenied,
  ...retryStorm,
  ...startupMisconfiguration,
  ...trafficLoss,
  ...trafficSpike,
];
