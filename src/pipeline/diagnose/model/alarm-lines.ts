import type { Alert } from "../../../domain/alert.ts";
import { capTokens, oneLine } from "./text.ts";

const NAME_TOKENS = 50;
const TEXT_TOKENS = 110;

/**
 * What is known of the alarm, one item a line. Names, descriptions and reasons are free text of whoever made the
 * alarm or sent the message, so these lines belong into a fence.
 */
export function alarmLines(alert: Alert): string[] {
  const { alarm, reported } = alert;
  const metric = alarm?.metric;
  const items: [label: string, value: string | number | undefined, tokens: number][] = [
    ["title", alert.title, NAME_TOKENS],
    ["name", alarm?.name, NAME_TOKENS],
    ["description", alarm?.description, TEXT_TOKENS],
    ["reason", alarm?.reason, TEXT_TOKENS],
    ["metric", metric && `${metric.namespace} ${metric.name} ${metric.statistic}`, NAME_TOKENS],
    ["period seconds", metric?.periodSeconds, NAME_TOKENS],
    ["comparison", alarm?.comparison, NAME_TOKENS],
    ["threshold", alarm?.threshold, NAME_TOKENS],
    ["evaluation periods", alarm?.evaluationPeriods, NAME_TOKENS],
    [
      "reported",
      reported && `${reported.metric} = ${reported.value}, threshold ${reported.threshold}`,
      NAME_TOKENS,
    ],
  ];
  return items.flatMap(([label, value, tokens]) =>
    value === undefined ? [] : [`${label}: ${capTokens(oneLine(String(value)), tokens)}`],
  );
}
