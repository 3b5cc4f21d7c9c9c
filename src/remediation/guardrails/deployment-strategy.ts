import { factsOf } from "../../domain/evidence.ts";
import { isKnownStage } from "../../evidence/facts/service-shape-facts.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";
import { serviceOf } from "./read-service.ts";

const SHIFTING: ReadonlySet<string> = new Set(["BLUE_GREEN", "LINEAR", "CANARY"]);

/** Refuses on a strategy or stage that is not known: what would interfere with it is not known either. */
export const deploymentStrategy: Guardrail = {
  name: "deployment-strategy",
  judge: (context) => {
    const { strategy = "ROLLING" } = serviceOf(context);
    if (strategy === "ROLLING") return pass("Deployments replace tasks one after the other.");
    if (!SHIFTING.has(strategy)) {
      return refuse(`The deployment strategy ${strategy} is not known to this version of OpsAgent.`);
    }
    const moving = factsOf(context.evidence, "deployment").find(
      ({ data }) => data.inProgress && data.status === "PRIMARY" && data.taskSet !== true,
    );
    if (moving === undefined) return pass(`No ${strategy} deployment is under way.`);
    const { id, stage } = moving.data;
    if (stage === undefined) throw new Error(`the stage of deployment ${id} could not be read`);
    return isKnownStage(stage)
      ? pass(`Deployment ${id} (${strategy}) is in stage ${stage}.`)
      : refuse(`Deployment ${id} is in stage ${stage}, which is not known to this version of OpsAgent.`);
  },
};
