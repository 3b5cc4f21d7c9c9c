import { factsOf } from "../../domain/evidence.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";

/**
 * Seconds that target tracking waits for the effect of its own change before it adds more tasks: the default
 * cooldown. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
 */
const AUTOSCALING_COOLDOWN_SECONDS = 300;

export const autoscalingSettled: Guardrail = {
  name: "autoscaling-settled",
  judge: ({ plan, evidence, policy, now }) => {
    if (plan.action !== "scale") return pass("The desired count does not change.");
    const source = "scaling-activities";
    if (evidence.gaps.some((gap) => gap.source === source)) {
      if (!policy.tolerateGaps.includes(source)) throw new Error("what autoscaling did could not be read");
      return pass("What autoscaling did could not be read, which the policy tolerates.");
    }
    const since = Date.parse(now) - AUTOSCALING_COOLDOWN_SECONDS * 1000;
    const recent = factsOf(evidence, "scaling-activity").find(
      ({ at, data }) => data.status !== "Failed" && !(Date.parse(at ?? "") < since),
    );
    return recent === undefined
      ? pass(`Autoscaling changed nothing in the last ${AUTOSCALING_COOLDOWN_SECONDS / 60} minutes.`)
      : refuse(
          `Autoscaling itself changes the count of tasks (${recent.at ?? "at an unknown time"}); a second hand would fight it.`,
        );
  },
};
