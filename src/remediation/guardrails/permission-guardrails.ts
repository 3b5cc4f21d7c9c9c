/** Guardrails about who allowed what, and when. */
import type { ActionRecord } from "../../domain/action-record.ts";
import type { Mode, Policy } from "../../domain/policy.ts";
import { BLAST_WINDOW_MINUTES, BUDGET_WINDOW_MINUTES } from "../../domain/reservation.ts";
import { ask, type Guardrail, type GuardrailContext, limitOf, pass, refuse } from "../guardrail.ts";

const RANK: Record<Mode, number> = { observe: 0, approve: 1, auto: 2 };

type Acting = "restart" | "scale" | "rollback";

/** What the policy wants: the service's own mode, else the policy's. */
export function modeWanted(policy: Policy, service: string, action: Acting): Mode {
  return policy.services[service]?.modes?.[action] ?? policy.modes[action];
}

/** The mode in force: what the policy wants, never above the ceiling. */
export function modeInForce(policy: Policy, ceiling: Mode, service: string, action: Acting): Mode {
  const wanted = modeWanted(policy, service, action);
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
    const wanted = modeWanted(policy, target.service, plan.action);
    for (const known of [wanted, ceiling]) {
      if (!Object.hasOwn(RANK, known)) throw new Error(`"${String(known)}" is not a mode`);
    }
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
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  if (Number.isNaN(from) || Number.isNaN(to)) throw new Error("the times of a freeze are not readable");
  return from <= now && now < to;
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

/** An incident's own first action does not hold back its second: `one-further-action` judges that. */
function isOwn(context: GuardrailContext, past: ActionRecord): boolean {
  return context.incidentId !== undefined && past.incidentId === context.incidentId;
}

const cooldown: Guardrail = {
  name: "cooldown",
  judge: (context) => {
    const wait = limitOf(context, "cooldownMinutes");
    const recent = onThisService(context)
      .filter((past) => !isOwn(context, past))
      .find((past) => minutesSince(context, past.at) < wait);
    return recent === undefined
      ? pass(`No other incident's action on the service in the last ${wait} minutes.`)
      : refuse(
          `${recent.action} was done at ${recent.at} (incident ${recent.incidentId}); the cooldown is ${wait} minutes.`,
        );
  },
};

const MOST_ACTIONS = 2;

const oneFurtherAction: Guardrail = {
  name: "one-further-action",
  judge: (context) => {
    const own = context.history.filter((past) => isOwn(context, past));
    const [first] = own;
    if (first === undefined) return pass("This incident has not acted yet.");
    if (own.length >= MOST_ACTIONS) {
      return refuse(`This incident has acted ${own.length} times; what is left is for people.`);
    }
    return first.action === context.plan.action
      ? refuse(`This incident has tried ${first.action} already; only another action may follow.`)
      : pass(`${context.plan.action} is another action than the ${first.action} before.`);
  },
};

const actionBudget: Guardrail = {
  name: "action-budget",
  judge: (context) => {
    const allowed = limitOf(context, "actionsPerHour");
    const used = onThisService(context).filter(
      (past) => minutesSince(context, past.at) < BUDGET_WINDOW_MINUTES,
    ).length;
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

const blastRadius: Guardrail = {
  name: "blast-radius",
  judge: (context) => {
    const limit = limitOf(context, "blastRadiusServices");
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
  oneFurtherAction,
  actionBudget,
  noRepeatOfFailure,
  blastRadius,
];
