import { ask, type Guardrail, pass } from "../guardrail.ts";
import { primaryOf } from "../rollback-plan.ts";
import { serviceOf } from "./read-service.ts";

/** A rollback that takes longer than this to shift its traffic and bake has to be watched. Minutes. */
const WATCHED_MINUTES = 30;

/** A person decides whether traffic that has shifted, or may have, goes back. */
export const shiftByPerson: Guardrail = {
  name: "shift-by-person",
  judge: (context) => {
    const { plan, evidence } = context;
    if (plan.action !== "rollback") return pass("No traffic shifts between revisions.");
    const { strategy = "ROLLING", bakeMinutes = 0 } = serviceOf(context);
    const { holding, id = "" } = primaryOf(evidence) ?? {};
    if (plan.how === "stop-deployment" && (holding !== undefined || strategy !== "ROLLING")) {
      return ask(
        `Stopping deployment ${id} (${holding ?? strategy}) takes its traffic back, which a person decides.`,
      );
    }
    if (strategy === "ROLLING") return pass("No traffic shifts between revisions.");
    return bakeMinutes > WATCHED_MINUTES
      ? ask(
          `Going back is a new ${strategy} deployment that bakes for ${bakeMinutes} minutes, longer than recovery is waited for: a person decides, and has to watch it.`,
        )
      : pass(`Going back is a new ${strategy} deployment that bakes for ${bakeMinutes} minutes.`);
  },
};
