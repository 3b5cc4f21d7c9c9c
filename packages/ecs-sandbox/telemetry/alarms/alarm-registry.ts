import { WireError } from "../../wire/service.ts";
import { suppressionAfter, suppressionOf } from "./action-suppression.ts";
import type {
  Alarm,
  AlarmConfiguration,
  AlarmContributor,
  CompositeAlarm,
  CompositeConfiguration,
  MetricAlarm,
  StateChange,
} from "./alarm.ts";
import { type AlarmActionsDeps, createAlarmActions } from "./alarm-actions.ts";
import { type AlarmHistory, configurationItem, transitionItem } from "./alarm-history.ts";

/** The alarms, and the one place where an alarm changes its state. */
export interface AlarmRegistry {
  readonly history: AlarmHistory;
  putMetricAlarm(configuration: AlarmConfiguration): void;
  putCompositeAlarm(configuration: CompositeConfiguration): void;
  remove(name: string): void;
  /** An alarm by its name or ARN. */
  get(nameOrArn: string): Alarm | undefined;
  /** All alarms by name. */
  list(): Alarm[];
  setActionsEnabled(name: string, isEnabled: boolean): void;
  /**
   * Gives an alarm a state. A transition is written to the history and carries out the actions of the new
   * state, unless they are suppressed; the same state again only replaces the reason.
   */
  changeState(name: string, change: StateChange): void;
  /** The time series of an alarm over several, as they were last evaluated. */
  contributors(name: string): readonly AlarmContributor[];
  /** Notes them. One that has changed carries out the actions of its state, with its id and attributes. */
  noteContributors(name: string, contributors: readonly AlarmContributor[]): void;
  /** Calls back after every transition, with the alarm as it is and as it was. */
  onTransition(listener: (alarm: Alarm, before: Alarm) => void): void;
  /** Carries out the actions whose suppression has run out; call it often. */
  tick(): void;
}

