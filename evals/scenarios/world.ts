/** A declarative case -> answers in AWS's wire shape for every operation, and the event. */
import { awsError, json } from "../../test/support/aws-stub-answers.ts";
import type { Case } from "./types.ts";
import { alarmEvent } from "./wire/alarm-event.ts";
import { alarmBreaches, alarmHandlers, alarmName } from "./wire/alarms.ts";
import { historyHandlers } from "./wire/deployment-history.ts";
import { ecsHandlers } from "./wire/ecs.ts";
import type { Handlers } from "./wire/handlers.ts";
import { loadBalancingHandlers } from "./wire/load-balancing.ts";
import { logHandlers } from "./wire/logs.ts";
import { metricHandlers } from "./wire/metrics.ts";
import { scalingHandlers } from "./wire/scaling.ts";
import { type Scene, sceneOf } from "./wire/scene.ts";

export interface BuiltWorld {
  readonly handlers: Handlers;
  /** As a Lambda gets it from SNS. */
  readonly event: unknown;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly cluster: string;
  readonly service: string;
  /** For the policy's `alarms:` patterns; alarms on a load balancer name no service. */
  readonly alarmName: string;
  /** Whether the alarm's series breaches when it is said to have fired. */
  readonly breaches: boolean;
}

/** Builds the case's world; the same case gives the same world on every run. */
export function buildWorld(one: Case): BuiltWorld {
  const scene = sceneOf(one);
  return {
    handlers: { ...handlersOf(scene), ...failures(scene) },
    event: alarmEvent(scene),
    now: scene.now,
    cluster: scene.cluster,
    service: scene.world.service,
    alarmName: alarmName(scene),
    breaches: alarmBreaches(scene),
  };
}

function handlersOf(scene: Scene): Handlers {
  return {
    ...ecsHandlers(scene),
    ...historyHandlers(scene),
    ...metricHandlers(scene),
    ...logHandlers(scene),
    ...loadBalancingHandlers(scene),
    ...scalingHandlers(scene),
    ...alarmHandlers(scene),
    LookupEvents: () => json({ Events: [] }),
  };
}

function failures(scene: Scene): Handlers {
  return Object.fromEntries(
    Object.entries(scene.world.failing ?? {}).map(([operation, code]) => [operation, () => awsError(code)]),
  );
}
