import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import { eventBytes, type LogEvent } from "./event-list.ts";
import { type MessageFilter, parseFilterPattern } from "./filter-pattern.ts";
import { groupNameOf } from "./group-name.ts";
import type { LogStore } from "./log-store.ts";
import { decodePageToken, encodePageToken, type PageToken } from "./page-token.ts";

const MAXIMUM_PAGE_EVENTS = 10_000;
const MAXIMUM_PAGE_BYTES = 1_048_576;
/** The most events that one call scans, so that a rare match yields empty pages with a token. */
const MAXIMUM_SCANNED_EVENTS = 20_000;
const NEWEST_FIRST_SINCE = Date.UTC(2024, 0, 1);

const FilterLogEventsInput = z.object({
  logGroupName: z.string().optional(),
  logGroupIdentifier: z.string().optional(),
  logStreamNames: z.array(z.string()).min(1).max(100).optional(),
  logStreamNamePrefix: z.string().min(1).optional(),
  startTime: z.number().int().min(0).optional(),
  endTime: z.number().int().min(0).optional(),
  filterPattern: z.string().max(1024).default(""),
  nextToken: z.string().optional(),
  limit: z.number().int().min(1).max(MAXIMUM_PAGE_EVENTS).default(MAXIMUM_PAGE_EVENTS),
  startFromHead: z.boolean().default(true),
});
type FilterLogEventsInput = z.infer<typeof FilterLogEventsInput>;

/** FilterLogEvents. Only the absence of `nextToken` means the end; both time bounds are inclusive. */
export function filterLogEvents(store: LogStore): Operation {
  return operation(FilterLogEventsInput, "InvalidParameterException", (request) => {
    validate(request);
    const group = store.requireGroup(groupNameOf(request));
    const { events, streams } = group;
    for (const name of request.logStreamNames ?? []) {
      if (!streams.has(name)) {
        throw new WireError("ResourceNotFoundException", "The specified log stream does not exist.");
      }
    }
    const token = request.nextToken === undefined ? undefined : decodePageToken(request.nextToken);
    const direction = token?.direction ?? (request.startFromHead ? "forward" : "backward");
    const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER, limit } = request;
    const from = Math.max(startTime, store.oldestReadable(group));
    const scan = events[direction](from, endTime, token?.cursor);
    const { page, last } = collectPage(scan, wantedBy(request), limit);
    const next: PageToken | undefined = last && {
      direction,
      cursor: { at: last.at, sequence: last.sequence },
    };
    return {
      events: page.map(toWire),
      searchedLogStreams: [],
      ...(next !== undefined && { nextToken: encodePageToken(next) }),
    };
  });
}

/** Fills one page. `last` is the event after which the next page starts, absent at the end of the scan. */
function collectPage(
  scan: Iterable<LogEvent>,
  isWanted: (event: LogEvent) => boolean,
  limit: number,
): { page: LogEvent[]; last: LogEvent | undefined } {
  const page: LogEvent[] = [];
  let bytes = 0;
  let scanned = 0;
  let last: LogEvent | undefined;
  for (const event of scan) {
    const isMatch = isWanted(event);
    if (isMatch) bytes += eventBytes(event);
    const isFull = page.length === limit || scanned === MAXIMUM_SCANNED_EVENTS || bytes > MAXIMUM_PAGE_BYTES;
    if (isFull && last !== undefined) return { page, last };
    if (isMatch) page.push(event);
    scanned += 1;
    last = event;
  }
  return { page, last: undefined };
}

function wantedBy(request: FilterLogEventsInput): (event: LogEvent) => boolean {
  const isMatch: MessageFilter = parseFilterPattern(request.filterPattern);
  const names = request.logStreamNames && new Set(request.logStreamNames);
  const prefix = request.logStreamNamePrefix ?? "";
  return ({ stream, message }) =>
    (names?.has(stream) ?? true) && stream.startsWith(prefix) && isMatch(message);
}

function validate({
  logStreamNames,
  logStreamNamePrefix,
  startFromHead,
  startTime,
}: FilterLogEventsInput): void {
  if (logStreamNames !== undefined && logStreamNamePrefix !== undefined) {
    throw new WireError(
      "InvalidParameterException",
      "logStreamNames and logStreamNamePrefix must not both be given.",
    );
  }
  if (!startFromHead && (startTime ?? 0) < NEWEST_FIRST_SINCE) {
    throw new WireError(
      "InvalidParameterException",
      "startFromHead false needs a startTime on or after Jan 1, 2024 00:00:00 UTC.",
    );
  }
}

function toWire({ stream, at, ingestedAt, message, sequence }: LogEvent): unknown {
  return {
    logStreamName: stream,
    timestamp: at,
    message,
    ingestionTime: ingestedAt,
    eventId: `${at}`.padStart(20, "0") + `${sequence}`.padStart(36, "0"),
  };
}
