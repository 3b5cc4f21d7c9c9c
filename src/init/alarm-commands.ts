/** Proposed alarms as commands that can be pasted into a shell. Pure. */
import type { MissingAlarm } from "./missing-alarms.ts";

/** One command each; JSON, so that nothing is lost or read as an option. */
export function alarmCommands(missing: readonly MissingAlarm[], region: string): string[] {
  return missing.map(
    ({ alarm }) =>
      `aws cloudwatch put-metric-alarm --region ${quoted(region)} --cli-input-json ${quoted(JSON.stringify(alarm))}`,
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
