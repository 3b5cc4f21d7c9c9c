import { toAlarmTimestamp, toLongTimestamp } from "../shared/format.ts";
import type { Alarm, ChildState, CompositeAlarm } from "./alarm.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";
import { alarmsOf, isRuleTrue, parseAlarmRule } from "./alarm-rule.ts";

/** Gives composite alarms their state, when they are put and whenever an alarm below them has changed. */
export interface CompositeEvaluation {
  /** Evaluates an alarm that was just created or updated. */
  evaluateNew(name: string, verb: "created" | "updated"): void;
  /** The composite alarms whose rule names this alarm. */
  parentsOf(alarm: Alarm): CompositeAlarm[];
  /** The alarms that the rule of a composite alarm names and that exist. */
  childrenOf(alarm: CompositeAlarm): Alarm[];
}

/** Creates the evaluation over a registry and follows its transitions. */
export function createCompositeEvaluation(registry: AlarmRegistry, now: () => number): CompositeEvaluation {
  /** The alarms whose change is being passed upwards: AWS stops at a cycle, and so does this. */
  const path = new Set<string>();

  function childrenOf({ configuration }: CompositeAlarm): Alarm[] {
    const named = alarmsOf(parseAlarmRule(configuration.AlarmRule));
    return named.flatMap((name) => registry.get(name) ?? []);
  }

  function parentsOf(child: Alarm): CompositeAlarm[] {
    return registry
      .list()
      .filter((alarm) => alarm.kind === "CompositeAlarm")
      .filter((alarm) => childrenOf(alarm).some(({ arn }) => arn === child.arn));
  }

  function evaluate(
    alarm: CompositeAlarm,
    causes: readonly Alarm[],
    reason: (state: string) => string,
  ): void {
    const rule = parseAlarmRule(alarm.configuration.AlarmRule);
    const state = isRuleTrue(rule, (name) => registry.get(name)?.state) ? "ALARM" : "OK";
    if (state === alarm.state) return;
    const triggeredBy = causes.map(
      ({ arn, state: childState, stateUpdatedAt: at }): ChildState => ({ arn, state: childState, at }),
    );
    registry.changeState(alarm.configuration.AlarmName, {
      state,
      reason: reason(state),
      reasonData: reasonData(triggeredBy),
      triggeredBy,
    });
  }

  registry.onTransition((child) => {
    path.add(child.arn);
    const reason = `${child.arn} transitioned to ${child.state} at ${toLongTimestamp(now())}`;
    for (const parent of parentsOf(child)) {
      if (!path.has(parent.arn)) evaluate(parent, [child], () => reason);
    }
    path.delete(child.arn);
  });

  return {
    evaluateNew(name, verb) {
      const alarm = registry.get(name);
      if (alarm?.kind !== "CompositeAlarm") return;
      evaluate(
        alarm,
        childrenOf(alarm),
        (state) => `${alarm.arn} was ${verb} and its alarm rule evaluates to ${state}`,
      );
    },
    parentsOf,
    childrenOf,
  };
}

function reasonData(triggeredBy: readonly ChildState[]): string {
  return JSON.stringify({
    triggeringAlarms: triggeredBy.map(({ arn, state, at }) => ({
      arn,
      state: { value: state, timestamp: toAlarmTimestamp(at) },
    })),
  });
}
