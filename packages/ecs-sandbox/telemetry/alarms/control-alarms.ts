import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import { type Alarm, AlarmState } from "./alarm.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";
import type { CompositeEvaluation } from "./composite-evaluation.ts";

const AlarmNamesInput = z.object({ AlarmNames: z.array(z.string()).min(1).max(100) });

const SetAlarmStateInput = z.object({
  AlarmName: z.string(),
  StateValue: AlarmState,
  StateReason: z.string(),
  StateReasonData: z.string().optional(),
});

/** The operations that change alarms other than those that put them. */
export function controlAlarms(
  registry: AlarmRegistry,
  composites: CompositeEvaluation,
): Record<string, Operation> {
  const switchActions = (isEnabled: boolean): Operation =>
    operation(AlarmNamesInput, "ValidationException", ({ AlarmNames }) => {
      for (const name of AlarmNames) registry.setActionsEnabled(name, isEnabled);
      return {};
    });

  return {
    DeleteAlarms: operation(AlarmNamesInput, "ValidationException", ({ AlarmNames }) => {
      // One that cannot be deleted and AWS deletes none of them.
      const alarms = AlarmNames.map((name) => requireAlarm(registry, name));
      if (alarms.filter(({ kind }) => kind === "CompositeAlarm").length > 1) {
        throw new WireError(
          "ValidationException",
          "The total of AlarmNames can include at most one composite alarm.",
        );
      }
      for (const alarm of alarms) requireNoParents(alarm, registry, composites);
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

function requireAlarm(registry: AlarmRegistry, name: string): Alarm {
  const alarm = registry.get(name);
  if (alarm === undefined) throw new WireError("ResourceNotFound", `Unknown alarm: ${name}`, 404);
  return alarm;
}

function requireNoParents(alarm: Alarm, registry: AlarmRegistry, composites: CompositeEvaluation): void {
  const suppresses = registry
    .list()
    .some(
      (other) =>
        other.kind === "CompositeAlarm" &&
        registry.get(other.configuration.ActionsSuppressor ?? "")?.arn === alarm.arn,
    );
  if (!suppresses && composites.parentsOf(alarm).length === 0) return;
  const name = alarm.configuration.AlarmName;
  throw new WireError(
    "ValidationException",
    `Cannot delete ${name} as there are composite alarm(s) depending on it.`,
  );
}
