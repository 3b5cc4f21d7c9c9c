/** Guardrails about who allowed what, and when. */
import type { Mode, Policy } from "../domain/policy.ts";
import { ask, type Guardrail, type GuardrailContext, pass, refuse } from "./context.ts";

const RANK: Record<Mode, number> = { observe: 0, approve: 1, auto: 2 };

/** The mode in force: the service's own, else the policy's, never above the ceiling. */
export function modeInForce(
  policy: Policy,
  ceiling: Mode,
  service: string,
  action: "restart" | "scale" | "rollback",
): Mode {
  const wanted = policy.services[service]?.modes?.[action] ?? policy.modes[action];
  return RANK[wanted] <= RANK[ceiling] ? wanted : ceiling;
}

const killSwitch: Guardrail = {
  name: "kill-switch",
  judge: ({ policy }) =>
    policy.killSwitch ? refuse("The kill switch is on.") : pass("The kill switch is off."),
};

const protectedService: Guardrail = {
  name: "protected-service",
  judge: ({ policy, target }) =>
    policy.services[target.service]?.protected
      ? refuse(`${target.service} is protected: people act on it, the agent does not.`)
      : pass("The service is not protected."),
};

const mode: Guardrail = {
  name: "mode",
  judge: ({ policy, ceiling, target, plan }) => {
    const inForce = modeInForce(policy, ceiling, target.service, plan.action);
    if (inForce === "observe") return refuse(`Mode observe: would have done ${plan.action}, does nothing.`);
    return inForce === "approve"
      ? ask(`${plan.action} needs a person's approval.`)
      : pass(`${plan.action} is on auto.`);
  },
};

const freezeWindow: Guardrail = {
  name: "freeze-window",
  judge: ({ policy, target, now }) => {
    const time = Date.parse(now);
    if (Number.isNaN(time)) throw new Error(`the present time "${now}" is not readable`);
    const freeze = policy.freezes.find((window) => isWithin(window, target.service, time));
    return freeze === undefined
      ? pass("No freeze is in force.")
      : refuse(`A freeze is in force until ${freeze.to}${freeze.reason ? `: ${freeze.reason}` : ""}.`);
  },
};

function isWithin(window: Policy["freezes"][number], service: string, now: number): boolean {
  if (window.services !== undefined && !window.services.includes(service)) return false;
  return Date.parse(window.from) <= now && now < Date.parse(window.to);
}

const MINUTE = 60_000;

function minutesSince(context: GuardrailContext, at: string): number {
  const minutes = (Date.parse(context.now) - Date.parse(at)) / MINUTE;
  if (Number.isNaN(minutes)) throw new Error(`the time "${at}" of a past action is not readable`);
  return minutes;
}

function onThisService(context: GuardrailContext) {
  return context.history.filter(
    (past) => past.service === context.target.service && past.cluster === context.target.cluster,
  );
}

const cooldown: Guardrail = {
  name: "cooldown",
  judge: (context) => {
    const wait = context.policy.limits.cooldownMinutes;
    const recent = onThisService(context).find((past) => minutesSince(context, past.at) < wait);
    return recent === undefined
      ? pass(`No action on the service in the last ${wait} minutes.`)
      : refuse(
          `${recent.action} was done at ${recent.at} (incident ${recent.incidentId}); the cooldown is ${wait} minutes.`,
        );
  },
};

const actionBudget: Guardrail = {
  name: "action-budget",
  judge: (context) => {
    const allowed = context.policy.limits.actionsPerHour;
    const used = onThisService(context).filter((past) => minutesSince(context, past.at) < 60).length;
    return used < allowed
      ? pass(`${used} of ${allowed} actions used in the last hour.`)
      : ask(`${used} actions in the last hour; above ${allowed} a person decides.`);
  },
};

const noRepeatOfFailure: Guardrail = {
  name: "no-repeat-of-unverified-action",
  judge: (context) => {
    const failed = onThisService(context).find(
      (past) =>
        past.action === context.plan.action &&
        past.verified === false &&
        minutesSince(context, past.at) < 24 * 60,
    );
    return failed === undefined
      ? pass("No such action failed to verify in the last 24 hours.")
      : refuse(`${failed.action} did not help in incident ${failed.incidentId} at ${failed.at}.`);
  },
};

const BLAST_WINDOW_MINUTES = 10;

const blastRadius: Guardrail = {
  name: "blast-radius",
  judge: (context) => {
    const limit = context.policy.limits.blastRadiusServices;
    const others = new Set(
      context.history
        .filter((past) => minutesSince(context, past.at) < BLAST_WINDOW_MINUTES)
        .map((past) => `${past.cluster}/${past.service}`),
    );
    others.delete(`${context.target.cluster}/${context.target.service}`);
    return others.size < limit
      ? pass(`${others.size} other services acted on in the last ${BLAST_WINDOW_MINUTES} minutes.`)
      : refuse(
          `${others.size} services were acted on in ${BLAST_WINDOW_MINUTES} minutes: a mass failure is for people.`,
        );
  },
};

export const PERMISSION_GUARDRAILS: readonly Guardrail[] = [
  killSwitch,
  protectedService,
  mode,
  freezeWindow,
  cooldown,
  actionBudget,
  noRepeatOfFailure,
  blastRadius,
];
