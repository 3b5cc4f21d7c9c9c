import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import type { LogStore } from "./log-store.ts";

const PutLogEventsInput = z.object({
  logGroupName: z.string().min(1),
  logStreamName: z.string().min(1),
  logEvents: z
    .array(z.object({ timestamp: z.number().int().min(0), message: z.string().min(1) }))
    .min(1)
    .max(10_000),
});

/** AWS takes events up to 2 hours ahead and up to 14 days, or the retention of the group, behind. */
const MAXIMUM_AHEAD = { hours: 2 };
const MAXIMUM_BEHIND = { days: 14 };

/**
 * PutLogEvents into a stream that exists; the events of one call must be in the order of their time. Events too old
 * or too new are left out and told of, as AWS does.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export function putLogEvents(store: LogStore): Operation {
  return operation(PutLogEventsInput, "InvalidParameterException", (request) => {
    const { logGroupName, logStreamName, logEvents } = request;
    store.requireStream(logGroupName, logStreamName);
    const isOrdered = logEvents.every(
      ({ timestamp }, index) => timestamp >= (logEvents[index - 1]?.timestamp ?? 0),
    );
    if (!isOrdered) {
      throw new WireError(
        "InvalidParameterException",
        "Log events in a single PutLogEvents request must be in chronological order.",
      );
    }
    const now = store.now();
    const expiry = store.oldestReadable(store.requireGroup(logGroupName));
    const oldest = now - MAXIMUM_BEHIND.days * 86_400_000;
    const newest = now + MAXIMUM_AHEAD.hours * 3_600_000;
    const taken = logEvents.filter(
      ({ timestamp }) => timestamp >= Math.max(oldest, expiry) && timestamp <= newest,
    );
    store.put(
      logGroupName,
      logStreamName,
      taken.map(({ timestamp, message }) => ({ at: timestamp, message })),
    );
    if (taken.length === logEvents.length) return {};
    const tooNew = logEvents.findIndex(({ timestamp }) => timestamp > newest);
    const tooOldEnd = logEvents.filter(({ timestamp }) => timestamp < oldest).length;
    const expiredEnd = logEvents.filter(({ timestamp }) => timestamp < expiry).length;
    return {
      rejectedLogEventsInfo: {
        ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
        ...(tooOldEnd > 0 && { tooOldLogEventEndIndex: tooOldEnd }),
        ...(expiredEnd > 0 && { expiredLogEventEndIndex: expiredEnd }),
      },
    };
  });
}
