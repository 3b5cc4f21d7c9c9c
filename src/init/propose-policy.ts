/** Cluster as read -> a policy file with every service in mode `observe`. Pure. */
import type { Seen, SeenService } from "./look.ts";
import type { MissingAlarm } from "./missing-alarms.ts";

/** Returns YAML that `opsagent policy check` accepts. `date` is ISO 8601. */
export function proposePolicy(seen: Seen, missing: readonly MissingAlarm[], date: string): string {
  const { account, region, cluster, services } = seen;
  return [
    `# Written by \`opsagent init\` on ${date.slice(0, 10)}: cluster ${comment(cluster.name)}, ${comment(region)}, account ${comment(account)}.`,
    "# Everything is on observe: OpsAgent investigates and reports, and changes nothing. When its reports have been",
    "# right for a while (`opsagent scorecard`), raise one service at a time: observe, then approve, then auto.",
    "# `opsagent policy check FILE` finds mistakes; docs/policy.md has every key.",
    "version: 1",
    "",
    "# For all services, those that are created later too.",
    "modes:",
    "  restart: observe",
    "  scale: observe",
    "  rollback: observe",
    "",
    services.length === 0 ? "services: {}" : "services:",
    ...services.flatMap((service) => [
      `  # ${comment(serviceText(service))}`,
      `  ${key(service.name)}:`,
      "    modes: { restart: observe, scale: observe, rollback: observe }",
    ]),
    ...patterns(services, missing),
    "",
  ].join("\n");
}

function serviceText({ reading, limits, targetGroups, alarms }: SeenService): string {
  const { running, desired, taskDefinition, controller, circuitBreaker } = reading;
  const names = alarms.map(({ alarm }) => alarm.name);
  return [
    `${running} of ${desired} tasks run ${taskDefinition.split("/").at(-1)}`,
    limits === undefined ? "no autoscaling" : `autoscaling ${limits.min} to ${limits.max}`,
    targetGroups.length === 0 ? "no load balancer" : "behind a load balancer",
    ...(circuitBreaker?.enabled ? ["circuit breaker on"] : []),
    ...(controller === "ECS" ? [] : [`deployed by ${controller}: leave it on observe`]),
    names.length === 0
      ? "no alarm"
      : `alarms: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`,
  ].join("; ");
}

/** Patterns for alarms that do not name their service: existing ones, then proposed ones. */
function patterns(services: readonly SeenService[], missing: readonly MissingAlarm[]): string[] {
  const rules = [
    ...services.flatMap(({ name, alarms }) =>
      alarms
        .filter(({ link }) => link === "target-group" || link === "composite")
        .map(({ alarm }) => ({ pattern: alarm.name, service: name })),
    ),
    ...missing
      .filter(({ needsPattern }) => needsPattern)
      .map(({ service, alarm }) => ({ pattern: alarm.AlarmName, service })),
  ].filter(({ pattern }, at, all) => {
    // A star would be read as a pattern, and only the first rule for a name applies.
    return !pattern.includes("*") && all.findIndex((other) => other.pattern === pattern) === at;
  });
  if (rules.length === 0) return [];
  return [
    "",
    "# Alarms whose dimensions do not name the service.",
    "alarms:",
    ...rules.map(
      ({ pattern, service }) => `  - { pattern: ${JSON.stringify(pattern)}, service: ${key(service)} }`,
    ),
  ];
}

/** Quotes names that YAML could read as something other than text. */
function key(name: string): string {
  const plain = /^[A-Za-z][\w-]*$/.test(name) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(name);
  return plain ? name : JSON.stringify(name);
}

/** Puts untrusted text on one line, so that it cannot leave the comment. */
function comment(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}
