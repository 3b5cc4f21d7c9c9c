/**
 * Finds the service of an alarm that stands for others: a composite alarm by the alarms of its rule, an alarm on many series
 * by those that fire. Both are read from AWS; what a message says of them is only told where AWS cannot be asked.
 */
import { alarmsInRule, alarmsThatFire } from "../domain/alarm-rule.ts";
import type { Alert } from "../domain/alert.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { AlarmReading } from "../domain/reading.ts";
import type { Target } from "../domain/target.ts";
import { agreedDimensions, contributorDimensions } from "./agreed-dimensions.ts";
import { namesOf, standsFor } from "./alarm-contributor.ts";
import type { AlarmLookup } from "./ports.ts";
import { keyOf, resolveTarget, type TargetResolution, type TriggerContext } from "./target-resolution.ts";

/** The most alarms of a rule that are read, nested ones included; AWS allows 100 in a rule. */
const MOST_READ = 20;
/** Composite alarms may nest; below this the rule is not followed. */
const DEEPEST = 3;
/** The most series of one alarm that become alerts; the others are left to a person. */
const MOST_SERIES = 50;

/** Where alarms are read; without a reader nothing is followed, and the problem names what was not read. */
export interface AlarmSource {
  readonly alarms: AlarmLookup;
  /** Limits one read. */
  readonly options: () => { readonly signal: AbortSignal };
}

/**
 * Returns the alert with its target, several alerts where several series of the alarm fire, or the alert with a problem
 * that names the alarms. Never throws.
 */
export async function followAlarm(
  alert: Alert,
  context: TriggerContext,
  source: AlarmSource | undefined,
): Promise<readonly Alert[]> {
  const { alarm } = alert;
  if (alert.target !== undefined || alarm === undefined) return [alert];
  if (alarm.children !== undefined) return [await followComposite(alert, alarm.children, context, source)];
  if (alarm.groupedBy === undefined || alert.state !== "ALARM") return [alert];
  return followSeries(alert, alarm.groupedBy, context, source);
}

async function followComposite(
  alert: Alert,
  told: readonly string[],
  context: TriggerContext,
  source: AlarmSource | undefined,
): Promise<Alert> {
  const name = alert.alarm?.name ?? alert.title;
  const set = standsFor({ children: [...told] });
  const pattern = `Add a pattern for "${name}" under "alarms:" in the policy file.`;
  if (source === undefined) {
    return withProblem(alert, `The composite alarm "${name}" names no ECS service.${set} ${pattern}`);
  }
  try {
    const children = await readChildren(name, source);
    if (children === undefined) {
      return withProblem(alert, `AWS has no composite alarm "${name}".${set} ${pattern}`);
    }
    const firing = children.filter(({ state }) => state === "ALARM");
    const found = servicesOf(firing.length > 0 && alert.state === "ALARM" ? firing : children, context);
    const [only, another] = found.values();
    if (only !== undefined && another === undefined) return { ...withoutProblem(alert), ...only.resolution };
    if (another !== undefined) {
      const each = [...found.values()].map(({ alarms, service }) => `${service} (${namesOf(alarms)})`);
      return withProblem(
        alert,
        `The composite alarm "${name}" is about several services: ${each.join(", ")}. Which of them is at fault it does not say. Let the alarms notify by themselves, or name one service: ${pattern}`,
      );
    }
    const seen =
      children.length === 0 ? told : (firing.length > 0 ? firing : children).map((one) => one.name);
    return withProblem(
      alert,
      seen.length === 0
        ? `The composite alarm "${name}" names no ECS service, and no alarm of its rule could be found. ${pattern}`
        : `The composite alarm "${name}" names no ECS service, and neither does ${namesOf(seen)}, which it stands for. ${pattern}`,
    );
  } catch (thrown) {
    const { message } = asOpsAgentError(thrown);
    return withProblem(
      alert,
      `The composite alarm "${name}" names no ECS service.${set} Its alarms could not be read: ${message}. ${pattern}`,
    );
  }
}

/** Returns the alarms of the rule that have a metric, those of nested rules too; undefined for no composite alarm. */
async function readChildren(
  name: string,
  { alarms, options }: AlarmSource,
): Promise<AlarmReading[] | undefined> {
  const own = await alarms.alarm(name, options());
  if (own?.rule === undefined) return undefined;
  const read = new Set([name]);
  const found: AlarmReading[] = [];
  let next = candidatesIn(own.rule, own.arn);
  for (let depth = 0; depth < DEEPEST && next.length > 0; depth += 1) {
    const asked = [...new Set(next)].filter((one) => !read.has(one)).slice(0, MOST_READ + 1 - read.size);
    for (const one of asked) read.add(one);
    const children = (await Promise.all(asked.map((one) => alarms.alarm(one, options())))).flatMap(
      (one) => one ?? [],
    );
    found.push(...children.filter(({ rule: nested }) => nested === undefined));
    next = children.flatMap(({ rule: nested, arn }) =>
      nested === undefined ? [] : candidatesIn(nested, arn),
    );
  }
  return found;
}

