import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { OpsAgentError } from "../../domain/errors.ts";
import type { LogLine } from "../../domain/reading.ts";
import type { LogReader, LogReadOptions, Window } from "../../evidence/ports.ts";
import { readFailure } from "./aws-error.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";

/** The most calls of one read. FilterLogEvents allows a few a second, so the caller's timeout comes first. */
const maxPages = 200;
const maxLines = 500_000;
/** Windows that start earlier cannot be read newest first (FilterLogEvents, `startFromHead`). */
const newestFirstSince = Date.UTC(2024, 0, 1);

/**
 * Reads CloudWatch Logs with FilterLogEvents. Pages come newest first, lines within a page oldest first, so that a
 * limit or timeout loses the oldest lines. A read ends after 200 calls or 500 000 lines.
 */
export function createLogReader(clients: AwsClients): LogReader {
  async function* lines(group: string, window: Window, options?: LogReadOptions) {
    const { sdk, client } = await clients.logs(options?.region);
    const { streamPrefix } = options ?? {};
    let count = 0;
    let nextToken: string | undefined;
    for (let page = 0; page < maxPages && count < maxLines && (page === 0 || nextToken); page += 1) {
      const input = {
        logGroupName: group,
        ...(streamPrefix === undefined ? {} : { logStreamNamePrefix: streamPrefix }),
        startTime: window.from,
        endTime: window.to - 1, // inclusive for AWS
        ...(window.from >= newestFirstSince ? { startFromHead: false } : {}),
        ...(nextToken === undefined ? {} : { nextToken }),
      };
      const answer = await call("logs:FilterLogEvents", options, (send) =>
        client.send(new sdk.FilterLogEventsCommand(input), send),
      ).catch((error: unknown) => {
        throw isMissing(error) ? groupMissing(group, options?.region, error) : error;
      });
      // A page without lines is not the end: AWS stops after scanning a certain amount.
      const found = oldestFirst(answer.events ?? []);
      count += found.length;
      if (found.length > 0) yield found;
      nextToken = answer.nextToken;
    }
  }
  return { lines };
}

/** Reversed before sorting, so that lines of one millisecond (stack traces) keep their order. */
function oldestFirst(events: readonly FilteredLogEvent[]): LogLine[] {
  const lines = events.map(({ timestamp, logStreamName, message }) => ({
    t: timestamp ?? 0,
    stream: logStreamName ?? "",
    message: message ?? "",
  }));
  const ascending = (lines[0]?.t ?? 0) < (lines.at(-1)?.t ?? 0);
  if (!ascending) lines.reverse();
  return lines.sort((one, other) => one.t - other.t);
}

/** The log group is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof OpsAgentError && readFailure(error.cause).code === "ResourceNotFoundException";
}

function groupMissing(group: string, region: string | undefined, cause: unknown): OpsAgentError {
  return new OpsAgentError({
    code: "aws-failed",
    message: `The log group ${group} does not exist${region === undefined ? "" : ` in ${region}`} (CloudWatch Logs FilterLogEvents: ResourceNotFoundException)`,
    remedy:
      "Check awslogs-group in the task definition (with FireLens log_group_name) and LOG_GROUP_PREFIX, and the region.",
    cause,
  });
}
