import { type Guardrail, limitOf, pass, refuse } from "../guardrail.ts";
import { serviceOf } from "./read-service.ts";

export const restartShare: Guardrail = {
  name: "restart-share",
  judge: (context) => {
    if (context.plan.action !== "restart") return pass("No task is stopped.");
    const { desired } = serviceOf(context);
    const maxRestarts = limitOf(context, "maxRestarts");
    const wanted = context.plan.tasks.length;
    return wanted <= maxRestarts
      ? pass(`${wanted} of ${desired} tasks, one at a time, each after its predecessor is healthy.`)
      : refuse(`${wanted} tasks would be stopped; at most ${maxRestarts} are allowed.`);
  },
};
