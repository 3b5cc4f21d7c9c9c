/** Alerts at the door, for tests. */
import type { Alert } from "../../../src/domain/alert.ts";
import { type GroupingRequest, lockKeyOf } from "../../../src/domain/alert-grouping.ts";
import { minute } from "./store-under-test.ts";

interface Knock {
  /** The alert's key is made of alarm, service and this. */
  readonly change?: string;
  /** Null: an alert without an alarm. */
  readonly alarm?: string | null;
  readonly service?: string;
  readonly incidentId?: string;
  readonly engine?: string;
  /** Minutes. */
  readonly at?: number;
  readonly aliveUntil?: number;
  readonly alert?: Partial<Alert>;
}

/** An alert of the memory alarm of payment-service for engine-a at minute 0, alive for 5 minutes, unless told otherwise. */
export function admission(knock: Knock = {}): GroupingRequest {
  const { change = "1", alarm = "memory", service = "payment-service", engine = "engine-a", at = 0 } = knock;
  const key = `${alarm ?? "form"}/${service}/${change}`;
  const alert: Alert = {
    key,
    source: alarm === null ? "simple-sns" : "cloudwatch-sns",
    state: "ALARM",
    firedAt: minute(at),
    receivedAt: minute(at),
    title: `${alarm ?? "something"} of ${service}`,
    target: { cluster: "production", service },
    ...(alarm === null ? {} : { alarm: { name: alarm } }),
    ...knock.alert,
  };
  return {
    alert,
    place: lockKeyOf(alert),
    incidentId: knock.incidentId ?? `inc ${key}`,
    engine,
    at: minute(at),
    aliveUntil: minute(knock.aliveUntil ?? at + 5),
  };
}
