/** What a person can change where a rule asks or refuses, by the rule's name. */
import type { RuleResult } from "../../domain/decision.ts";
import { factsOf, metricsOf } from "../../domain/evidence.ts";
import type { PreflightInput } from "./preflight-input.ts";
import type { Supposition } from "./suppositions.ts";

type Action = Supposition["action"];
type Advice = (action: Action, input: PreflightInput) => string | undefined;

/**
 * Per-task metrics and what they cost. @see
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-enhanced-observability-metrics-ECS.html
 * and https://aws.amazon.com/cloudwatch/pricing/ (each metric is billed; 0.07 USD a metric and month in us-east-1)
 */
const CONTAINER_INSIGHTS =
  "Turn on Container Insights with enhanced observability for the cluster (`aws ecs update-cluster-settings --cluster NAME --settings name=containerInsights,value=enhanced`): then the sick task is told by its own metrics. CloudWatch bills each metric, about 0.07 USD a month in us-east-1.";

const ADVICE: Readonly<Record<string, Advice>> = {
  mode: (action, { policy, ceiling, target }) => {
    const wanted = policy.services[target.service]?.modes?.[action];
    const setting = wanted === undefined ? `modes.${action}` : `services.${target.service}.modes.${action}`;
    const ceilingToo = ceiling === "auto" ? "" : ` and OPSAGENT_MODE (now ${ceiling})`;
    return `Set \`${setting}\`${ceilingToo} to \`auto\`, or to \`approve\` to be asked.`;
  },
  "kill-switch": () => "Set `killSwitch: false` in the policy.",
  brake: () => "Resume it: `opsagent resume`.",
  "policy-of-now": () => "Correct the policy file; `opsagent policy check FILE` names the line.",
  "protected-service": (_, { policy, target }) =>
    policy.services[target.service]?.protected
      ? `Take \`protected\` away from \`services.${target.service}\` in the policy.`
      : undefined,
  "freeze-window": () => "Wait for the freeze to end, or take it out of the policy.",
  cooldown: () => "Wait, or lower `limits.cooldownMinutes`.",
  "action-budget": () => "Wait, or raise `limits.actionsPerHour`.",
  "blast-radius": () => "Wait, or raise `limits.blastRadiusServices`.",
  "confidence-threshold": (_, input) => gapRemedies(input),
  "healthy-floor": (_, { evidence, policy }) => {
    const desired = factsOf(evidence, "service")[0]?.data.desired ?? 0;
    const max = factsOf(evidence, "scaling-limits")[0]?.data.max;
    const bounds = [
      ...(max === undefined || max > desired ? [] : [`autoscaling's maximum (now ${max})`]),
      ...(policy.limits.maxTasks > desired
        ? []
        : [`\`limits.maxTasks\` of the policy (now ${policy.limits.maxTasks})`]),
    ];
    const room =
      bounds.length === 0 ? "" : `Raise ${bounds.join(" and ")}, so that a replacement can start first; or `;
    return capital(
      `${room}lower the service's minimum healthy percent, so that one task may be away while it is replaced.`,
    );
  },
  "restart-share": () => "Raise `limits.maxRestarts`.",
  "scale-bounds": (_, { policy }) =>
    `Raise autoscaling's maximum, or \`limits.maxTasks\` (now ${policy.limits.maxTasks}) and \`limits.scaleStep\` (now ${policy.limits.scaleStep}).`,
  "autoscaling-settled": () => "Wait until autoscaling has finished what it does.",
  "evidence-complete": (_, input) => gapRemedies(input),
  history: () => "Make the store readable: `opsagent doctor --only store`.",
  plan: (action, { evidence, policy }) => {
    if (action === "restart") {
      return metricsOf(evidence, "task-memory").length === 0 ? CONTAINER_INSIGHTS : undefined;
    }
    if (action === "scale") {
      return `Raise autoscaling's maximum or \`limits.maxTasks\` (now ${policy.limits.maxTasks}) above the desired count.`;
    }
    if (factsOf(evidence, "service")[0]?.data.controller !== "ECS") return undefined;
    return "Nothing to change now: a rollback needs a revision that ran steadily before, which a second deployment brings.";
  },
  "scheduling-strategy": (_, { evidence }) =>
    factsOf(evidence, "service")[0]?.data.schedulingStrategy === "DAEMON"
      ? "Alarm on the instances instead, and let a capacity provider or an Auto Scaling group add them: a DAEMON follows by itself."
      : undefined,
  "shift-by-person": () =>
    "Nothing to change: a person decides on traffic between revisions, whatever the mode.",
  "ecs-first": () => "Nothing to change: ECS takes such a deployment back itself.",
  reversible: (_, { target, policy }) =>
    policy.services[target.service]?.rollback === undefined
      ? "Take the tag `opsagent:reversible` away once the deployment may be rolled back, and allow ecs:ListTagsForResource."
      : `Take \`services.${target.service}.rollback\` out of the policy once it may be rolled back.`,
  "host-reachable": () => "Restart the agent of the host, or replace the host.",
  "no-deployment-running": () => "Wait until the deployment has ended.",
};

/** What would have to be changed so that the rule lets the action pass; undefined where nobody can change it. */
export function whatToChange(
  { rule }: RuleResult,
  action: Action,
  input: PreflightInput,
): string | undefined {
  return Object.hasOwn(ADVICE, rule) ? ADVICE[rule]?.(action, input) : undefined;
}

function gapRemedies({ evidence }: PreflightInput): string | undefined {
  const remedies = evidence.gaps.flatMap(({ source, remedy }) =>
    remedy === undefined ? [] : [`${source}: ${remedy}`],
  );
  return remedies.length === 0 ? undefined : [...new Set(remedies)].join(" ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
