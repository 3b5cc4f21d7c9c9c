import { alarmsInRule } from "../../domain/alarm-rule.ts";
import { type Check, type Finding, failed, ok } from "../check.ts";
import { NotCheckable } from "../not-checkable.ts";
import type { AlarmWiring } from "../ports.ts";
import { watchedServices } from "../watched-services.ts";
import { isFunction, isTopic } from "../wiring.ts";

export const alarmActions: Check = {
  id: "alarm-actions",
  area: "alarms",
  does: "Each alarm that watches a service does something when it fires: its actions are on, and one of them is an SNS topic or a function. Parts of a composite alarm may stay silent.",
  remedy: "Give the alarm the agent's SNS topic as alarm action, and switch its actions on.",
  async run(examination, options) {
    const { services } = await watchedServices(examination, options);
    const { alarms: all } = await examination.alarms();
    const parts = new Set(all.flatMap(({ rule }) => alarmsInRule(rule ?? "")));
    const watching = new Map(
      services.flatMap(({ alarms }) => alarms.map(({ alarm }) => [alarm.name, alarm] as const)),
    );
    if (watching.size === 0) throw new NotCheckable("No alarm watches these services; see `alarm-coverage`.");
    return [...watching.values()].map((alarm) => judge(alarm, parts.has(alarm.name)));
  },
};

function judge(alarm: AlarmWiring, isPart: boolean): Finding {
  const { name, actionsEnabled, actions } = alarm;
  const leading = actions.filter((arn) => isTopic(arn) || isFunction(arn));
  if (actionsEnabled && leading.length > 0) return ok(`notifies ${leading.map(shortArn).join(", ")}`, name);
  if (isPart) return ok("part of a composite alarm, which notifies", name);
  if (!actionsEnabled && leading.length > 0) {
    return failed(
      "its actions are switched off",
      `aws cloudwatch enable-alarm-actions --alarm-names ${quoted(name)}`,
      name,
    );
  }
  const others =
    actions.length === 0 ? "it has no alarm action" : `it only does ${actions.map(shortArn).join(", ")}`;
  return failed(
    `${others}, so it fires unheard`,
    `Add the agent's topic to it (AlarmActions); \`aws cloudwatch put-metric-alarm\` with its present settings and --alarm-actions TOPIC_ARN.`,
    name,
  );
}

function shortArn(arn: string): string {
  return arn.split(":").slice(5).join(":") || arn;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