/** Creates an empty registry. */
export function createAlarmRegistry(deps: AlarmActionsDeps): AlarmRegistry {
  const { owner, now, history } = deps;
  const runActions = createAlarmActions(deps);
  const alarms = new Map<string, Alarm>();
  const contributorsByName = new Map<string, readonly AlarmContributor[]>();
  const listeners: ((alarm: Alarm, before: Alarm) => void)[] = [];

  function find(nameOrArn: string): Alarm | undefined {
    const prefix = `arn:aws:cloudwatch:${owner.region}:${owner.accountId}:alarm:`;
    return alarms.get(nameOrArn.startsWith(prefix) ? nameOrArn.slice(prefix.length) : nameOrArn);
  }

  function beginning(name: string): Omit<MetricAlarm, "kind" | "configuration"> {
    const at = now();
    return {
      arn: `arn:aws:cloudwatch:${owner.region}:${owner.accountId}:alarm:${name}`,
      configurationUpdatedAt: at,
      state: "INSUFFICIENT_DATA",
      stateReason: "Unchecked: Initial alarm creation",
      stateReasonData: undefined,
      stateUpdatedAt: at,
      stateTransitionedAt: at,
    };
  }

  /** An existing alarm keeps its state; it cannot become one of the other kind. */
  function save(alarm: Alarm, existing: Alarm | undefined): void {
    const name = alarm.configuration.AlarmName;
    if (existing !== undefined && existing.kind !== alarm.kind) {
      throw new WireError("ValidationException", `The alarm ${name} exists and is a ${existing.kind}.`);
    }
    alarms.set(name, alarm);
    history.add(configurationItem(alarm, existing === undefined ? "Create" : "Update", now()));
  }

  function settleSuppression(alarm: CompositeAlarm): void {
    const { suppression } = alarm;
    if (suppression === undefined || suppression.by === "Alarm" || now() < suppression.until) return;
    const released = { ...alarm, suppression: undefined };
    alarms.set(alarm.configuration.AlarmName, released);
    // Changes that came and went while actions were suppressed are not made up for.
    if (alarm.state !== suppression.told) runActions(released, suppression.told);
  }

  function noteSuppressor(suppressor: Alarm): void {
    for (const alarm of alarms.values()) {
      if (alarm.kind !== "CompositeAlarm" || alarm.configuration.ActionsSuppressor === undefined) continue;
      if (find(alarm.configuration.ActionsSuppressor)?.arn !== suppressor.arn) continue;
      const suppression = suppressionAfter(alarm, suppressor, now());
      alarms.set(alarm.configuration.AlarmName, { ...alarm, suppression });
    }
  }

  return {
    history,
    putMetricAlarm(configuration) {
      const existing = alarms.get(configuration.AlarmName);
      const status = existing ?? beginning(configuration.AlarmName);
      const configurationUpdatedAt = now();
      save({ ...status, kind: "MetricAlarm", configuration, configurationUpdatedAt }, existing);
    },
    putCompositeAlarm(configuration) {
      const existing = alarms.get(configuration.AlarmName);
      const status = {
        triggeredBy: [],
        suppression: undefined,
        ...(existing ?? beginning(configuration.AlarmName)),
      };
      const configurationUpdatedAt = now();
      save({ ...status, kind: "CompositeAlarm", configuration, configurationUpdatedAt }, existing);
    },
    remove(name) {
      const alarm = alarms.get(name);
      if (alarm !== undefined) history.add(configurationItem(alarm, "Delete", now()));
      alarms.delete(name);
    },
    get: find,
    list: () =>
      [...alarms.values()].toSorted((a, b) =>
        compareText(a.configuration.AlarmName, b.configuration.AlarmName),
      ),
    setActionsEnabled(name, isEnabled) {
      const alarm = alarms.get(name);
      if (alarm === undefined) return;
      alarms.set(name, withActionsEnabled(alarm, isEnabled));
    },
    changeState(name, change) {
      const old = alarms.get(name);
      if (old === undefined) return;
      const at = now();
      const isTransition = old.state !== change.state;
      const status = {
        state: change.state,
        stateReason: change.reason,
        stateReasonData: change.reasonData,
        stateUpdatedAt: at,
        stateTransitionedAt: isTransition ? at : old.stateTransitionedAt,
      };
      let alarm: Alarm =
        old.kind === "MetricAlarm"
          ? { ...old, ...status }
          : { ...old, ...status, triggeredBy: change.triggeredBy ?? [] };
      if (isTransition && alarm.kind === "CompositeAlarm") {
        const suppressor = find(alarm.configuration.ActionsSuppressor ?? "");
        alarm = { ...alarm, suppression: suppressionOf(alarm, suppressor, old.state, at) };
      }
      alarms.set(name, alarm);
      if (!isTransition) return;
      history.add(transitionItem(old, change, at));
      if (alarm.kind === "MetricAlarm" || alarm.suppression === undefined) runActions(alarm, old.state);
      noteSuppressor(alarm);
      for (const listener of listeners) listener(alarm, old);
    },
    contributors: (name) => contributorsByName.get(name) ?? [],
    noteContributors(name, contributors) {
      const known = contributorsByName.get(name) ?? [];
      contributorsByName.set(name, contributors);
      const alarm = alarms.get(name);
      if (alarm?.kind !== "MetricAlarm") return;
      for (const one of contributors) {
        const before = known.find(({ id }) => id === one.id)?.state ?? "OK";
        if (before === one.state) continue;
        const status = { state: one.state, stateReason: one.reason, stateUpdatedAt: now() };
        runActions({ ...alarm, ...status }, before, one);
      }
    },
    onTransition: (listener) => void listeners.push(listener),
    tick() {
      for (const alarm of alarms.values()) if (alarm.kind === "CompositeAlarm") settleSuppression(alarm);
    },
  };
}

function withActionsEnabled(alarm: Alarm, ActionsEnabled: boolean): Alarm {
  return alarm.kind === "MetricAlarm"
    ? { ...alarm, configuration: { ...alarm.configuration, ActionsEnabled } }
    : { ...alarm, configuration: { ...alarm.configuration, ActionsEnabled } };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
