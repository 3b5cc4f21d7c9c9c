/** Guardrails about the state of the service: would this change make it worse? */
import { type FactOf, factsOf } from "../domain/evidence.ts";
import { ask, type Guardrail, type GuardrailContext, pass, refuse } from "./context.ts";

/** The service fact, or an error: a rule that needs it cannot be evaluated without it. */
function serviceOf(context: GuardrailContext): FactOf<"service">["data"] {
  const [service] = factsOf(context.evidence, "service");
  if (service === undefined) throw new Error("the state of the service could not be read");
  return service.data;
}

const serviceActive: Guardrail = {
  name: "service-active",
  judge: (context) => {
    const { status } = serviceOf(context);
    return status === "ACTIVE" ? pass("The service is ACTIVE.") : refuse(`The service is ${status}.`);
  },
};

const ecsController: Guardrail = {
  name: "deployment-controller",
  judge: (context) => {
    const { controller } = serviceOf(context);
    return controller === "ECS"
      ? pass("ECS controls the service's deployments.")
      : refuse(`The deployment controller is ${controller}, which OpsAgent does not act on.`);
  },
};

const noDeploymentRunning: Guardrail = {
  name: "no-deployment-running",
  judge: (context) => {
    const deployments = factsOf(context.evidence, "deployment");
    if (deployments.length === 0) throw new Error("the deployments of the service could not be read");
    const running = deployments.find((deployment) => deployment.data.inProgress);
    return running === undefined
      ? pass("No deployment or rollback is running.")
      : refuse(`Deployment ${running.data.id} is running; acting now would interfere.`);
  },
};

const healthyFloor: Guardrail = {
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

const restartShare: Guardrail = {
  name: "restart-share",
  judge: (context) => {
    if (context.plan.action !== "restart") return pass("No task is stopped.");
    const { desired } = serviceOf(context);
    const { maxRestarts, maxRestartPercent } = context.policy.limits;
    const allowed = Math.min(maxRestarts, Math.max(1, Math.floor((desired * maxRestartPercent) / 100)));
    const wanted = context.plan.tasks.length;
    return wanted <= maxRestarts
      ? pass(
          `${wanted} of ${desired} tasks, at most ${allowed} at a time, each after its predecessor is healthy.`,
        )
      : refuse(`${wanted} tasks would be stopped; at most ${maxRestarts} are allowed.`);
  },
};

const scaleBounds: Guardrail = {
  name: "scale-bounds",
  judge: (context) => {
    const { plan, policy, evidence } = context;
    if (plan.action !== "scale") return pass("The desired count does not change.");
    if (evidence.gaps.some((gap) => gap.source === "scaling")) {
      throw new Error("the autoscaling limits could not be read");
    }
    const limits = factsOf(evidence, "scaling-limits")[0]?.data;
    if (plan.to > policy.limits.maxTasks)
      return refuse(`${plan.to} tasks is above the maximum of ${policy.limits.maxTasks}.`);
    if (plan.to - plan.from > policy.limits.scaleStep) {
      return refuse(`A step of ${plan.to - plan.from} is above the maximum of ${policy.limits.scaleStep}.`);
    }
    if (limits !== undefined && (plan.to > limits.max || plan.to < limits.min)) {
      return refuse(`${plan.to} tasks is outside autoscaling's bounds ${limits.min} to ${limits.max}.`);
    }
    return pass(`${plan.from} to ${plan.to} tasks is within every bound.`);
  },
};

/** The sources that every incident reads. What one of them would have shown could speak against the action. */
const READ_ALWAYS: ReadonlySet<string> = new Set([
  "service",
  "tasks",
  "task-definition",
  "changes",
  "metrics",
  "target-groups",
  "target-health",
  "logs",
  "scaling",
  "scaling-activities",
  "alarm",
  "alarm-history",
]);

const evidenceComplete: Guardrail = {
  name: "evidence-complete",
  judge: ({ evidence, policy }) => {
    const missing = evidence.gaps
      .map((gap) => gap.source)
      .filter((source) => READ_ALWAYS.has(source) && !policy.tolerateGaps.includes(source));
    if (missing.includes("alarm")) {
      return refuse("The alarm's state could not be read, so recovery could never be proven.");
    }
    return missing.length === 0
      ? pass("Every source was read that could speak against it.")
      : ask(`Not everything could be read (${[...new Set(missing)].join(", ")}), so a person decides.`);
  },
};

export const SAFETY_GUARDRAILS: readonly Guardrail[] = [
  serviceActive,
  ecsController,
  noDeploymentRunning,
  healthyFloor,
  restartShare,
  scaleBounds,
  evidenceComplete,
];
