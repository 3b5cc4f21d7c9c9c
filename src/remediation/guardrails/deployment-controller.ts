import { isKnownController, whoseRollback } from "../../domain/another-controller.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";
import { serviceOf } from "./read-service.ts";

/**
 * Under each known controller ECS replaces stopped tasks and takes a desired count. @see
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export const ecsController: Guardrail = {
  name: "deployment-controller",
  judge: (context) => {
    const { controller } = serviceOf(context);
    if (controller === "ECS") return pass("ECS controls the service's deployments.");
    if (!isKnownController(controller)) {
      return refuse(`The deployment controller is ${controller}, which OpsAgent does not act on.`);
    }
    const { plan, evidence, target } = context;
    return plan.action === "rollback"
      ? refuse(`${whoseRollback(evidence, target) ?? "The rollback is yours"}.`)
      : pass(`${controller} makes the deployments; tasks and their count are ECS's.`);
  },
};
