import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { ask, type Guardrail, type GuardrailContext, pass } from "../guardrail.ts";
import { serviceOf } from "./read-service.ts";

export const healthyFloor: Guardrail = {
  name: "healthy-floor",
  judge: (context) => {
    if (context.plan.action !== "restart") return pass("No task is stopped.");
    if (
      context.evidence.gaps.some((gap) => gap.source === "target-health" || gap.source === "target-groups")
    ) {
      throw new Error("the health of the load balancer's targets could not be read");
    }
    const service = serviceOf(context);
    const serving = factsOf(context.evidence, "running-task").filter((task) =>
      isServing(task, context),
    ).length;
    const stopsServing = context.plan.tasks.some((task) =>
      factsOf(context.evidence, "running-task").some(
        (fact) => fact.data.taskArn === task.taskArn && isServing(fact, context),
      ),
    );
    if (!stopsServing) return pass("Only tasks that serve nothing are stopped.");
    const floor = Math.ceil((service.desired * (service.minimumHealthyPercent ?? 100)) / 100);
    const left = serving - 1;
    if (left >= floor) return pass(`${left} tasks keep serving, at least ${floor} must.`);
    if (context.provenSick && left >= 1) {
      return pass(
        `${left} tasks keep serving; the one stopped is sick by its own facts and would fail anyway.`,
      );
    }
    return ask(`Stopping a task would leave ${left} serving, below the floor of ${floor}.`);
  },
};

function isServing(task: FactOf<"running-task">, context: GuardrailContext): boolean {
  const unhealthyTarget = factsOf(context.evidence, "target-health").some(
    (fact) => fact.data.taskId === task.data.taskId && fact.data.state !== "healthy",
  );
  return task.data.lastStatus === "RUNNING" && task.data.health !== "UNHEALTHY" && !unhealthyTarget;
}
