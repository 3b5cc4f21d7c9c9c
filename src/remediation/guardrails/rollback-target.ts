import { factsOf } from "../../domain/evidence.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";
import { sameDefinition, steadyDefinitions } from "../rollback-plan.ts";
import { serviceOf } from "./read-service.ts";

export const rollbackTarget: Guardrail = {
  name: "rollback-target",
  judge: (context) => {
    const { plan, evidence } = context;
    if (plan.action !== "rollback") return pass("The task definition does not change.");
    const { taskDefinition: current } = serviceOf(context);
    if (evidence.gaps.some((gap) => gap.source === "deployment-history")) {
      throw new Error("the deployment history could not be read");
    }
    if (!sameDefinition(current, plan.from)) {
      return refuse(`The service runs ${current}, not ${plan.from}.`);
    }
    if (sameDefinition(plan.to, plan.from)) return refuse(`${plan.to} is what runs already.`);
    if (!steadyDefinitions(evidence).some((name) => sameDefinition(name, plan.to))) {
      return refuse(`Nothing shows that ${plan.to} ever ran steadily.`);
    }
    const status = factsOf(evidence, "task-definition-diff").find(({ data }) =>
      sameDefinition(data.from, plan.to),
    )?.data.fromStatus;
    if (status !== undefined && status !== "ACTIVE") return refuse(`${plan.to} is ${status}.`);
    return pass(`${plan.to} ran steadily before ${plan.from}.`);
  },
};
