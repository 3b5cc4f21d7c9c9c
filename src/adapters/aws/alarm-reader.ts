import type { AlarmHistoryItem } from "@aws-sdk/client-cloudwatch";
import type { AlarmContributorReading, AlarmTransitionReading } from "../../domain/reading.ts";
import type { AlarmReader, ReadOptions, Window } from "../../evidence/ports.ts";
import {
  toCompositeAlarmReading,
  toContributorReading,
  toMetricAlarmReading,
  toTransition,
} from "./alarm-reading.ts";
import { readFailure } from "./aws-error.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";

/** Without it CloudWatch returns metric alarms only. */
const alarmTypes = ["MetricAlarm", "CompositeAlarm"] as const;
/** A page holds 100 items; an alarm with more changes is known to flap. */
const maxPages = 20;
/** AWS evaluates 500 contributors at most. */
const maxContributors = 500;

/** Reads of CloudWatch alarms and their history. */
export function createAlarmReader(clients: AwsClients): AlarmReader {
  return {
    async alarm(name, options) {
      const { sdk, client } = await clients.cloudWatch();
      const input = { AlarmNames: [name], AlarmTypes: [...alarmTypes] };
      const answer = await call("cloudwatch:DescribeAlarms", options, (send) =>
        client.send(new sdk.DescribeAlarmsCommand(input), send),
      );
      const metric = answer.MetricAlarms?.[0];
      if (metric) return toMetricAlarmReading(metric);
      const composite = answer.CompositeAlarms?.[0];
      return composite && toCompositeAlarmReading(composite);
    },

    async contributors(name, options) {
      const { sdk, client } = await clients.cloudWatch();
      const found: AlarmContributorReading[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
        const input = { AlarmName: name, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
        const answer = await call("cloudwatch:DescribeAlarmContributors", options, (send) =>
          client.send(new sdk.DescribeAlarmContributorsCommand(input), send).catch((fault: unknown) => {
            // An alarm on one series has no contributors, which CloudWatch says as a fault.
            if (NO_CONTRIBUTORS.test(readFailure(fault).code)) return undefined;
            throw fault;
          }),
        );
        if (answer === undefined) return undefined;
        found.push(...(answer.AlarmContributors ?? []).flatMap((one) => toContributorReading(one) ?? []));
        nextToken = answer.NextToken;
        if (found.length >= maxContributors) break;
      }
      return found.slice(0, maxContributors);
    },

    async transitions(name, window, options) {
      const transitions: AlarmTransitionReading[] = [];
      for await (const items of history(clients, name, window, options)) {
        transitions.push(...items.flatMap((item) => toTransition(item) ?? []));
      }
      return transitions.reverse();
    },
  };
}

const NO_CONTRIBUTORS = /^(?:ResourceNotFound|Validation)(?:Exception|Error)?$/;

/** Newest first, so that the limit cuts off the oldest. */
async function* history(
  clients: AwsClients,
  name: string,
  window: Window,
  options?: ReadOptions & { readonly contributor?: string | undefined },
): AsyncGenerator<readonly AlarmHistoryItem[]> {
  const { sdk, client } = await clients.cloudWatch();
  const contributor = options?.contributor;
  const kind =
    contributor === undefined
      ? { HistoryItemType: "StateUpdate" as const }
      : { HistoryItemType: "AlarmContributorStateUpdate" as const, AlarmContributorId: contributor };
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
    const input = {
      AlarmName: name,
      AlarmTypes: [...alarmTypes],
      ...kind,
      StartDate: new Date(window.from),
      EndDate: new Date(window.to),
      ScanBy: "TimestampDescending" as const,
      MaxRecords: 100,
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
    const answer = await call("cloudwatch:DescribeAlarmHistory", options, (send) =>
      client.send(new sdk.DescribeAlarmHistoryCommand(input), send),
    );
    yield answer.AlarmHistoryItems ?? [];
    nextToken = answer.NextToken;
  }
}
