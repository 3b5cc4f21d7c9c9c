import { BUDGET_WINDOW_MINUTES } from "../../domain/reservation.ts";
import { ask, type Guardrail, limitOf, pass } from "../guardrail.ts";
import { minutesSince, onThisService } from "./past-actions.ts";

export const actionBudget: Guardrail = {
  name: "action-budget",
  judge: (context) => {
    const allowed = limitOf(context, "actionsPerHour");
    const used = onThisService(context).filter(
      (past) => minutesSince(context, past.at) < BUDGET_WINDOW_MINUTES,
    ).length;
    return used < allowed
      ? pass(`${used} of ${allowed} actions used in the last hour.`)
      : ask(
          `${used} ${used === 1 ? "action" : "actions"} in the last hour, and ${allowed} ${allowed === 1 ? "is" : "are"} allowed: a person decides on more.`,
        );
  },
};
