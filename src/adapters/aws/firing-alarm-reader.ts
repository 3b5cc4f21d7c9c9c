import type { AlarmReading } from "../../domain/reading.ts";
import type { FiringAlarmReader } from "../../evidence/ports.ts";
import { toMetricAlarmReading } from "./alarm-reading.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";

/** CloudWatch cannot filter by dimension, so the number of pages is limited. */
const maxPages = 3;
const pageSize = 100;

/** Reads metric alarms in ALARM; composite ones have no dimensions to match a service by. */
export function createFiringAlarmReader(clients: AwsClients): FiringAlarmReader {
  return {
    async firing(options) {
      const { sdk, client } = await clients.cloudWatch();
      const found: AlarmReading[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
        const input = {
          StateValue: "ALARM" as const,
          AlarmTypes: ["MetricAlarm" as const],
          MaxRecords: pageSize,
          ...(nextToken === undefined ? {} : { NextToken: nextToken }),
        };
        const answer = await call("cloudwatch:DescribeAlarms", options, (send) =>
          client.send(new sdk.DescribeAlarmsCommand(input), send),
        );
        found.push(...(answer.MetricAlarms ?? []).map(toMetricAlarmReading));
        nextToken = answer.NextToken;
      }
      return found.filter(({ state }) => state === "ALARM");
    },
  };
}
