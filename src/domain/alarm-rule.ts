/**
 * The names of the alarms in a composite alarm's rule, such as `ALARM("a") OR OK(b)`; ARNs count by their name.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function alarmsInRule(rule: string): string[] {
  const inside = rule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^")\s]+))\s*\)/g);
  return [...inside].map(([, quoted = "", bare = ""]) => (quoted || bare).replace(/^arn:.*:alarm:/, ""));
}
