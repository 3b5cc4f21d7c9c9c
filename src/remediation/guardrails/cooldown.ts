import { cooldownFrom } from "../../domain/cooldown.ts";
import { type Guardrail, limitOf, pass, refuse } from "../guardrail.ts";

/** Tells of the cooldown with the decision; the booking of the action judges it again, by the same function. */
export const cooldown: Guardrail = {
  name: "cooldown",
  judge: (context) => {
    const { target, incidentId, now, history } = context;
    const wait = limitOf(context, "cooldownMinutes");
    const recent = cooldownFrom({ ...target, incidentId, at: now }, wait, history);
    return recent === undefined
      ? pass(`No other incident's action on the service in the last ${wait} minutes.`)
      : refuse(
          `${recent.action} was done at ${recent.at} (incident ${recent.incidentId}); the cooldown is ${wait} minutes.`,
        );
  },
};
