/**
 * The alarm of an alert, as AWS has it. Of an alarm on many series, which notifies for each, that is the one series: the
 * state of the whole says nothing of it.
 */
import type { AlarmDetails } from "../domain/alert.ts";
import { insightsQuery, seriesOfGroup } from "../domain/metrics-insights.ts";
import type { AlarmContributorReading, AlarmReading } from "../domain/reading.ts";
import type { AlarmReader, ReadOptions } from "./ports.ts";

export type AlertedAlarm = Pick<AlarmDetails, "name" | "contributor">;

/** Reads the alarm, or the one series of it. Throws as {@link AlarmReader}; undefined where AWS has no such alarm. */
export async function readAlertedAlarm(
  { name, contributor }: AlertedAlarm,
  alarms: AlarmReader,
  options?: ReadOptions,
): Promise<AlarmReading | undefined> {
  const alarm = await alarms.alarm(name, options);
  if (alarm === undefined || contributor === undefined) return alarm;
  // Only an alarm on a query can have contributors, whatever a message says.
  if (alarm.metric !== undefined || alarm.rule !== undefined) return alarm;
  const firing = await alarms.contributors(name, options);
  return firing === undefined ? alarm : ofContributor(alarm, contributor, firing);
}

/**
 * Narrows an alarm to one of its series. AWS lists the contributors that are in ALARM, so that one which is not among
 * them is OK. Its own series is that of the alarm's query for its attributes; where the query does not pin down one
 * series, the reading has no metric.
 */
export function ofContributor(
  alarm: AlarmReading,
  contributor: NonNullable<AlarmDetails["contributor"]>,
  firing: readonly AlarmContributorReading[],
): AlarmReading {
  const listed = firing.find(({ id }) => id === contributor.id);
  // AWS's own attributes, where it still lists it.
  const attributes = listed?.attributes ?? contributor.attributes;
  const { queries: _queries, reason: _reason, stateSince: _since, ...rest } = alarm;
  return {
    ...rest,
    contributor: { id: contributor.id, attributes },
    state: listed === undefined ? "OK" : "ALARM",
    ...(listed?.reason ? { reason: listed.reason } : {}),
    ...(listed?.stateSince === undefined ? {} : { stateSince: listed.stateSince }),
    ...seriesOf(alarm, attributes),
  };
}

/** Period of a query that names none. Seconds. */
const USUAL_PERIOD_SECONDS = 60;

function seriesOf(
  { queries = [] }: AlarmReading,
  attributes: Readonly<Record<string, string>>,
): Partial<AlarmReading> {
  const [only, more] = queries;
  if (only === undefined || more !== undefined || only.accountId !== undefined) return {};
  const query = insightsQuery(only.expression);
  const dimensions = query && seriesOfGroup(query, attributes);
  if (query === undefined || dimensions === undefined) return {};
  const { namespace, metric, statistic } = query;
  return {
    namespace,
    metric,
    statistic,
    dimensions,
    periodSeconds: only.periodSeconds ?? USUAL_PERIOD_SECONDS,
  };
}

/** Names the series of an alarm on many, as in `ServiceName web`. */
export function contributorText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
