import type { LogInventory } from "../../../doctor/ports.ts";
import type { ReadOptions } from "../../../evidence/ports.ts";
import { call } from "../call.ts";
import { isMissing } from "../log-reader.ts";
import type { InspectionClients } from "./clients.ts";

type Place = Parameters<LogInventory["newest"]>[0];

/** FilterLogEvents may return empty pages before the first line. */
const maxPages = 5;

/**
 * Reads how recent log groups are. First it searches lines since a time; without any, it uses the newest stream's
 * time of its last line, which AWS updates within an hour or so.
 */
export function createLogInventory(clients: InspectionClients): LogInventory {
  return {
    async newest(place, since, options) {
      try {
        const recent = await newestLine(clients, place, since, options);
        return { newest: recent ?? (await newestOfStreams(clients, place, options)) };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

async function newestLine(
  clients: InspectionClients,
  place: Place,
  startTime: number,
  options?: ReadOptions,
): Promise<number | undefined> {
  const { sdk, client } = await clients.logs(place.region);
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
    const input = { ...streamsOf(place), startTime, limit: 50, startFromHead: false };
    const command = new sdk.FilterLogEventsCommand({
      ...input,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    const answer = await call("logs:FilterLogEvents", options, (send) => client.send(command, send));
    const times = (answer.events ?? []).flatMap(({ timestamp }) => timestamp ?? []);
    if (times.length > 0) return Math.max(...times);
    nextToken = answer.nextToken;
  }
  return undefined;
}

async function newestOfStreams(
  clients: InspectionClients,
  place: Place,
  options?: ReadOptions,
): Promise<number | undefined> {
  const [sdk, { client }] = await Promise.all([clients.inspection(), clients.logs(place.region)]);
  // AWS does not order the streams of a prefix by time.
  const of =
    place.streamPrefix === undefined
      ? ({ orderBy: "LastEventTime", descending: true, limit: 1 } as const)
      : { limit: 50 };
  const command = new sdk.DescribeLogStreamsCommand({ ...streamsOf(place), ...of });
  const answer = await call("logs:DescribeLogStreams", options, (send) => client.send(command, send));
  const times = (answer.logStreams ?? []).flatMap(({ lastEventTimestamp }) => lastEventTimestamp ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

function streamsOf({ group, streamPrefix }: Place) {
  return {
    logGroupName: group,
    ...(streamPrefix === undefined ? {} : { logStreamNamePrefix: streamPrefix }),
  };
}
