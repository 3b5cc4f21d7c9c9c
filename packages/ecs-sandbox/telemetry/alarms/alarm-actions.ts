import type { Alarm, AlarmContributor, AlarmState } from "./alarm.ts";
import { type AlarmHistory, actionItem } from "./alarm-history.ts";
import { type AlarmOwner, alarmMessage, alarmSubject } from "./alarm-message.ts";

/** Publishes an alarm notification to an SNS topic; throws when the topic does not exist. */
export type PublishAlarm = (topicArn: string, subject: string, message: string) => void;

/** What {@link createAlarmActions} needs. */
export interface AlarmActionsDeps {
  readonly owner: AlarmOwner;
  readonly now: () => number;
  readonly publish: PublishAlarm;
  readonly history: AlarmHistory;
}

/** Carries out the actions of an alarm's new state, and records the results in its history. */
export type RunAlarmActions = (alarm: Alarm, oldState: AlarmState, contributor?: AlarmContributor) => void;

/** Creates the runner. Actions of an alarm whose actions are disabled are not run. */
export function createAlarmActions({ owner, now, publish, history }: AlarmActionsDeps): RunAlarmActions {
  return (alarm, oldState, contributor) => {
    const message = alarmMessage(alarm, oldState, owner, contributor);
    const subject = alarmSubject(alarm, owner);
    for (const arn of actionsOf(alarm)) {
      let error: string | undefined;
      try {
        // Application Auto Scaling reads the states of its alarms itself.
        if (!arn.startsWith("arn:aws:autoscaling:")) {
          if (!arn.startsWith("arn:aws:sns:")) throw new Error("the sandbox carries out SNS actions only");
          publish(arn, subject, message);
        }
      } catch (cause) {
        error = cause instanceof Error ? cause.message : String(cause);
      }
      history.add(actionItem(alarm, { arn, subject, message, error }, now()));
    }
  };
}

function actionsOf({ configuration, state }: Alarm): readonly string[] {
  if (!configuration.ActionsEnabled) return [];
  if (state === "ALARM") return configuration.AlarmActions;
  return state === "OK" ? configuration.OKActions : configuration.InsufficientDataActions;
}
