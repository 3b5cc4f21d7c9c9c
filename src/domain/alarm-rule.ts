const AT_LEAST = /\bAT_LEAST\s*\(\s*[^,()]{1,40},\s*(ALARM|OK|INSUFFICIENT_DATA)\s*,\s*\(([^()]*)\)\s*\)/g;

/**
 * Writes `AT_LEAST(2, ALARM, (a, b))` as the states that it counts.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
 */
function withoutCounts(rule: string): string {
  return rule.replace(
    AT_LEAST,
    (_, state: string, list: string) =>
      `(${list
        .split(",")
        .map((one) => `${state}(${one.trim()})`)
        .join(" OR ")})`,
  );
}

/** Returns the name in a reference; the whole ARN where it is of another account or region than `own`, the rule's alarm. */
function nameIn(reference: string, own: string | undefined): string {
  const name = reference.replace(/^arn:.*:alarm:/, "");
  const place = (arn: string) => arn.split(":").slice(1, 5).join(":");
  const isForeign = own !== undefined && reference !== name && place(reference) !== place(own);
  return isForeign ? reference : name;
}

/**
 * The names of the alarms in a composite alarm's rule, such as `ALARM("a") OR OK(b)`; ARNs count by their name, those of
 * another account or region than the rule's own alarm (its ARN in `own`) as they are.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function alarmsInRule(rule: string, own?: string): string[] {
  const inside = withoutCounts(rule).matchAll(
    /\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^")\s]+))\s*\)/g,
  );
  return [...inside].map(([, quoted = "", bare = ""]) => nameIn(quoted || bare, own));
}

const TERM = /\bNOT\b|\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|([^")\s]+))\s*\)|[()]/g;

/**
 * The names of the alarms whose ALARM state can set off a composite alarm: `a` of `ALARM("a") AND NOT ALARM("b")`, and
 * neither one that has to be silent nor one that has to be OK.
 */
export function alarmsThatFire(rule: string, own?: string): string[] {
  const found: string[] = [];
  /** Whether each open group is under an odd number of NOT. */
  const groups = [false];
  let negated = false;
  for (const [term, state, quoted = "", bare = ""] of withoutCounts(rule).matchAll(TERM)) {
    const inGroup = groups.at(-1) ?? false;
    if (term === "NOT") negated = !negated;
    else if (term === "(") {
      groups.push(inGroup !== negated);
      negated = false;
    } else if (term === ")") {
      if (groups.length > 1) groups.pop();
    } else {
      if ((state === "ALARM") === (inGroup === negated)) found.push(nameIn(quoted || bare, own));
      negated = false;
    }
  }
  return [...new Set(found)];
}
