/** A policy in sentences. */
import { frozenText, nextFreeze } from "../domain/freeze.ts";
import { plural } from "../domain/plural.ts";
import type { Mode, Policy } from "../domain/policy.ts";
import { modesWanted } from "./modes-wanted.ts";

const DOES: Readonly<Record<Mode, string>> = {
  auto: "acts by itself",
  approve: "asks a person",
  observe: "only says what it would do",
};

/** Returns what a policy permits at a time (ISO 8601), one line for each action. */
export function permissionsText(policy: Policy, ceiling: Mode | undefined, now: string): string[] {
  const held = (mode: Mode): Mode =>
    ceiling === "observe" || (ceiling === "approve" && mode === "auto") ? ceiling : mode;
  const all = modesWanted(policy).map((one) => ({ ...one, mode: held(one.mode) }));
  const general = all.filter(({ service }) => service === undefined);
  const own = all.filter(({ service, action, mode }) => {
    const usual = general.find((one) => one.action === action)?.mode;
    return service !== undefined && mode !== usual;
  });
  const protectedOnes = Object.entries(policy.services).filter(([, { protected: shut }]) => shut);
  return [
    ...general.map(({ action, mode }) => `${action.padEnd(8)}  ${DOES[mode]}`),
    ...own.map(({ service, action, mode }) => `${action.padEnd(8)}  ${DOES[mode]} on ${service}`),
    ...(protectedOnes.length === 0
      ? []
      : [`never on  ${protectedOnes.map(([name]) => name).join(", ")} (protected)`]),
    ...freezeText(policy, now),
  ];
}

function freezeText({ freezes }: Policy, now: string): string[] {
  if (freezes.length === 0) return [];
  const next = nextFreeze(freezes, undefined, Date.parse(now));
  const coming = next === undefined ? "none begins any more" : `the next to begin is ${frozenText(next)}`;
  return [`never in  ${plural(freezes.length, "freeze")}: ${coming}`];
}

/** Returns the limits of allowed actions, one sentence each. */
export function limitsText({ limits, tolerateGaps, trustedNamespaces, ...model }: Policy): string[] {
  return [
    `Acts only when its confidence is above ${limits.confidenceThreshold}.`,
    `Restarts at most ${plural(limits.maxRestarts, "task")} in one action, each after the one before it was replaced.`,
    `Adds ${plural(limits.scaleStep, "task")} at a time, to ${limits.maxTasks} at the most and within autoscaling's bounds.`,
    limits.cooldownMinutes === 0
      ? "Does not wait between two actions on one service."
      : `Waits ${plural(limits.cooldownMinutes, "minute")} between two actions on one service.`,
    limits.actionsPerHour === 0
      ? "Asks before every action."
      : `Asks a person once a service had ${plural(limits.actionsPerHour, "action")} in an hour.`,
    `Acts on at most ${plural(limits.blastRadiusServices, "service")} in 10 minutes.`,
    ...(tolerateGaps.length === 0
      ? []
      : [`Acts by itself although these could not be read: ${tolerateGaps.join(", ")}.`]),
    ...(trustedNamespaces.length === 0
      ? []
      : [`Trusts metrics of these namespaces beside AWS's own: ${trustedNamespaces.join(", ")}.`]),
    ...modelText(model),
  ];
}

/** What a model may add, where one is configured. */
function modelText({
  modelMayHold,
  whenModelFails,
}: Pick<Policy, "modelMayHold" | "whenModelFails">): string[] {
  const failing = {
    signs: "the rules decide alone",
    ask: "it asks before every action",
    nothing: "it does nothing and pages",
  }[whenModelFails];
  return [
    modelMayHold
      ? "Asks a person where a model sees it otherwise than the rules."
      : "Acts on the rules' word also where a model sees it otherwise, and tells that.",
    `Never acts on a model's word alone; where the model fails, ${failing}.`,
  ];
}

/** Returns who may answer an approval, and until when. */
export function approvalsText({ approvals }: Policy): string {
  const { slackUsers, cliUsers, httpClients, deadlineMinutes } = approvals;
  const ways = [
    slackUsers.length === 0 ? "" : `Slack (${slackUsers.join(", ")})`,
    cliUsers === undefined ? "the command line (everyone who can use the store)" : "",
    cliUsers === undefined || cliUsers.length === 0 ? "" : `the command line (${cliUsers.join(", ")})`,
    httpClients.length === 0 ? "" : `HTTP (${httpClients.join(", ")})`,
  ].filter((way) => way !== "");
  const who = ways.length === 0 ? "Nobody may answer" : `Answered through ${ways.join(" or ")}`;
  return `${who}; no answer within ${plural(deadlineMinutes, "minute")} means no.`;
}
