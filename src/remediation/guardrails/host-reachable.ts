import { factsOf } from "../../domain/evidence.ts";
import { type Guardrail, pass, refuse } from "../guardrail.ts";

/** A task on a host whose agent is disconnected does not stop, whatever ECS is told. */
export const hostReachable: Guardrail = {
  name: "host-reachable",
  judge: ({ plan, evidence, target }) => {
    if (plan.action !== "restart") return pass("No task is stopped.");
    const stopped = new Set(plan.tasks.map(({ taskId }) => taskId));
    const lost = factsOf(evidence, "host").find(
      ({ data }) => !data.agentConnected && data.taskIds.some((id) => stopped.has(id)),
    );
    if (lost === undefined) return pass("ECS reaches every task that is to be stopped.");
    const { host, external } = lost.data;
    const then =
      external === true
        ? `restart its agent, or take it out: aws ecs deregister-container-instance --cluster ${target.cluster} --container-instance ${host} --force`
        : `restart its agent, or replace it: aws ec2 terminate-instances --instance-ids ${host}`;
    return refuse(
      `ECS does not reach host ${host}, so a task on it would not stop. The host is yours: ${then}.`,
    );
  },
};
