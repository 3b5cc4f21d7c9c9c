import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { toEpochSeconds } from "../shared/format.ts";
import { operation } from "../shared/operation.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";

/** DescribeAlarmContributors: the time series that are in ALARM now. */
export function describeAlarmContributors(registry: AlarmRegistry): Operation {
  return operation(z.object({ AlarmName: z.string() }), "ValidationException", ({ AlarmName }) => {
    if (registry.get(AlarmName) === undefined)
      throw new WireError("ResourceNotFoundException", "Unknown alarm.");
    return {
      AlarmContributors: registry
        .contributors(AlarmName)
        .filter(({ state }) => state === "ALARM")
        .map(({ id, attributes, reason, since }) => ({
          ContributorId: id,
          ContributorAttributes: attributes,
          StateReason: reason,
          StateTransitionedTimestamp: toEpochSeconds(since),
        })),
    };
  });
}
