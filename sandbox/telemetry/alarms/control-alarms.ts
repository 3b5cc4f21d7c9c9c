import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import { AlarmState } from "./alarm.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";

const AlarmNamesInput = z.object({ AlarmNames: z.array(z.string()).min(1).max(100) });

const SetAlarmStateInput = z.object({
  AlarmName: z.string(),
  StateValue: AlarmState,
  StateReason: z.string(),
  StateReasonData: z.string().optional(),
});

/** The operations that change alarms other than PutMetricAlarm. */
export function controlAlarms(registry: AlarmRegistry): Record<string, Operation> {
  const switchActions = (isEnabled: boolean): Operation =>
    operation(AlarmNamesInput, "ValidationException", ({ AlarmNames }) => {
      for (const name of AlarmNames) registry.setActionsEnabled(name, isEnabled);
      return {};
    });

  return {
    DeleteAlarms: operation(AlarmNamesInput, "ValidationException", ({ AlarmNames }) => {
      // One unknown name and AWS deletes none of them.
      for (const name of AlarmNames) requireAlarm(registry, name);
      for (const name of AlarmNames) registry.remove(name);
      return {};
    }),
    SetAlarmState: operation(SetAlarmStateInput, "ValidationException", (request) => {
      requireAlarm(registry, request.AlarmName);
      registry.changeState(request.AlarmName, {
        state: request.StateValue,
        reason: request.StateReason,
        reasonData: request.StateReasonData,
      });
      return {};
    }),
    EnableAlarmActions: switchActions(true),
    DisableAlarmActions: switchActions(false),
  };
}

function requireAlarm(registry: AlarmRegistry, name: string): void {
  if (registry.get(name) === undefined)
    throw new WireError("ResourceNotFound", `Unknown alarm: ${name}`, 404);
}
