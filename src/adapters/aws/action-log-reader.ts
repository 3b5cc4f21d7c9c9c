/**
 * ECS Action Logs: what the control plane did, delivered by CloudWatch Logs where a cluster has them on.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/action-logs.html
 */
import { z } from "zod";
import type { ActionLogReading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target.ts";
import type { ActionLogReader, ReadOptions, Window } from "../../evidence/ports.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";

/** An account has few deliveries of one cluster; further pages are not read. */
const maxPages = 3;
const maxEntries = 200;

/** The API takes `ACTION_LOGS`; AWS's own page writes `EcsActionLogs`. */
const LOG_TYPE = /^(?:ecs)?_?action_?logs$/i;

/** Creates the reader. The group is never guessed by its usual name: only AWS's own delivery leads to it. */
export function createActionLogReader(clients: AwsClients): ActionLogReader {
  return {
    async destination(clusterArn, options) {
      const sources = await sourcesOf(clients, clusterArn, options);
      if (sources.length === 0) return undefined;
      const { sdk, client } = await clients.logs();
      const answer = await call("logs:DescribeDeliveries", options, (send) =>
        client.send(new sdk.DescribeDeliveriesCommand({ deliverySourceNames: [...sources] }), send),
      );
      const own = (answer.deliveries ?? []).filter(({ deliverySourceName: name }) =>
        sources.includes(name ?? ""),
      );
      const toLogs = own.find(({ deliveryDestinationType: type }) => type === "CWL");
      const [first] = own;
      if (first === undefined) return undefined;
      const name = (toLogs ?? first).deliveryDestinationArn?.split(":delivery-destination:").at(-1) ?? "";
      const kind = (toLogs ?? first).deliveryDestinationType ?? "unknown";
      if (toLogs === undefined) return { kind };
      const found = await call("logs:GetDeliveryDestination", options, (send) =>
        client.send(new sdk.GetDeliveryDestinationCommand({ name }), send),
      );
      const arn = found.deliveryDestination?.deliveryDestinationConfiguration?.destinationResourceArn ?? "";
      const [, group] = /:log-group:([^:]+)/.exec(arn) ?? [];
      return group === undefined ? { kind } : { kind, group };
    },

    async entries(group, target, window, options) {
      const found: ActionLogReading[] = [];
      for await (const messages of pages(clients, group, window, options)) {
        found.push(...messages.flatMap((message) => toEntry(message, target) ?? []));
        if (found.length >= maxEntries) break;
      }
      return found
        .slice(0, maxEntries)
        .toSorted((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
    },
  };
}

async function sourcesOf(
  clients: AwsClients,
  clusterArn: string,
  options: ReadOptions | undefined,
): Promise<readonly string[]> {
  const { sdk, client } = await clients.logs();
  const names: string[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
    const input = { resourceArns: [clusterArn], ...(nextToken === undefined ? {} : { nextToken }) };
    const answer = await call("logs:DescribeDeliverySources", options, (send) =>
      client.send(new sdk.DescribeDeliverySourcesCommand(input), send),
    );
    for (const { name, logType, resourceArns = [] } of answer.deliverySources ?? []) {
      if (name && LOG_TYPE.test(logType ?? "") && resourceArns.includes(clusterArn)) names.push(name);
    }
    nextToken = answer.nextToken;
  }
  return names;
}

/** Warnings and errors only, newest first. */
async function* pages(
  clients: AwsClients,
  logGroupName: string,
  window: Window,
  options?: ReadOptions,
): AsyncGenerator<readonly string[]> {
  const { sdk, client } = await clients.logs();
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
    const input = {
      logGroupName,
      startTime: window.from,
      endTime: window.to - 1,
      filterPattern: '{ ($.logLevel = "ERROR") || ($.logLevel = "WARN") }',
      startFromHead: false,
      ...(nextToken === undefined ? {} : { nextToken }),
    };
    const answer = await call("logs:FilterLogEvents", options, (send) =>
      client.send(new sdk.FilterLogEventsCommand(input), send),
    );
    yield (answer.events ?? []).flatMap(({ message }) => message ?? []);
    nextToken = answer.nextToken;
  }
}

const text = z.string().nullish().catch(undefined);
const number = z.number().nullish().catch(undefined);

/** AWS's page shows two forms: the event's name and time stand at the top, or in the detail and under another name. */
const Entry = z.object({
  timestamp: number,
  eventTimestamp: number,
  logLevel: z.enum(["WARN", "ERROR"]),
  actionSourceId: z.string(),
  eventName: text,
  detail: z
    .object({ eventName: text, statusReason: text, containerStoppedReason: text, stopCode: text })
    .nullish()
    .catch(undefined),
});

/** Returns an entry about the service; undefined for another one's and for what is no entry. */
function toEntry(message: string, { cluster, service }: Target): ActionLogReading | undefined {
  const parsed = Entry.safeParse(jsonOf(message));
  if (!parsed.success) return undefined;
  const { timestamp, eventTimestamp, logLevel: level, actionSourceId, eventName, detail } = parsed.data;
  // An ARN, or its last part alone.
  const [about = ""] = /service\/.*$/.exec(actionSourceId) ?? [];
  const at = eventTimestamp ?? timestamp;
  const event = eventName ?? detail?.eventName;
  if (about !== `service/${cluster}/${service}` || !event || !at || !Number.isFinite(at)) return undefined;
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return undefined;
  const reason = detail?.statusReason ?? detail?.containerStoppedReason ?? detail?.stopCode;
  return { at: time.toISOString(), level, event, ...(reason ? { reason } : {}) };
}

function jsonOf(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
