import { type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import { CompositeConfiguration } from "./alarm.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";
import { AlarmRuleError, alarmsOf, parseAlarmRule } from "./alarm-rule.ts";
import type { CompositeEvaluation } from "./composite-evaluation.ts";

/** AWS: "The rule expression of a composite alarm can include as many as 100 underlying alarms." */
const MAXIMUM_CHILDREN = 100;

/** PutCompositeAlarm: creates or overwrites a composite alarm and evaluates it at once. */
export function putCompositeAlarm(registry: AlarmRegistry, composites: CompositeEvaluation): Operation {
  return operation(CompositeConfiguration, "ValidationException", (configuration) => {
    const { AlarmName } = configuration;
    validate(configuration, registry);
    const verb = registry.get(AlarmName) === undefined ? "created" : "updated";
    registry.putCompositeAlarm(configuration);
    composites.evaluateNew(AlarmName, verb);
    return {};
  });
}

function validate(configuration: CompositeConfiguration, registry: AlarmRegistry): void {
  const children = childrenIn(configuration.AlarmRule);
  if (children.length > MAXIMUM_CHILDREN) {
    throw invalid(`AlarmRule must not name more than ${MAXIMUM_CHILDREN} alarms.`);
  }
  const missing = children.filter((name) => registry.get(name) === undefined);
  if (missing.length > 0) {
    throw invalid(
      `Could not save the composite alarm as alarms [${missing.join(", ")}] in the alarm rule do not exist`,
    );
  }
  const { ActionsSuppressor, ActionsSuppressorWaitPeriod, ActionsSuppressorExtensionPeriod } = configuration;
  const periods = [ActionsSuppressorWaitPeriod, ActionsSuppressorExtensionPeriod];
  if (ActionsSuppressor === undefined) {
    if (periods.some((period) => period !== undefined)) {
      throw invalid("ActionsSuppressor must be given with its WaitPeriod and ExtensionPeriod.");
    }
    return;
  }
  if (periods.includes(undefined)) {
    throw invalid("ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod must be given.");
  }
  if (registry.get(ActionsSuppressor) === undefined) {
    throw invalid(`The ActionsSuppressor ${ActionsSuppressor} does not exist.`);
  }
}

function childrenIn(rule: string): string[] {
  try {
    return alarmsOf(parseAlarmRule(rule));
  } catch (error) {
    throw error instanceof AlarmRuleError ? invalid(error.message) : error;
  }
}

function invalid(message: string): WireError {
  return new WireError("ValidationException", message);
}
