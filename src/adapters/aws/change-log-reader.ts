import type { Event, LookupAttribute } from "@aws-sdk/client-cloudtrail";
import type { ChangeLogReader } from "../../evidence/ports.ts";
import { call } from "./call.ts";
import { toChangeReading } from "./change-reading.ts";
import type { AwsClients } from "./clients.ts";

/** LookupEvents allows two calls a second in an account and region; each returns the newest fifty events. */
const maxNames = 2;
const pageSize = 50;

/**
 * Reads CloudTrail's event history with at most three calls, one after another. Not every service reports the names
 * of its resources to CloudTrail, so the newest changes of the account are read, too.
 */
export function createChangeLogReader(clients: AwsClients): ChangeLogReader {
  return {
    async changes(names, window, options) {
      const { sdk, client } = await clients.cloudTrail();
      const asked: LookupAttribute[] = [
        { AttributeKey: "ReadOnly", AttributeValue: "false" },
        ...[...new Set(names)].slice(0, maxNames).map((name) => ({
          AttributeKey: "ResourceName" as const,
          AttributeValue: name,
        })),
      ];
      const found = new Map<string, Event>();
      for (const attribute of asked) {
        const input = {
          LookupAttributes: [attribute],
          StartTime: new Date(window.from),
          EndTime: new Date(window.to),
          MaxResults: pageSize,
        };
        const answer = await call("cloudtrail:LookupEvents", options, (send) =>
          client.send(new sdk.LookupEventsCommand(input), send),
        );
        for (const event of answer.Events ?? []) found.set(event.EventId ?? `${found.size}`, event);
      }
      return [...found.values()]
        .flatMap((event) => toChangeReading(event) ?? [])
        .sort((one, other) => other.at.localeCompare(one.at));
    },
  };
}
