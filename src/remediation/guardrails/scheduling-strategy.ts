import { type Guardrail, pass, refuse } from "../guardrail.ts";
import { serviceOf } from "./read-service.ts";

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html#service_scheduler_daemon */
export const schedulingStrategy: Guardrail = {
  name: "scheduling-strategy",
  judge: (context) => {
    const { plan } = context;
    const { schedulingStrategy: strategy = "REPLICA" } = serviceOf(context);
    if (strategy === "REPLICA") return pass("The service takes a desired count.");
    if (strategy !== "DAEMON") {
      return refuse(`The scheduling strategy ${strategy} is not known to this version of OpsAgent.`);
    }
    const counts = plan.action === "scale" || (plan.action === "restart" && plan.surge !== undefined);
    return counts
      ? refuse(
          "A DAEMON service runs one task on each container instance and takes no desired count: more capacity means more or larger instances.",
        )
      : pass("The service is a DAEMON, and the desired count does not change.");
  },
};
