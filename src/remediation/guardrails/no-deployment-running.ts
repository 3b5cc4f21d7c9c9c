import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";
import { rollbackUnderWay } from "../rollback-plan.ts";

export const noDeploymentRunning: Guardrail = {
  name: "no-deployment-running",
  judge: (context) => {
    const deployments = factsOf(context.evidence, "deployment");
    if (deployments.length === 0) throw new Error("the deployments of the service could not be read");
    if (deployments.some(({ data }) => data.rollingBack)) {
      return refuse("A deployment is being stopped or rolled back; acting now would interfere.");
    }
    const { plan } = context;
    const running = deployments.filter(({ data }) => data.inProgress);
    if (plan.action === "rollback" && plan.how === "stop-deployment") {
      const underWay = rollbackUnderWay(context.evidence);
      if (underWay !== undefined) return refuse(underWay);
      const isPlanned = ({ data }: FactOf<"deployment">) =>
        data.arn !== undefined && data.arn === plan.deploymentArn;
      const other = running.find((deployment) => !isPlanned(deployment));
      if (other !== undefined) return refuse(`Deployment ${other.data.id} is running as well.`);
      return running.some(isPlanned)
        ? pass("Only the deployment is running that is to be stopped.")
        : refuse("The deployment that is to be stopped is not running.");
    }
    const [first] = running;
    return first === undefined
      ? pass("No deployment or rollback is running.")
      : refuse(whyNotNow(first.data));
  },
};

function whyNotNow(deployment: FactOf<"deployment">["data"]): string {
  const { id, holding, taskSet, arn, hookId, hookExpiresAt, hookOnTimeout } = deployment;
  const then = "acting now would interfere.";
  if (taskSet) return `Task set ${id} runs beside another one, so traffic may be shifting; ${then}`;
  switch (holding) {
    case "shift":
      return `Traffic shifts to deployment ${id}; ${then}`;
    case "bake":
      return `Deployment ${id} bakes: its traffic has shifted and ECS watches it; ${then}`;
    case "pause": {
      const until = hookExpiresAt === undefined ? "" : ` until ${hookExpiresAt}`;
      const after = hookOnTimeout === undefined ? "" : `, then ECS does ${hookOnTimeout}`;
      return `Deployment ${id} is paused${until}${after}; ${then} A person says how it goes on: aws ecs continue-service-deployment --service-deployment-arn ${arn ?? "ARN"} --hook-id ${hookId ?? "ID"} --action CONTINUE or ROLLBACK.`;
    }
    default:
      return `Deployment ${id} is running; ${then}`;
  }
}
