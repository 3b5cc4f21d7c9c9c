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
      : refuse(`Deployment ${first.data.id} is running; acting now would interfere.`);
  },
};
