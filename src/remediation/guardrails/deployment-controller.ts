import { type Guardrail, pass, refuse } from "../guardrail.ts";
import { serviceOf } from "./read-service.ts";

export const ecsController: Guardrail = {
  name: "deployment-controller",
  judge: (context) => {
    const { controller } = serviceOf(context);
    return controller === "ECS"
      ? pass("ECS controls the service's deployments.")
      : refuse(`The deployment controller is ${controller}, which OpsAgent does not act on.`);
  },
};
