import { WireError } from "../../wire/service.ts";
import type { LogSink } from "../types.ts";
import { createEventList, type EventList } from "./event-list.ts";

const DAY_MILLISECONDS = 86_400_000;

/** A log stream's own facts. Instants are epoch milliseconds. */
export interface LogStream {
  readonly name: string;
  readonly createdAt: number;
  readonly firstEventAt?: number;
  readonly lastEventAt?: number;
  readonly lastIngestedAt?: number;
}

/** A log group with its streams and events. */
export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly streams: Map<string, LogStream>;
  readonly events: EventList;
  /** Absent: events never expire. */
  readonly retentionInDays?: number;
}

/** Every log group. */
export interface LogStore extends LogSink {
  /** Throws `ResourceAlreadyExistsException`. */
  addGroup(name: string): void;
  removeGroup(name: string): void;
  /** Throws `ResourceAlreadyExistsException`, or `ResourceNotFoundException` for the group. */
  addStream(group: string, name: string): void;
  /** Throws `ResourceNotFoundException`. */
  requireGroup(name: string): LogGroup;
  requireStream(group: string, name: string): LogStream;
  /** How many days events are kept, for ever when undefined; throws `ResourceNotFoundException`. */
  setRetention(group: string, days: number | undefined): void;
  /** Events before this instant have expired: AWS may delete them up to 72 hours later, but marks them so. */
  oldestReadable(group: LogGroup): number;
  now(): number;
  /** All groups by name. */
  groups(): LogGroup[];
}

/** Creates an empty store. What the world writes makes its group and stream, as the awslogs driver can. */
export function createLogStore(now: () => number): LogStore {
  const groupsByName = new Map<string, LogGroup>();

  function ensureGroup(name: string): LogGroup {
    const group = groupsByName.get(name) ?? {
      name,
      createdAt: now(),
      streams: new Map(),
      events: createEventList(),
    };
    groupsByName.set(name, group);
    return group;
  }

  function requireGroup(name: string): LogGroup {
    const group = groupsByName.get(name);
    if (group === undefined) {
      throw new WireError("ResourceNotFoundException", "The specified log group does not exist.");
    }
    return group;
  }

  return {
    createGroup: (name) => void ensureGroup(name),
    put(groupName, streamName, lines) {
      const { streams, events } = ensureGroup(groupName);
      const ingestedAt = now();
      let stream = streams.get(streamName) ?? { name: streamName, createdAt: ingestedAt };
      for (const { at, message } of lines) {
        events.add({ at, ingestedAt, stream: streamName, message });
        stream = {
          ...stream,
          firstEventAt: Math.min(stream.firstEventAt ?? at, at),
          lastEventAt: Math.max(stream.lastEventAt ?? at, at),
          lastIngestedAt: ingestedAt,
        };
      }
      streams.set(streamName, stream);
    },
    addGroup(name) {
      if (groupsByName.has(name)) {
        throw new WireError("ResourceAlreadyExistsException", "The specified log group already exists");
      }
      ensureGroup(name);
    },
    removeGroup(name) {
      requireGroup(name);
      groupsByName.delete(name);
    },
    addStream(groupName, name) {
      const { streams } = requireGroup(groupName);
      if (streams.has(name)) {
        throw new WireError("ResourceAlreadyExistsException", "The specified log stream already exists");
      }
      streams.set(name, { name, createdAt: now() });
    },
    requireGroup,
    requireStream(groupName, name) {
      const stream = requireGroup(groupName).streams.get(name);
      if (stream === undefined) {
        throw new WireError("ResourceNotFoundException", "The specified log stream does not exist.");
      }
      return stream;
    },
    setRetention(groupName, days) {
      const { retentionInDays: _, ...group } = requireGroup(groupName);
      groupsByName.set(groupName, days === undefined ? group : { ...group, retentionInDays: days });
    },
    oldestReadable: ({ retentionInDays }) =>
      retentionInDays === undefined ? 0 : now() - retentionInDays * DAY_MILLISECONDS,
    now,
    groups: () => [...groupsByName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