/** Alarms that have to be silent, such as one on a deployment, say nothing of what is wrong. */
function candidatesIn(rule: string, own: string | undefined): string[] {
  const fire = alarmsThatFire(rule, own);
  return fire.length > 0 ? fire : alarmsInRule(rule, own);
}

interface Found {
  readonly service: string;
  readonly resolution: TargetResolution;
  readonly alarms: string[];
}

/** The services that the alarms name, each once. One of another cluster counts: it must not be passed over. */
function servicesOf(alarms: readonly AlarmReading[], context: TriggerContext): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const alarm of alarms) {
    const { ServiceName: service, ClusterName: cluster } = dimensionsOf(alarm);
    const resolution = resolveTarget({ name: alarm.name, cluster, service }, context);
    const target = "target" in resolution ? resolution.target : undefined;
    if (target === undefined && service === undefined) continue;
    const known = target === undefined ? `${cluster ?? "?"}/${service}` : shortName(target);
    const before = found.get(known);
    if (before === undefined) found.set(known, { service: known, resolution, alarms: [alarm.name] });
    else before.alarms.push(alarm.name);
  }
  return found;
}

function dimensionsOf({ dimensions, queries = [] }: AlarmReading): Record<string, string> {
  const inputs = queries.flatMap(({ metric }) => Object.entries(metric?.dimensions ?? {}));
  const expressions = queries.flatMap(({ expression }) => expression ?? []);
  return {
    ...contributorDimensions(expressions, undefined),
    ...agreedDimensions(inputs.map(([name, value]) => ({ name, value }))),
    ...dimensions,
  };
}

/** Two clocks of one change: AWS gives the alarm and the series that set it off one time in their messages. */
const SAME_CHANGE_MS = 60_000;

function sameChange(one: string | undefined, other: string): boolean {
  return Math.abs(Date.parse(one ?? "") - Date.parse(other)) <= SAME_CHANGE_MS;
}

/** Returns an alert for each series that fires, with the key that its own notification has where the times agree. */
async function followSeries(
  alert: Alert,
  groupedBy: readonly string[],
  context: TriggerContext,
  source: AlarmSource | undefined,
): Promise<readonly Alert[]> {
  const name = alert.alarm?.name ?? alert.title;
  const many = `The alarm "${name}" watches many series (by ${namesOf(groupedBy)})`;
  const advice =
    'Send the events "CloudWatch Alarm Contributor State Change" too, or let it notify through SNS.';
  if (source === undefined) return [withProblem(alert, `${many}, and does not say which fires. ${advice}`)];
  try {
    const [alarm, series] = await Promise.all([
      source.alarms.alarm(name, source.options()),
      source.alarms.contributors(name, source.options()),
    ]);
    const firing = series ?? [];
    const common = alarm === undefined ? {} : dimensionsOf(alarm);
    if (firing.length === 0) return [withProblem(alert, `${many}, and AWS lists none that fires. ${advice}`)];
    const alerts = firing.slice(0, MOST_SERIES).map(({ id, attributes, stateSince, reason }): Alert => {
      const firedAt = sameChange(stateSince, alert.firedAt) ? alert.firedAt : (stateSince ?? alert.firedAt);
      const { ServiceName: service, ClusterName: cluster } = { ...common, ...attributes };
      const { reason: _, groupedBy: _groups, ...own } = alert.alarm ?? { name };
      return {
        ...withoutProblem(alert),
        key: keyOf("cloudwatch", own.arn ?? name, firedAt, alert.state, id),
        firedAt,
        ...resolveTarget({ name, cluster, service }, context),
        alarm: {
          ...own,
          ...(reason === undefined ? {} : { reason }),
          contributor: { id, attributes: { ...attributes } },
        },
      };
    });
    const left = firing.length - alerts.length;
    return left === 0 ? alerts : [...alerts, withProblem(alert, `${many}: ${left} more fire. ${advice}`)];
  } catch (thrown) {
    const { message } = asOpsAgentError(thrown);
    return [withProblem(alert, `${many}, and which fires could not be read: ${message}. ${advice}`)];
  }
}

function withoutProblem({ targetProblem: _, ...alert }: Alert): Alert {
  return alert;
}

function withProblem(alert: Alert, targetProblem: string): Alert {
  return { ...alert, targetProblem };
}

function shortName({ cluster, service }: Target): string {
  return `${cluster}/${service}`;
}
