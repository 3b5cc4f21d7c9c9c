import type { Alarm, AlarmState, CompositeAlarm, Suppression } from "./alarm.ts";

/**
 * Whether the actions for a transition of a composite alarm from `oldState` are held back, and by what: by its
 * suppressor in ALARM, or to give the suppressor time to come (WaitPeriod). What holds them back already goes on
 * doing so. `undefined`: they are due now. Instants are epoch milliseconds.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
 */
export function suppressionOf(
  alarm: CompositeAlarm,
  suppressor: Alarm | undefined,
  oldState: AlarmState,
  at: number,
): Suppression | undefined {
  if (suppressor === undefined) return undefined;
  const told = alarm.suppression?.told ?? oldState;
  if (suppressor.state === "ALARM") return { by: "Alarm", told };
  if (alarm.suppression !== undefined) return alarm.suppression;
  const wait = (alarm.configuration.ActionsSuppressorWaitPeriod ?? 0) * 1000;
  return alarm.state === "ALARM" && wait > 0 ? { by: "WaitPeriod", told, until: at + wait } : undefined;
}

/** What becomes of a suppression when the suppressor has changed its state. */
export function suppressionAfter(
  alarm: CompositeAlarm,
  suppressor: Alarm,
  at: number,
): Suppression | undefined {
  const { suppression } = alarm;
  if (suppression === undefined) return undefined;
  if (suppressor.state === "ALARM") return { by: "Alarm", told: suppression.told };
  if (suppression.by !== "Alarm") return suppression;
  const extension = (alarm.configuration.ActionsSuppressorExtensionPeriod ?? 0) * 1000;
  return { by: "ExtensionPeriod", told: suppression.told, until: at + extension };
}
