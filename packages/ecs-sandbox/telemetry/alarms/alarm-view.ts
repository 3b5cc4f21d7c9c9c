import { toEpochSeconds } from "../shared/format.ts";
import type { Alarm } from "./alarm.ts";

/** An alarm as DescribeAlarms shows it. */
export function alarmView(alarm: Alarm): unknown {
  return {
    ...alarm.configuration,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: toEpochSeconds(alarm.configurationUpdatedAt),
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateReasonData: alarm.stateReasonData,
    StateUpdatedTimestamp: toEpochSeconds(alarm.stateUpdatedAt),
    StateTransitionedTimestamp: toEpochSeconds(alarm.stateTransitionedAt),
    ...(alarm.kind === "CompositeAlarm" &&
      alarm.suppression !== undefined && {
        ActionsSuppressedBy: alarm.suppression.by,
        ActionsSuppressedReason: `Actions suppressed by ${alarm.suppression.by}`,
      }),
  };
}

/** The little that DescribeAlarms shows of the alarms below or above another. */
export function alarmStateView(alarm: Alarm): unknown {
  return {
    AlarmName: alarm.configuration.AlarmName,
    AlarmArn: alarm.arn,
    StateValue: alarm.state,
    StateUpdatedTimestamp: toEpochSeconds(alarm.stateUpdatedAt),
  };
}
