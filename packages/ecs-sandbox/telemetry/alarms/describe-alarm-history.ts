import { z } from "zod";
import type { Operation } from "../../wire/service.ts";
import { toEpochSeconds } from "../shared/format.ts";
import { operation } from "../shared/operation.ts";
import { paginate } from "../shared/page.ts";
import type { AlarmRegistry } from "./alarm-registry.ts";
import { AlarmType } from "./describe-alarms.ts";

const DescribeAlarmHistoryInput = z.object({
  AlarmName: z.string().optional(),
  AlarmTypes: z.array(AlarmType).default(["MetricAlarm"]),
  HistoryItemType: z.enum(["ConfigurationUpdate", "StateUpdate", "Action"]).optional(),
  StartDate: z.number().optional(),
  EndDate: z.number().optional(),
  MaxRecords: z.number().int().min(1).max(100).default(100),
  ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
  NextToken: z.string().optional(),
});

/** DescribeAlarmHistory, of metric alarms unless asked otherwise, newest first unless asked otherwise. */
export function describeAlarmHistory(registry: AlarmRegistry): Operation {
  return operation(DescribeAlarmHistoryInput, "ValidationException", (request) => {
    const { AlarmName, AlarmTypes, HistoryItemType, StartDate, EndDate } = request;
    const wanted = registry.history
      .list()
      .filter(
        ({ alarmName, alarmType, type, at }) =>
          AlarmTypes.includes(alarmType) &&
          (AlarmName ?? alarmName) === alarmName &&
          (HistoryItemType ?? type) === type &&
          toEpochSeconds(at) >= (StartDate ?? Number.NEGATIVE_INFINITY) &&
          toEpochSeconds(at) <= (EndDate ?? Number.POSITIVE_INFINITY),
      );
    const ordered = request.ScanBy === "TimestampAscending" ? wanted : wanted.toReversed();
    const page = paginate(ordered, request.MaxRecords, request.NextToken, "InvalidNextToken");
    return {
      AlarmHistoryItems: page.items.map((item) => ({
        AlarmName: item.alarmName,
        AlarmType: item.alarmType,
        Timestamp: toEpochSeconds(item.at),
        HistoryItemType: item.type,
        HistorySummary: item.summary,
        HistoryData: item.data,
      })),
      ...(page.nextToken !== undefined && { NextToken: page.nextToken }),
    };
  });
}
