import type { Alert } from "../../domain/alert.ts";
import { metricName } from "./fact-text.ts";
import { capTokens, oneLine } from "./text.ts";
import { untrustedName, untrustedText } from "./untrusted-text.ts";

const LINE_TOKENS = 110;

/**
 * Returns what is known of the alarm, one item a line. Names, descriptions and reasons are free text of whoever made
 * the alarm or sent the message: only words of the closed vocabulary pass, and they belong inside a fence.
 */
export function alarmLines(alert: Alert): string[] {
  const { alarm, reported } = alert;
  const metric = alarm?.metric;
  const items: [label: string, value: string | number | undefined][] = [
    ["name", untrustedName(alarm?.name ?? alert.title)],
    ["description", alarm?.description && untrustedText(alarm.description)],
    ["reason", alarm?.reason && untrustedText(alarm.reason)],
    ["metric", metric && `${metricName(metric.name)}, ${statistic(metric.statistic)}`],
    ["period seconds", metric?.periodSeconds],
    ["comparison", alarm?.comparison],
    ["threshold", alarm?.threshold],
    ["evaluation periods", alarm?.evaluationPeriods],
    [
      "reported",
      reported && `${metricName(reported.metric)} = ${reported.value}, threshold ${reported.threshold}`,
    ],
  ];
  return items.flatMap(([label, value]) =>
    value === undefined || value === ""
      ? []
      : [`${label}: ${capTokens(oneLine(String(value)), LINE_TOKENS)}`],
  );
}

function statistic(name: string): string {
  return /^(?:Average|Sum|Minimum|Maximum|SampleCount|p\d{1,3}(?:\.\d{1,2})?)$/.test(name)
    ? name
    : "some statistic";
}
