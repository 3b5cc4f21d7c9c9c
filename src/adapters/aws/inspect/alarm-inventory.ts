import type { CompositeAlarm, Dimension, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { AlarmInventory, AlarmWiring, WatchedSeries } from "../../../doctor/ports.ts";
import { call } from "../call.ts";
import { defined } from "../defined.ts";
import type { InspectionClients } from "./clients.ts";

/** A page holds 100 alarms. */
const maxPages = 30;

/** Reads all alarms of the account and region: what they watch and whom they notify. */
export function createAlarmInventory(clients: InspectionClients): AlarmInventory {
  return {
    async alarms(options) {
      const { sdk, client } = await clients.cloudWatch();
      const alarms: AlarmWiring[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
        const command = new sdk.DescribeAlarmsCommand({
          AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
          MaxRecords: 100,
          ...(nextToken === undefined ? {} : { NextToken: nextToken }),
        });
        const answer = await call("cloudwatch:DescribeAlarms", options, (send) => client.send(command, send));
        alarms.push(...(answer.MetricAlarms ?? []).map(metricAlarm));
        alarms.push(...(answer.CompositeAlarms ?? []).map(compositeAlarm));
        nextToken = answer.NextToken;
      }
      return { alarms, complete: nextToken === undefined };
    },
  };
}

function metricAlarm(alarm: MetricAlarm): AlarmWiring {
  const inMath = (alarm.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
  return {
    ...actionsOf(alarm),
    metrics: [alarm, ...inMath].flatMap(({ Namespace, MetricName, Dimensions }): WatchedSeries[] =>
      MetricName === undefined
        ? []
        : [{ namespace: Namespace ?? "", metric: MetricName, dimensions: asRecord(Dimensions) }],
    ),
  };
}

function compositeAlarm(alarm: CompositeAlarm): AlarmWiring {
  return defined({ ...actionsOf(alarm), metrics: [], rule: alarm.AlarmRule });
}

function actionsOf({ AlarmName, ActionsEnabled, AlarmActions }: MetricAlarm | CompositeAlarm) {
  return { name: AlarmName ?? "", actionsEnabled: ActionsEnabled ?? true, actions: AlarmActions ?? [] };
}

function asRecord(dimensions: readonly Dimension[] | undefined): Record<string, string> {
  return Object.fromEntries((dimensions ?? []).map(({ Name, Value }) => [Name ?? "", Value ?? ""]));
}
