import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import { paginate } from "../shared/page.ts";
import { groupNameOf } from "./group-name.ts";
import type { LogStore, LogStream } from "./log-store.ts";

const INVALID = "InvalidParameterException";
const Limit = z.number().int().min(1).max(50).default(50);

const DescribeLogGroupsInput = z.object({
  logGroupNamePrefix: z.string().optional(),
  logGroupNamePattern: z.string().optional(),
  nextToken: z.string().optional(),
  limit: Limit,
});

const DescribeLogStreamsInput = z.object({
  logGroupName: z.string().optional(),
  logGroupIdentifier: z.string().optional(),
  logStreamNamePrefix: z.string().optional(),
  orderBy: z.enum(["LogStreamName", "LastEventTime"]).default("LogStreamName"),
  descending: z.boolean().default(false),
  nextToken: z.string().optional(),
  limit: Limit,
});

/** Makes the ARN of a log group. */
export type GroupArn = (group: string) => string;

/** DescribeLogGroups by prefix or by a part of the name. */
export function describeLogGroups(store: LogStore, arnOf: GroupArn): Operation {
  return operation(DescribeLogGroupsInput, INVALID, (request) => {
    if (request.logGroupNamePrefix !== undefined && request.logGroupNamePattern !== undefined) {
      throw new WireError(INVALID, "logGroupNamePrefix and logGroupNamePattern must not both be given.");
    }
    const groups = store
      .groups()
      .filter(
        ({ name }) =>
          name.startsWith(request.logGroupNamePrefix ?? "") &&
          name.includes(request.logGroupNamePattern ?? ""),
      );
    const page = paginate(groups, request.limit, request.nextToken, INVALID);
    return {
      logGroups: page.items.map(({ name, createdAt, events, retentionInDays }) => ({
        logGroupName: name,
        creationTime: createdAt,
        metricFilterCount: 0,
        ...(retentionInDays !== undefined && { retentionInDays }),
        arn: `${arnOf(name)}:*`,
        logGroupArn: arnOf(name),
        storedBytes: events.storedBytes,
        logGroupClass: "STANDARD",
      })),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  });
}

/** DescribeLogStreams by name or by the time of the last event. */
export function describeLogStreams(store: LogStore, arnOf: GroupArn): Operation {
  return operation(DescribeLogStreamsInput, INVALID, (request) => {
    if (request.orderBy === "LastEventTime" && request.logStreamNamePrefix !== undefined) {
      throw new WireError(INVALID, "Cannot order by LastEventTime with a logStreamNamePrefix.");
    }
    const group = store.requireGroup(groupNameOf(request));
    const streams = [...group.streams.values()]
      .filter(({ name }) => name.startsWith(request.logStreamNamePrefix ?? ""))
      .toSorted(request.orderBy === "LastEventTime" ? byLastEvent : byName);
    const ordered = request.descending ? streams.toReversed() : streams;
    const page = paginate(ordered, request.limit, request.nextToken, INVALID);
    return {
      logStreams: page.items.map((stream) => ({
        logStreamName: stream.name,
        creationTime: stream.createdAt,
        firstEventTimestamp: stream.firstEventAt,
        lastEventTimestamp: stream.lastEventAt,
        lastIngestionTime: stream.lastIngestedAt,
        arn: `${arnOf(group.name)}:log-stream:${stream.name}`,
        storedBytes: 0,
      })),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    };
  });
}

function byName(a: LogStream, b: LogStream): number {
  return a.name < b.name ? -1 : 1;
}

function byLastEvent(a: LogStream, b: LogStream): number {
  return (a.lastEventAt ?? a.createdAt) - (b.lastEventAt ?? b.createdAt);
}
