import type { Alarm, AlarmConfiguration, StateChange } from "./alarm.ts";
import { type AlarmHistory, actionItem, configurationItem, transitionItem } from "./alarm-history.ts";
import { type AlarmOwner, alarmMessage, alarmSubject } from "./alarm-message.ts";

/** Publishes an alarm notification to an SNS topic; throws when the topic does not exist. */
export type PublishAlarm = (topicArn: string, subject: string, message: string) => void;

/** The alarms, and the one place where an alarm changes its state. */
export interface AlarmRegistry {
  readonly history: AlarmHistory;
  put(configuration: AlarmConfiguration): void;
  remove(name: string): void;
  get(name: string): Alarm | undefined;
  /** All alarms by name. */
  list(): Alarm[];
  setActionsEnabled(name: string, isEnabled: boolean): void;
  /**
   * Gives an alarm a state. A transition is written to the history and carries out the actions of the new
   * state; the same state again only replaces the reason.
   */
  changeState(name: string, change: StateChange): void;
}

/** What {@link createAlarmRegistry} needs. */
export interface AlarmRegistryDeps {
  readonly owner: AlarmOwner;
  readonly now: () => number;
  readonly publish: PublishAlarm;
  readonly history: AlarmHistory;
}

/** Creates an empty registry. */
export function createAlarmRegistry({ owner, now, publish, history }: AlarmRegistryDeps): AlarmRegistry {
  const alarms = new Map<string, Alarm>();

  function actionsOf({ configuration, state }: Alarm): readonly string[] {
    if (!configuration.ActionsEnabled) return [];
    if (state === "ALARM") return configuration.AlarmActions;
    return state === "OK" ? configuration.OKActions : configuration.InsufficientDataActions;
  }

  function runAction(alarm: Alarm, arn: string, subject: string, message: string): void {
    let error: string | undefined;
    try {
      if (!arn.startsWith("arn:aws:sns:")) throw new Error("the sandbox carries out SNS actions only");
      publish(arn, subject, message);
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause);
    }
    history.add(actionItem(alarm, { arn, message, error }, now()));
  }

  return {
    history,
    put(configuration) {
      const at = now();
      const name = configuration.AlarmName;
      const existing = alarms.get(name);
      const alarm: Alarm = {
        arn: `arn:aws:cloudwatch:${owner.region}:${owner.accountId}:alarm:${name}`,
        state: "INSUFFICIENT_DATA",
        stateReason: "Unchecked: Initial alarm creation",
        stateReasonData: undefined,
        stateUpdatedAt: at,
        stateTransitionedAt: at,
        ...existing,
        configuration,
        configurationUpdatedAt: at,
      };
      alarms.set(name, alarm);
      history.add(configurationItem(alarm, existing === undefined ? "Create" : "Update", at));
    },
    remove(name) {
      const alarm = alarms.get(name);
      if (alarm !== undefined) history.add(configurationItem(alarm, "Delete", now()));
      alarms.delete(name);
    },
    get: (name) => alarms.get(name),
    list: () =>
      [...alarms.values()].toSorted((a, b) =>
        compareText(a.configuration.AlarmName, b.configuration.AlarmName),
      ),
    setActionsEnabled(name, isEnabled) {
      const alarm = alarms.get(name);
      if (alarm === undefined) return;
      alarms.set(name, { ...alarm, configuration: { ...alarm.configuration, ActionsEnabled: isEnabled } });
    },
    changeState(name, change) {
      const old = alarms.get(name);
      if (old === undefined) return;
      const at = now();
      const isTransition = old.state !== change.state;
      const alarm: Alarm = {
        ...old,
        state: change.state,
        stateReason: change.reason,
        stateReasonData: change.reasonData,
        stateUpdatedAt: at,
        stateTransitionedAt: isTransition ? at : old.stateTransitionedAt,
      };
      alarms.set(name, alarm);
      if (!isTransition) return;
      history.add(transitionItem(old, change, at));
      const message = alarmMessage(alarm, old.state, owner);
      for (const arn of actionsOf(alarm)) runAction(alarm, arn, alarmSubject(alarm, owner), message);
    },
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
