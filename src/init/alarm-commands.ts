/** Proposed alarms as shell commands. Pure. */
import type { MissingAlarm } from "./missing-alarms.ts";

/** Returns one command for each alarm, with JSON, so that no value is read as an option. */
export function alarmCommands(missing: readonly MissingAlarm[], region: string): string[] {
  return missing.map(
    ({ alarm }) =>
      `aws cloudwatch put-metric-alarm --region ${quoted(region)} --cli-input-json ${quoted(JSON.stringify(alarm))}`,
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
