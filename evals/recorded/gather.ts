/** Collects a case's evidence through a stub of AWS and the real adapters. */

import { createAwsAdapters } from "../../src/adapters/aws/index.ts";
import type { Alert } from "../../src/domain/alert.ts";
import type { Evidence } from "../../src/domain/evidence.ts";
import type { Target } from "../../src/domain/target.ts";
import { collectEvidence } from "../../src/evidence/collect-evidence.ts";
import { readEvent } from "../../src/ingestion/read-event.ts";
import { actingPolicy } from "../../test/samples/acting-policy.ts";
import { startAwsStub } from "../../test/support/aws-stub-server.ts";
import type { Case } from "../scenarios/types.ts";
import type { Handlers } from "../scenarios/wire/handlers.ts";
import { buildWorld } from "../scenarios/world.ts";

export const defaultPolicy = actingPolicy();

export interface Gathered {
  readonly alert: Alert;
  readonly target: Target;
  readonly evidence: Evidence;
  readonly now: string;
  /** Whether the alarm's own series breaches when the case says that it fired. */
  readonly breaches: boolean;
}

/** The vendor's client needs credentials; the stub accepts any. */
export function useStubCredentials(): void {
  process.env["AWS_ACCESS_KEY_ID"] ??= "stub";
  process.env["AWS_SECRET_ACCESS_KEY"] ??= "stub";
}

/** A change of what AWS answers, or of how it is asked. */
export interface Twist {
  readonly handlers?: (given: Handlers) => Handlers;
  /** Seconds, of the series that are read. */
  readonly metricPeriodSeconds?: number;
}

/** The default times; for a case that is told faster, as a policy for its finer metrics has them. */
function timingOf({ world: { minuteSeconds } }: Case, { metricPeriodSeconds }: Twist) {
  const { timing } = defaultPolicy;
  if (metricPeriodSeconds !== undefined) return { ...timing, metricPeriodSeconds };
  return minuteSeconds === undefined
    ? timing
    : {
        ...timing,
        metricPeriodSeconds: minuteSeconds,
        metricWindowMinutes: timing.metricWindowMinutes * (minuteSeconds / timing.metricPeriodSeconds),
      };
}

/** Reads the case's event and gathers its evidence. Throws when the event cannot be read. */
export async function gather(one: Case, twist: Twist = {}): Promise<Gathered> {
  const built = buildWorld(one);
  const world = { ...built, handlers: twist.handlers?.(built.handlers) ?? built.handlers };
  const stub = await startAwsStub();
  try {
    for (const [operation, handler] of Object.entries(world.handlers)) stub.on(operation, handler);
    const now = new Date(world.now).toISOString();
    const { alerts } = readEvent(world.event, {
      receivedAt: now,
      cluster: world.cluster,
      alarms: [{ pattern: world.alarmName, service: world.service }],
    });
    const [alert] = alerts;
    if (alert?.target === undefined) throw new Error(`The event of ${one.name} gives no target.`);
    const readers = createAwsAdapters({ region: "eu-west-1", endpoint: stub.endpoint });
    const evidence = await collectEvidence({
      alert,
      target: alert.target,
      timing: timingOf(one, twist),
      logGroupPrefix: "/ecs/",
      now: world.now,
      readers,
    });
    return { alert, target: alert.target, evidence, now, breaches: world.breaches };
  } finally {
    await stub.close();
  }
}
