import { type Guardrail, limitOf, pass, refuse } from "../guardrail.ts";
import { isOwn, minutesSince, onThisService } from "./past-actions.ts";

export const cooldown: Guardrail = {
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
