import type { AlarmContributor } from "../domain/alert.ts";
import { insightsQuery } from "../domain/metrics-insights.ts";

/** The dimensions on which all metrics of an alarm agree; one that they disagree on is left out. */
export function agreedDimensions(
  all: readonly { readonly name: string; readonly value: string }[],
): Record<string, string> {
  const values = new Map<string, Set<string>>();
  for (const { name, value } of all) values.set(name, (values.get(name) ?? new Set()).add(value));
  const agreed: Record<string, string> = {};
  for (const [name, seen] of values) {
    const [only] = seen;
    if (seen.size === 1 && only !== undefined) agreed[name] = only;
  }
  return agreed;
}

/** The dimensions by which a query of the alarm tells its series apart; undefined for an alarm on one series. */
export function groupsOf(expressions: readonly string[]): string[] | undefined {
  const groups = expressions.flatMap((one) => insightsQuery(one)?.groupedBy ?? []);
  return groups.length === 0 ? undefined : [...new Set(groups)];
}

/** The dimensions that an alarm's queries set to one value, and those of the one series that notifies. */
export function contributorDimensions(
  expressions: readonly string[],
  contributor: AlarmContributor | undefined,
): Record<string, string> {
  const equals = expressions.flatMap((one) => Object.entries(insightsQuery(one)?.equals ?? {}));
  return {
    ...agreedDimensions(equals.map(([name, value]) => ({ name, value }))),
    ...contributor?.attributes,
  };
}
