import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { toEpochSeconds } from "../shared/format.ts";
import { operation } from "../shared/operation.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";

const DescribeAlarmContributorsInput = z.object({ AlarmName: z.string(), NextToken: z.string().optional() });

/** DescribeAlarmContributors: the time series that are in ALARM now. All of them are on one page. */
export function describeAlarmContributors(registry: AlarmRegistry): Operation {
  return operation(DescribeAlarmContributorsInput, "ValidationException", ({ AlarmName }) => {
    if (registry.get(AlarmName) === undefined) {
      throw new WireError("ResourceNotFoundException", `Unknown alarm: ${AlarmName}`, 404);
    }
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
