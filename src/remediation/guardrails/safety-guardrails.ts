/** Guardrails about the state of the service: would this change make it worse? */
import type { Guardrail } from "../guardrail.ts";
import { alarmTarget } from "./alarm-target.ts";
import { autoscalingSettled } from "./autoscaling-settled.ts";
import { ecsController } from "./deployment-controller.ts";
import { deploymentStrategy } from "./deployment-strategy.ts";
import { ecsFirst } from "./ecs-first.ts";
import { evidenceComplete } from "./evidence-complete.ts";
import { healthyFloor } from "./healthy-floor.ts";
import { hostReachable } from "./host-reachable.ts";
import { noDeploymentRunning } from "./no-deployment-running.ts";
import { restartShare } from "./restart-share.ts";
import { reversible } from "./reversible.ts";
import { rollbackTarget } from "./rollback-target.ts";
import { scaleBounds } from "./scale-bounds.ts";
import { schedulingStrategy } from "./scheduling-strategy.ts";
import { serviceActive } from "./service-active.ts";
import { shiftByPerson } from "./shift-by-person.ts";
import { stillInAlarm } from "./still-in-alarm.ts";

export const SAFETY_GUARDRAILS: readonly Guardrail[] = [
  serviceActive,
  schedulingStrategy,
  ecsController,
  deploymentStrategy,
  noDeploymentRunning,
  ecsFirst,
  shiftByPerson,
  reversible,
  rollbackTarget,
  hostReachable,
  healthyFloor,
  restartShare,
  scaleBounds,
  autoscalingSettled,
  evidenceComplete,
  alarmTarget,
  stillInAlarm,
];
