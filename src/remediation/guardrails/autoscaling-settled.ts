import { factsOf } from "../../domain/evidence.ts";
import { ask, type Guardrail, pass, refuse } from "../guardrail.ts";

/**
 * Seconds that target tracking waits for the effect of its own change before it adds more tasks: the default
 * cooldown. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
 */
const AUTOSCALING_COOLDOWN_SECONDS = 300;

export const autoscalingSettled: Guardrail = {
  name: "autoscaling-settled",
  judge: ({ plan, evidence, policy, now }) => {
    const adds = plan.action === "scale" || (plan.action === "restart" && plan.surge !== undefined);
    if (!adds) return pass("The desired count does not change.");
    const suspended = factsOf(evidence, "scaling-limits").some(({ data }) => data.suspended);
    const own = factsOf(evidence, "alarm").find(({ data }) => !data.other && data.scaling !== undefined);
    if (own !== undefined && !(own.data.scaling === "out" && suspended)) {
      return refuse("The alarm is autoscaling's own, which acts on it itself; a second hand would fight it.");
    }
    const source = "scaling-activities";
    if (evidence.gaps.some((gap) => gap.source === source) && !policy.tolerateGaps.includes(source)) {
      throw new Error("what autoscaling did could not be read");
    }
    const since = Date.parse(now) - AUTOSCALING_COOLDOWN_SECONDS * 1000;
    const recent = factsOf(evidence, "scaling-activity").find(
      ({ at, data }) => data.status !== "Failed" && !(Date.parse(at ?? "") < since),
    );
    if (recent === undefined) {
      return pass(`Autoscaling changed nothing in the last ${AUTOSCALING_COOLDOWN_SECONDS / 60} minutes.`);
    }
    const why = `Autoscaling itself changes the count of tasks (${recent.at ?? "at an unknown time"}); a second hand would fight it.`;
    // A restart borrows one task for minutes; a person may know that autoscaling is done.
    return plan.action === "restart" ? ask(why) : refuse(why);
  },
};
