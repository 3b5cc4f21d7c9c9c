/**
 * The names of the alarms in a composite alarm's rule, such as `ALARM("a") OR OK(b)`; ARNs count by their name.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function alarmsInRule(rule: string): string[] {
  const inside = rule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^")\s]+))\s*\)/g);
  return [...inside].map(([, quoted = "", bare = ""]) => (quoted || bare).replace(/^arn:.*:alarm:/, ""));
}

const TERM = /\bNOT\b|\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^")\s]+))\s*\)|[()]/g;

/**
 * The names of the alarms whose ALARM state can set off a composite alarm: `a` of `ALARM("a") AND NOT ALARM("b")`, and
 * neither one that has to be silent nor one that has to be OK.
 */
export function alarmsThatFire(rule: string): string[] {
  const found: string[] = [];
  /** Whether each open group is under an odd number of NOT. */
  const groups = [false];
  let negated = false;
  for (const [term, state, quoted = "", bare = ""] of rule.matchAll(TERM)) {
    const inGroup = groups.at(-1) ?? false;
    if (term === "NOT") negated = !negated;
    else if (term === "(") {
      groups.push(inGroup !== negated);
      negated = false;
    } else if (term === ")") {
      if (groups.length > 1) groups.pop();
    } else {
      if ((state === "ALARM") === (inGroup === negated))
        found.push((quoted || bare).replace(/^arn:.*:alarm:/, ""));
      negated = false;
    }
  }
  return [...new Set(found)];
}
