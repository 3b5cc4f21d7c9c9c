/** Guardrails about the state of the service: would this change make it worse? */
import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { followsDeployment } from "../gates.ts";
import { ask, type Guardrail, type GuardrailContext, limitOf, pass, refuse } from "../guardrail.ts";
import { rollbackUnderWay, sameDefinition, steadyDefinitions } from "../rollback-plan.ts";

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

const rollbackTarget: Guardrail = {
  name: "rollback-target",
  judge: (context) => {
    const { plan, evidence } = context;
    if (plan.action !== "rollback") return pass("The task definition does not change.");
    const { taskDefinition: current } = serviceOf(context);
    if (evidence.gaps.some((gap) => gap.source === "deployment-history")) {
      throw new Error("the deployment history could not be read");
    }
    if (!sameDefinition(current, plan.from)) {
      return refuse(`The service runs ${current}, not ${plan.from}.`);
    }
    if (sameDefinition(plan.to, plan.from)) return refuse(`${plan.to} is what runs already.`);
    if (!steadyDefinitions(evidence).some((name) => sameDefinition(name, plan.to))) {
      return refuse(`Nothing shows that ${plan.to} ever ran steadily.`);
    }
    const status = factsOf(evidence, "task-definition-diff").find(({ data }) =>
      sameDefinition(data.from, plan.to),
    )?.data.fromStatus;
    if (status !== undefined && status !== "ACTIVE") return refuse(`${plan.to} is ${status}.`);
    return followsDeployment(evidence)
      ? pass(`${plan.to} ran steadily before ${plan.from}.`)
      : ask(`No deployment began shortly before the onset: what ${plan.from} changed may not be the cause.`);
  },
};

const stillInAlarm: Guardrail = {
  name: "still-in-alarm",
  judge: ({ evidence }) => {
    const own = factsOf(evidence, "alarm").filter(({ data }) => data.other !== true);
    return own.some(({ data }) => data.state === "OK")
      ? refuse("The alarm is OK again; nothing is left to mend.")
      : pass(own.length === 0 ? "No alarm of its own is known." : "The alarm is not OK.");
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
    const maxRestarts = limitOf(context, "maxRestarts");
    const wanted = context.plan.tasks.length;
    return wanted <= maxRestarts
      ? pass(`${wanted} of ${desired} tasks, one at a time, each after its predecessor is healthy.`)
      : refuse(`${wanted} tasks would be stopped; at most ${maxRestarts} are allowed.`);
  },
};

const scaleBounds: Guardrail = {
  name: "scale-bounds",
  judge: (context) => {
    const { plan, evidence } = context;
    if (plan.action !== "scale") return pass("The desired count does not change.");
    if (evidence.gaps.some((gap) => gap.source === "scaling")) {
      throw new Error("the autoscaling limits could not be read");
    }
    const limits = factsOf(evidence, "scaling-limits")[0]?.data;
    const maxTasks = limitOf(context, "maxTasks");
    const scaleStep = limitOf(context, "scaleStep");
    if (plan.to > maxTasks) return refuse(`${plan.to} tasks is above the maximum of ${maxTasks}.`);
    if (plan.to - plan.from > scaleStep) {
      return refuse(`A step of ${plan.to - plan.from} is above the maximum of ${scaleStep}.`);
    }
    if (limits !== undefined && (plan.to > limits.max || plan.to < limits.min)) {
      return refuse(`${plan.to} tasks is outside autoscaling's bounds ${limits.min} to ${limits.max}.`);
    }
    return pass(`${plan.from} to ${plan.to} tasks is within every bound.`);
  },
};

/**
 * After a change of its own, target tracking waits so long for the effect before it adds more tasks: the default cooldown.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
 */
const AUTOSCALING_COOLDOWN_SECONDS = 300;

const autoscalingSettled: Guardrail = {
  name: "autoscaling-settled",
  judge: ({ plan, evidence, policy, now }) => {
    if (plan.action !== "scale") return pass("The desired count does not change.");
    const source = "scaling-activities";
    if (evidence.gaps.some((gap) => gap.source === source) && !policy.tolerateGaps.includes(source)) {
      throw new Error("what autoscaling did could not be read");
    }
    const since = Date.parse(now) - AUTOSCALING_COOLDOWN_SECONDS * 1000;
    const recent = factsOf(evidence, "scaling-activity").find(
      ({ at, data }) => data.status !== "Failed" && !(Date.parse(at ?? "") < since),
    );
    return recent === undefined
      ? pass(`Autoscaling changed nothing in the last ${AUTOSCALING_COOLDOWN_SECONDS / 60} minutes.`)
      : refuse(
          `Autoscaling itself changes the count of tasks (${recent.at ?? "at an unknown time"}); a second hand would fight it.`,
        );
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
    // No policy can tolerate this one: what cannot be proven must not be begun.
    if (evidence.gaps.some((gap) => gap.source === "alarm")) {
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
  rollbackTarget,
  healthyFloor,
  restartShare,
  scaleBounds,
  autoscalingSettled,
  evidenceComplete,
  stillInAlarm,
];
