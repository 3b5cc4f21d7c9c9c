import type { Alarm, StateChange } from "./alarm.ts";

const MAXIMUM_ITEMS = 5_000;

/** One line of an alarm's history. `at` is epoch milliseconds, `data` JSON text. */
export interface HistoryItem {
  readonly alarmName: string;
  readonly alarmType: Alarm["kind"];
  readonly type: "ConfigurationUpdate" | "StateUpdate" | "Action";
  readonly at: number;
  readonly summary: string;
  readonly data: string;
}

/** The history of all alarms, oldest first, bounded. */
export interface AlarmHistory {
  add(item: HistoryItem): void;
  list(): readonly HistoryItem[];
}

/** Creates an empty history. */
export function createAlarmHistory(): AlarmHistory {
  let items: HistoryItem[] = [];
  return {
    add(item) {
      items.push(item);
      if (items.length > MAXIMUM_ITEMS) items = items.slice(-MAXIMUM_ITEMS / 2);
    },
    list: () => items,
  };
}

/** The history item of a created or changed alarm. */
export function configurationItem(
  alarm: Alarm,
  verb: "Create" | "Update" | "Delete",
  at: number,
): HistoryItem {
  const data = { version: "1.0", type: verb };
  return {
    alarmName: alarm.configuration.AlarmName,
    alarmType: alarm.kind,
    type: "ConfigurationUpdate",
    at,
    summary: `Alarm "${alarm.configuration.AlarmName}" ${verb.toLowerCase()}d`,
    data: JSON.stringify(data),
  };
}

/** The history item of a transition from the state of `alarm` to another. */
export function transitionItem(alarm: Alarm, change: StateChange, at: number): HistoryItem {
  const data = {
    version: "1.0",
    oldState: stateJson(alarm.state, alarm.stateReason, alarm.stateReasonData),
    newState: stateJson(change.state, change.reason, change.reasonData),
  };
  return {
    alarmName: alarm.configuration.AlarmName,
    alarmType: alarm.kind,
    type: "StateUpdate",
    at,
    summary: `Alarm updated from ${alarm.state} to ${change.state}`,
    data: JSON.stringify(data),
  };
}

/** The history item of an action that was carried out, or failed with `error`. */
export function actionItem(
  alarm: Alarm,
  action: { arn: string; subject: string; message: string; error: string | undefined },
  at: number,
): HistoryItem {
  const isDone = action.error === undefined;
  const data = {
    actionState: isDone ? "Succeeded" : "Failed",
    stateUpdateTimestamp: alarm.stateUpdatedAt,
    notificationResource: action.arn,
    publishedMessage: JSON.stringify({ default: action.message, sms: action.subject }),
    error: action.error ?? null,
  };
  return {
    alarmName: alarm.configuration.AlarmName,
    alarmType: alarm.kind,
    type: "Action",
    at,
    summary: `${isDone ? "Successfully executed" : "Failed to execute"} action ${action.arn}`,
    data: JSON.stringify(data),
  };
}

function stateJson(stateValue: string, stateReason: string, reasonData: string | undefined): unknown {
  const stateReasonData: unknown = parseOrKeep(reasonData);
  return { stateValue, stateReason, ...(stateReasonData !== undefined && { stateReasonData }) };
}

/** SetAlarmState takes any text as reason data; text that is not JSON is kept as text. */
function parseOrKeep(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}
