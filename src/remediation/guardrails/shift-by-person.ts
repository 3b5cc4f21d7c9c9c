import { WATCHED_SHIFT_MINUTES } from "../../domain/limits.ts";
import { ask, type Guardrail, pass } from "../guardrail.ts";
import { primaryOf } from "../rollback-plan.ts";
import { serviceOf } from "./read-service.ts";

/** A person decides whether traffic that has shifted, or may have, goes back. */
export const shiftByPerson: Guardrail = {
  name: "shift-by-person",
  judge: (context) => {
    const { plan, evidence } = context;
    if (plan.action !== "rollback") return pass("No traffic shifts between revisions.");
    const { strategy = "ROLLING", bakeMinutes = 0, shiftMinutes = 0 } = serviceOf(context);
    const minutes = bakeMinutes + shiftMinutes;
    const { holding, id = "" } = primaryOf(evidence) ?? {};
    if (plan.how === "stop-deployment" && (holding !== undefined || strategy !== "ROLLING")) {
      return ask(
        `Stopping deployment ${id} (${holding ?? strategy}) takes its traffic back, which a person decides.`,
      );
    }
    if (strategy === "ROLLING") return pass("No traffic shifts between revisions.");
    return minutes > WATCHED_SHIFT_MINUTES
      ? ask(
          `Going back is a new ${strategy} deployment that shifts and bakes for ${minutes} minutes, longer than recovery is waited for: a person decides, and has to watch it.`,
        )
      : pass(`Going back is a new ${strategy} deployment that shifts and bakes for ${minutes} minutes.`);
  },
};
