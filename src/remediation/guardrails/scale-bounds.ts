import { factsOf } from "../../domain/evidence.ts";
import { type Guardrail, limitOf, pass, refuse } from "../guardrail.ts";
import { whyNoRoom } from "../surge.ts";

export const scaleBounds: Guardrail = {
  name: "scale-bounds",
  judge: (context) => {
    const { plan, evidence } = context;
    if (plan.action === "restart" && plan.surge !== undefined) {
      const full = whyNoRoom(plan.surge.to, evidence, context.policy);
      return full === undefined
        ? pass(`${plan.surge.from} to ${plan.surge.to} tasks for a while is within every bound.`)
        : refuse(`No task can be added first: ${full}`);
    }
    if (plan.action !== "scale") return pass("The desired count does not change.");
    if (evidence.gaps.some((gap) => gap.source === "scaling")) {
      throw new Error("the autoscaling limits could not be read");
    }
    const limits = factsOf(evidence, "scaling-limits")[0]?.data;
    const maxTasks = limitOf(context, "maxTasks");
    const scaleStep = limitOf(context, "scaleStep");
    if (plan.to > maxTasks) return refuse(`${plan.to} tasks is above the maximum of ${maxTasks}.`);
    if (plan.to - plan.from > scaleStep) {
      return refuse(`A step of ${plan.to - plan.from} is above the maximum of ${scaleStep}.`);
    }
    if (limits !== undefined && (plan.to > limits.max || plan.to < limits.min)) {
      return refuse(`${plan.to} tasks is outside autoscaling's bounds ${limits.min} to ${limits.max}.`);
    }
    return pass(`${plan.from} to ${plan.to} tasks is within every bound.`);
  },
};
