import { ask, type Guardrail, pass } from "../guardrail.ts";
import { surgeFor } from "../surge.ts";

export const healthyFloor: Guardrail = {
  name: "healthy-floor",
  judge: ({ plan, evidence, policy }) => {
    if (plan.action !== "restart") return pass("No task is stopped.");
    if (evidence.gaps.some((gap) => gap.source === "target-health" || gap.source === "target-groups")) {
      throw new Error("the health of the load balancer's targets could not be read");
    }
    const need = surgeFor(plan.tasks, evidence, policy);
    switch (need.kind) {
      case "not-needed":
        return pass(need.reason);
      case "no-room":
        return ask(need.reason);
      case "surge": {
        const { surge } = plan;
        if (surge === undefined || surge.to !== need.surge.to || surge.keep < need.surge.keep) {
          throw new Error("the plan does not add the task that has to come first");
        }
        return pass(
          `One task is added first (${surge.from} to ${surge.to}), so that at least ${surge.keep} keep serving.`,
        );
      }
    }
  },
};
