/** Warns of settings of a valid policy that are probably mistakes, or that one should know. */
import { isOver } from "../domain/freeze.ts";
import type { Mode, Policy } from "../domain/policy.ts";
import { ABSENT_REMEDY, restrainedNames } from "../domain/policy-names.ts";
import { modesWanted } from "./modes-wanted.ts";

export interface PolicyWarning {
  /** The path of keys in the policy; empty when the warning is not about a key. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

interface Circumstances {
  /** OPSAGENT_MODE; undefined when it could not be read. */
  readonly ceiling: Mode | undefined;
  /** ISO 8601. */
  readonly now: string;
}

/** Returns every warning, in the order of the documentation. Pure; never throws. */
export function warningsOf(policy: Policy, circumstances: Circumstances): PolicyWarning[] {
  return [
    ...ceilingWarnings(circumstances),
    ...killSwitchWarnings(policy),
    ...modeWarnings(policy),
    ...limitWarnings(policy),
    ...approvalWarnings(policy, circumstances),
    ...gapWarnings(policy),
    ...namespaceWarnings(policy),
    ...freezeWarnings(policy, circumstances),
    ...alarmWarnings(policy),
  ];
}

function ceilingWarnings({ ceiling }: Circumstances): PolicyWarning[] {
  if (ceiling === undefined || ceiling === "auto") return [];
  const message =
    ceiling === "observe"
      ? "OPSAGENT_MODE is observe: nothing is done, whatever the modes here say"
      : "OPSAGENT_MODE is approve: every action is asked for, whatever the modes here say";
  return [{ path: [], message }];
}

function killSwitchWarnings({ killSwitch }: Policy): PolicyWarning[] {
  return killSwitch ? [{ path: ["killSwitch"], message: "the kill switch is on: nothing is done" }] : [];
}

function modeWarnings(policy: Policy): PolicyWarning[] {
  return modesWanted(policy)
    .filter(({ action, mode }) => action === "rollback" && mode === "auto")
    .map(({ path }) => ({
      path,
      message: "rollback on auto: a revision is taken back without asking anybody",
    }));
}

/** Any application with log rights writes it by lines in the embedded metric format. */
const OPEN_NAMESPACE = "ECS/ContainerInsights";

function namespaceWarnings({ trustedNamespaces }: Policy): PolicyWarning[] {
  return trustedNamespaces.flatMap((namespace, index) => {
    const path = ["trustedNamespaces", index];
    if (namespace.startsWith("AWS/")) return [{ path, message: `${namespace} is trusted anyway` }];
    if (namespace !== OPEN_NAMESPACE) return [];
    const message = `applications with log rights can write ${namespace}: its series of tasks then count where AWS/ECS says nothing of them`;
    return [{ path, message }];
  });
}

/** Below even odds an action is more likely wrong than right, by the diagnosis' own confidence. */
const EVEN_ODDS = 0.5;

function limitWarnings({ limits }: Policy): PolicyWarning[] {
  const warnings: PolicyWarning[] = [];
  const warn = (key: keyof Policy["limits"], message: string) =>
    warnings.push({ path: ["limits", key], message });
  const { confidenceThreshold, maxTasks, scaleStep, cooldownMinutes, actionsPerHour } = limits;
  if (confidenceThreshold < EVEN_ODDS)
    warn(
      "confidenceThreshold",
      `below ${EVEN_ODDS}, OpsAgent acts on what it holds more likely wrong than right`,
    );
  if (confidenceThreshold === 1) warn("confidenceThreshold", "nothing is above 1, so nothing is ever done");
  if (maxTasks < scaleStep) warn("maxTasks", `lower than scaleStep (${scaleStep}): no whole step ever fits`);
  if (cooldownMinutes === 0) warn("cooldownMinutes", "0: one action can follow another at once");
  if (actionsPerHour === 0) warn("actionsPerHour", "0: every action is asked for");
  return warnings;
}

function approvalWarnings(policy: Policy, { ceiling }: Circumstances): PolicyWarning[] {
  const { slackUsers, cliUsers, httpClients } = policy.approvals;
  const nobody = slackUsers.length === 0 && httpClients.length === 0 && cliUsers?.length === 0;
  if (!nobody || ceiling === "observe") return [];
  const asking = modesWanted(policy).filter(({ mode }) => mode === "approve");
  if (asking.length > 0 || ceiling === "approve") {
    const where = asking.map(({ path }) => path.join(".")).join(", ") || "OPSAGENT_MODE";
    return [{ path: ["approvals"], message: `nobody may answer, but there are questions to ask (${where})` }];
  }
  const some = modesWanted(policy).some(({ mode }) => mode === "auto");
  return some
    ? [
        {
          path: ["approvals"],
          message: "nobody may answer what is left to a person, for some causes or after the budget",
        },
      ]
    : [];
}

function gapWarnings({ tolerateGaps }: Policy): PolicyWarning[] {
  return tolerateGaps.flatMap((source, index) =>
    source === "alarm"
      ? [
          {
            path: ["tolerateGaps", index],
            message: "without the alarm's state recovery cannot be proven, yet actions would be made",
          },
        ]
      : [],
  );
}

function freezeWarnings({ freezes }: Policy, { now }: Circumstances): PolicyWarning[] {
  return freezes.flatMap((freeze, index) => {
    const { to, services } = freeze;
    const path = ["freezes", index];
    if (isOver(freeze, Date.parse(now))) return [{ path, message: `over since ${to}` }];
    return services?.length === 0 ? [{ path, message: "for no service: the list is empty" }] : [];
  });
}

function alarmWarnings({ alarms }: Policy): PolicyWarning[] {
  const catchAll = alarms.findIndex(({ pattern }) => /^\*+$/.test(pattern));
  return alarms.flatMap(({ pattern, service }, index) => {
    const path = ["alarms", index, "pattern"];
    if (index === catchAll)
      return [{ path, message: `matches every alarm: all without ECS dimensions would be about ${service}` }];
    const earlier = alarms.findIndex((rule) => rule.pattern === pattern);
    const hidden = earlier < index || (catchAll >= 0 && catchAll < index);
    return hidden ? [{ path, message: "never reached: an earlier pattern matches the same alarms" }] : [];
  });
}

/** Warns of names that are no service of the cluster. `listed`: its services, not `complete` where there are more. */
export function nameWarnings(
  policy: Policy,
  listed: { readonly names: readonly string[]; readonly complete: boolean },
  cluster: string,
): PolicyWarning[] {
  const restrained = restrainedNames(policy);
  const { services, freezes, alarms, absentServices } = policy;
  const named: (readonly [path: readonly PropertyKey[], name: string])[] = [
    ...Object.keys(services).map((name) => [["services", name], name] as const),
    ...freezes.flatMap((freeze, index) =>
      (freeze.services ?? []).map((name, at) => [["freezes", index, "services", at], name] as const),
    ),
    ...alarms.map(({ service }, index) => [["alarms", index, "service"], service] as const),
  ];
  const missing = named.filter(([, name]) => !listed.names.includes(name) && !absentServices.includes(name));
  if (!listed.complete && missing.length > 0) {
    return [
      { path: [], message: `${cluster} has more services than were read: its names were not compared` },
    ];
  }
  return missing.map(([path, name]) => {
    const what = `${cluster} has no service ${name}`;
    const then = restrained.includes(name) ? `: while that is so, nothing is acted on. ${ABSENT_REMEDY}` : "";
    return { path, message: `${what}${then}` };
  });
}
