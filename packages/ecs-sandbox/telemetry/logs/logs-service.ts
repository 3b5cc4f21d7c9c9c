import { z } from "zod";
import type { AwsService } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import { describeLogGroups, describeLogStreams } from "./describe-logs.ts";
import { filterLogEvents } from "./filter-log-events.ts";
import { getLogEvents } from "./get-log-events.ts";
import type { LogStore } from "./log-store.ts";
import { putLogEvents } from "./put-log-events.ts";

const INVALID = "InvalidParameterException";
const GroupInput = z.object({ logGroupName: z.string().regex(/^[\w./#-]{1,512}$/) });
const StreamInput = GroupInput.extend({ logStreamName: z.string().regex(/^[^:*]{1,512}$/) });

/** The retentions that AWS knows, in days. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const RetentionInput = GroupInput.extend({
  retentionInDays: z.number().refine((days) => RETENTIONS.includes(days), "not one of the retentions"),
});

/** The CloudWatch Logs API (AWS JSON 1.1) over a log store. */
export function createLogsService(
  store: LogStore,
  { region, accountId }: { region: string; accountId: string },
): AwsService {
  const arnOf = (group: string) => `arn:aws:logs:${region}:${accountId}:log-group:${group}`;
  return {
    name: "logs",
    protocol: { kind: "json", version: "1.1", targetPrefix: "Logs_20140328" },
    operations: {
      CreateLogGroup: operation(GroupInput, INVALID, ({ logGroupName }) => store.addGroup(logGroupName)),
      DeleteLogGroup: operation(GroupInput, INVALID, ({ logGroupName }) => store.removeGroup(logGroupName)),
      CreateLogStream: operation(StreamInput, INVALID, ({ logGroupName, logStreamName }) =>
        store.addStream(logGroupName, logStreamName),
      ),
      PutRetentionPolicy: operation(RetentionInput, INVALID, ({ logGroupName, retentionInDays }) =>
        store.setRetention(logGroupName, retentionInDays),
      ),
      DeleteRetentionPolicy: operation(GroupInput, INVALID, ({ logGroupName }) =>
        store.setRetention(logGroupName, undefined),
      ),
      PutLogEvents: putLogEvents(store),
      DescribeLogGroups: describeLogGroups(store, arnOf),
      DescribeLogStreams: describeLogStreams(store, arnOf),
      GetLogEvents: getLogEvents(store),
      FilterLogEvents: filterLogEvents(store),
    },
  };
}
