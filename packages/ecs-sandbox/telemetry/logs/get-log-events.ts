import { z } from "zod";
import type { Operation } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import { type Cursor, eventBytes, type LogEvent } from "./event-list.ts";
import { groupNameOf } from "./group-name.ts";
import type { LogStore } from "./log-store.ts";
import { decodePageToken, encodePageToken } from "./page-token.ts";

const MAXIMUM_PAGE_EVENTS = 10_000;
const MAXIMUM_PAGE_BYTES = 1_048_576;

const GetLogEventsInput = z.object({
  logGroupName: z.string().optional(),
  logGroupIdentifier: z.string().optional(),
  logStreamName: z.string().min(1),
  startTime: z.number().int().min(0).default(0),
  endTime: z.number().int().min(0).default(Number.MAX_SAFE_INTEGER),
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(MAXIMUM_PAGE_EVENTS).default(MAXIMUM_PAGE_EVENTS),
  startFromHead: z.boolean().default(false),
});

/**
 * GetLogEvents of one stream, each page oldest first. The start is inclusive and, unlike FilterLogEvents, the
 * end exclusive. As on AWS, the end is reached when the token that comes back is the one that was sent.
 */
export function getLogEvents(store: LogStore): Operation {
  return operation(GetLogEventsInput, "InvalidParameterException", (request) => {
    const groupName = groupNameOf(request);
    store.requireStream(groupName, request.logStreamName);
    const group = store.requireGroup(groupName);
    const from = Math.max(request.startTime, store.oldestReadable(group));
    const token = request.nextToken === undefined ? undefined : decodePageToken(request.nextToken);
    const direction = token?.direction ?? (request.startFromHead ? "forward" : "backward");
    const scan = group.events[direction](from, request.endTime - 1, token?.cursor);
    const taken = take(scan, request.logStreamName, request.limit);
    const page = direction === "forward" ? taken : taken.toReversed();
    // An empty page hands the caller's place back, or without one the edge of the time range.
    const place: Cursor = token?.cursor ?? { at: request.startTime, sequence: 0 };
    return {
      events: page.map(({ at, message, ingestedAt }) => ({
        timestamp: at,
        message,
        ingestionTime: ingestedAt,
      })),
      nextForwardToken: encodePageToken({ direction: "forward", cursor: cursorOf(page.at(-1)) ?? place }),
      nextBackwardToken: encodePageToken({ direction: "backward", cursor: cursorOf(page.at(0)) ?? place }),
    };
  });
}

function cursorOf(event: LogEvent | undefined): Cursor | undefined {
  return event && { at: event.at, sequence: event.sequence };
}

function take(scan: Iterable<LogEvent>, stream: string, limit: number): LogEvent[] {
  const page: LogEvent[] = [];
  let bytes = 0;
  for (const event of scan) {
    if (event.stream !== stream) continue;
    bytes += eventBytes(event);
    if (page.length === limit || (page.length > 0 && bytes > MAXIMUM_PAGE_BYTES)) break;
    page.push(event);
  }
  return page;
}
