import { factsOf } from "../../domain/evidence.ts";
import { ask, type Guardrail, pass, refuse } from "../guardrail.ts";
import { primaryOf } from "../rollback-plan.ts";
import { serviceOf } from "./read-service.ts";

/** Stands back from a deployment that ECS itself takes back, by its circuit breaker or by deployment alarms. */
export const ecsFirst: Guardrail = {
  name: "ecs-first",
  judge: (context) => {
    const { plan, evidence } = context;
    if (plan.action !== "rollback" || plan.how !== "stop-deployment")
      return pass("No deployment is stopped.");
    const service = serviceOf(context);
    const primary = primaryOf(evidence);
    if (primary === undefined) throw new Error("the deployments of the service could not be read");
    const { circuitBreakerStatus: breaker, alarmsStatus: alarms, failedTasks } = primary;
    if (service.deploymentAlarmsRollback && alarms === "TRIGGERED") {
      return refuse("A deployment alarm has fired, by which ECS rolls the deployment back itself.");
    }
    if (service.circuitBreakerRollback && breaker === "TRIGGERED") {
      return refuse("The circuit breaker has opened, by which ECS rolls the deployment back itself.");
    }
    const own = factsOf(evidence, "alarm").find(({ data }) => data.other !== true)?.data.name;
    const watched = own !== undefined && service.deploymentAlarms?.includes(own);
    if (service.deploymentAlarmsRollback && alarms === "MONITORING" && watched) {
      return refuse(`ECS watches ${own} for this deployment and rolls it back by that alarm itself.`);
    }
    if (service.circuitBreakerRollback && breaker === "MONITORING" && failedTasks > 0) {
      const of = primary.circuitBreakerThreshold;
      return ask(
        `The circuit breaker counts ${failedTasks} failed tasks${of === undefined ? "" : `, and rolls back at ${of}`} by itself: a person decides whether sooner.`,
      );
    }
    return pass("Neither circuit breaker nor deployment alarms take the deployment back.");
  },
};
