/**
 * What a message says of the one series that notifies, and of the alarms that set off a composite one. Hints: a shape that
 * is not known is left out and never makes the alarm unreadable.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
import { z } from "zod";
import { alarmsInRule, alarmsThatFire } from "../domain/alarm-rule.ts";
import type { AlarmContributor, AlarmDetails } from "../domain/alert.ts";

/** AWS gives 150 attributes at most, and an id of 16 characters; what is longer is no contributor. */
const MOST_ATTRIBUTES = 150;
const LONGEST_ID = 1024;

/** Returns the contributor; undefined without an id. Attributes that are no text are left out. */
export function contributorOf(id: unknown, attributes: unknown): AlarmContributor | undefined {
  if (typeof id !== "string" || id === "" || id.length > LONGEST_ID) return undefined;
  const texts = z.record(z.string(), z.unknown()).safeParse(attributes);
  const pairs = Object.entries(texts.success ? texts.data : {}).filter(
    (one): one is [string, string] => typeof one[1] === "string",
  );
  return { id, attributes: Object.fromEntries(pairs.slice(0, MOST_ATTRIBUTES)) };
}

/** The contributor as EventBridge and Lambda get it: `{"id", "attributes"}`. */
export function contributorIn(value: unknown): AlarmContributor | undefined {
  const parsed = z.looseObject({}).safeParse(value);
  return parsed.success ? contributorOf(parsed.data["id"], parsed.data["attributes"]) : undefined;
}

/** A composite alarm has 100 children at most. */
const MOST_CHILDREN = 100;

const Child = z.union([z.object({ Arn: z.string() }), z.object({ arn: z.string() })]);

/** Names of the alarms that set off a composite alarm, as its message lists them; without a list, those of its rule. */
export function childrenOf(listed: unknown, rule: string): string[] {
  const parsed = z.array(z.unknown()).safeParse(listed);
  const named = (parsed.success ? parsed.data : []).flatMap((one): string[] => {
    const child = Child.safeParse(one);
    if (!child.success) return [];
    const arn = "Arn" in child.data ? child.data.Arn : child.data.arn;
    return [arn.replace(/^arn:.*?:alarm:/, "")];
  });
  const ofRule = () => {
    const fire = alarmsThatFire(rule);
    return fire.length > 0 ? fire : alarmsInRule(rule);
  };
  return [...new Set(named.length > 0 ? named : ofRule())].slice(0, MOST_CHILDREN);
}

/** Names that people are shown. */
const SHOWN = 5;

/** The first names, and how many more there are. */
export function namesOf(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `${names.slice(0, SHOWN).join(", ")}${more}`;
}

/** Says more of an alarm without a service: which alarms set it off, or which of its series fired. */
export function standsFor({ children = [], contributor }: Partial<AlarmDetails>): string {
  if (children.length > 0) return ` It was set off by ${namesOf(children)}.`;
  if (contributor === undefined) return "";
  const attributes = Object.entries(contributor.attributes).map(([name, value]) => `${name} ${value}`);
  return ` Its contributor is ${attributes.length === 0 ? contributor.id : namesOf(attributes)}.`;
}
