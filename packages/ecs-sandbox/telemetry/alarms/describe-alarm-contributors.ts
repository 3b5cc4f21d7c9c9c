import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";

const DescribeAlarmContributorsInput = z.object({ AlarmName: z.string(), NextToken: z.string().optional() });

/** DescribeAlarmContributors. The sandbox has no alarms on many series, so that no alarm has contributors. */
export function describeAlarmContributors(registry: AlarmRegistry): Operation {
  return operation(DescribeAlarmContributorsInput, "ValidationException", ({ AlarmName }) => {
    if (registry.get(AlarmName) === undefined) {
      throw new WireError("ResourceNotFoundException", `Unknown alarm: ${AlarmName}`, 404);
    }
    return { AlarmContributors: [] };
  });
}
