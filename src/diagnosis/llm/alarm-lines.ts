import { type Alert, Comparison } from "../../domain/alert.ts";
import { type Evidence, factsOf } from "../../domain/evidence.ts";
import { metricName } from "./fact-text.ts";
import { capTokens, oneLine } from "./text.ts";
import { untrustedName, untrustedText } from "./untrusted-text.ts";

const LINE_TOKENS = 110;

/**
 * Returns what is known of the alarm, one item a line. Names, descriptions and reasons are free text of whoever made
 * the alarm or sent the message: only words of the closed vocabulary pass, and they belong inside a fence. Numbers are
 * those of DescribeAlarms; what a message says of them is left out.
 */
export function alarmLines(alert: Alert, evidence: Evidence): string[] {
  const { alarm, reported } = alert;
  const known = factsOf(evidence, "alarm").find(({ data }) => data.other !== true)?.data;
  const { metric, ...definition } = known?.definition ?? {};
  const items: [label: string, value: string | number | undefined][] = [
    ["name", untrustedName(alarm?.name ?? alert.title)],
    ["description", alarm?.description && untrustedText(alarm.description)],
    ["metric", metric && `${metricName(metric)}, ${statistic(definition.statistic ?? "")}`],
    ["period seconds", definition.periodSeconds],
    ["comparison", Comparison.safeParse(definition.comparison).data],
    ["threshold", definition.threshold],
    ["evaluation periods", definition.evaluationPeriods],
    ["reported", reported && `trouble with ${metricName(reported.metric)}, numbers unverified`],
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
