/** Claims of the guardrails on how a service is scheduled and deployed. */
import { factsOf } from "../../../src/domain/evidence.ts";
import type { DecideInput } from "../../../src/remediation/decide.ts";
import { type Claim, claim, deploymentsOf, ownAlarms, serviceOf } from "./claim.ts";

const isNot = (action: DecideInput["diagnosis"]["action"]) => (input: DecideInput) =>
  input.diagnosis.action !== action;
const isRollback = ({ diagnosis }: DecideInput) => diagnosis.action === "rollback";
const primaryOf = (input: DecideInput) => deploymentsOf(input).find(({ status }) => status === "PRIMARY");
const strategyOf = (input: DecideInput) => serviceOf(input)?.strategy ?? "ROLLING";
const held = (holding: string) => (input: DecideInput, said: Readonly<Record<string, string>>) =>
  deploymentsOf(input).some((one) => one.id === said["id"] && one.inProgress && one.holding === holding);
const rollbackOf = ({ policy, target }: DecideInput) => policy.services[target.service]?.rollback;

export const SHAPE_CLAIMS: readonly Claim[] = [
  claim("scheduling-strategy", "pass", "The service takes a desired count\\.", (input) =>
    ["REPLICA", undefined].includes(serviceOf(input)?.schedulingStrategy),
  ),
  claim(
    "scheduling-strategy",
    "pass",
    "The service is a DAEMON, and the desired count does not change\\.",
    (input) => serviceOf(input)?.schedulingStrategy === "DAEMON" && isNot("scale")(input),
  ),
  claim(
    "scheduling-strategy",
    "refuse",
    "A DAEMON service runs one task on each container instance and takes no desired count: more capacity means more or larger instances\\.",
    (input) => serviceOf(input)?.schedulingStrategy === "DAEMON" && isNot("rollback")(input),
  ),
  claim(
    "scheduling-strategy",
    "refuse",
    "The scheduling strategy (?<strategy>\\S+) is not known to this version of OpsAgent\\.",
    (input, { strategy }) => serviceOf(input)?.schedulingStrategy === strategy,
  ),
  claim(
    "deployment-controller",
    "pass",
    "(?<controller>CODE_DEPLOY|EXTERNAL) makes the deployments; tasks and their count are ECS's\\.",
    (input, { controller }) => serviceOf(input)?.controller === controller && !isRollback(input),
  ),
  claim("deployment-controller", "refuse", /so the rollback is yours: aws (deploy|ecs) .*\.$/, isRollback),
  claim(
    "deployment-strategy",
    "pass",
    "Deployments replace tasks one after the other\\.",
    (input) => strategyOf(input) === "ROLLING",
  ),
  claim(
    "deployment-strategy",
    "pass",
    "No (?<strategy>\\S+) deployment is under way\\.",
    (input, { strategy }) => strategyOf(input) === strategy && primaryOf(input)?.inProgress !== true,
  ),
  claim(
    "deployment-strategy",
    "pass",
    "Deployment (?<id>\\S+) \\((?<strategy>\\S+)\\) is in stage (?<stage>\\S+)\\.",
    (input, { id, stage }) => deploymentsOf(input).some((one) => one.id === id && one.stage === stage),
  ),
  claim(
    "deployment-strategy",
    "refuse",
    "The deployment strategy (?<strategy>\\S+) is not known to this version of OpsAgent\\.",
    (input, { strategy }) => strategyOf(input) === strategy,
  ),
  claim(
    "deployment-strategy",
    "refuse",
    "Deployment (?<id>\\S+) is in stage (?<stage>\\S+), which is not known to this version of OpsAgent\\.",
    (input, { id, stage }) => deploymentsOf(input).some((one) => one.id === id && one.stage === stage),
  ),
  claim(
    "no-deployment-running",
    "refuse",
    "Traffic shifts to deployment (?<id>\\S+); acting now would interfere\\.",
    held("shift"),
  ),
  claim(
    "no-deployment-running",
    "refuse",
    "Deployment (?<id>\\S+) bakes: its traffic has shifted and ECS watches it; acting now would interfere\\.",
    held("bake"),
  ),
  claim(
    "no-deployment-running",
    "refuse",
    "Deployment (?<id>\\S+) is paused.*; acting now would interfere\\. A person says how it goes on: aws ecs continue-service-deployment .+ --action CONTINUE or ROLLBACK\\.",
    held("pause"),
  ),
  claim(
    "no-deployment-running",
    "refuse",
    "Task set (?<id>\\S+) runs beside another one, so traffic may be shifting; acting now would interfere\\.",
    (input, { id }) => deploymentsOf(input).some((one) => one.id === id && one.taskSet === true),
  ),
  claim("ecs-first", "pass", "No deployment is stopped\\."),
  claim(
    "ecs-first",
    "pass",
    "Neither circuit breaker nor deployment alarms take the deployment back\\.",
    isRollback,
  ),
  claim(
    "ecs-first",
    "refuse",
    "A deployment alarm has fired, by which ECS rolls the deployment back itself\\.",
    (input) => primaryOf(input)?.alarmsStatus === "TRIGGERED",
  ),
  claim(
    "ecs-first",
    "refuse",
    "The circuit breaker has opened, by which ECS rolls the deployment back itself\\.",
    (input) => primaryOf(input)?.circuitBreakerStatus === "TRIGGERED",
  ),
  claim(
    "ecs-first",
    "refuse",
    "ECS watches (?<alarm>\\S+) for this deployment and rolls it back by that alarm itself\\.",
    (input, { alarm }) => ownAlarms(input).some(({ data }) => data.name === alarm),
  ),
  claim(
    "ecs-first",
    "ask",
    "The circuit breaker counts (?<count>\\d+) failed tasks(?:, and rolls back at \\d+)? by itself: a person decides whether sooner\\.",
    (input, { count }) => primaryOf(input)?.failedTasks === Number(count),
  ),
  claim("shift-by-person", "pass", "No traffic shifts between revisions\\.", (input) =>
    isRollback(input) ? strategyOf(input) === "ROLLING" : true,
  ),
  claim(
    "shift-by-person",
    "pass",
    "Going back is a new (?<strategy>\\S+) deployment that shifts and bakes for (?<minutes>\\d+) minutes\\.",
    (input, { strategy }) => strategyOf(input) === strategy && isRollback(input),
  ),
  claim(
    "shift-by-person",
    "ask",
    "Stopping deployment (?<id>\\S+) \\(\\S+\\) takes its traffic back, which a person decides\\.",
    (input, { id }) => primaryOf(input)?.id === id,
  ),
  claim(
    "shift-by-person",
    "ask",
    "Going back is a new (?<strategy>\\S+) deployment that shifts and bakes for (?<minutes>\\d+) minutes, longer than recovery is waited for: a person decides, and has to watch it\\.",
    (input, { minutes }) => {
      const { bakeMinutes = 0, shiftMinutes = 0 } = serviceOf(input) ?? {};
      return bakeMinutes + shiftMinutes === Number(minutes);
    },
  ),
  claim("host-reachable", "pass", "No task is stopped\\.", isNot("restart")),
  claim("host-reachable", "pass", "ECS reaches every task that is to be stopped\\."),
  claim(
    "host-reachable",
    "refuse",
    "ECS does not reach host (?<host>\\S+), so a task on it would not stop\\. The host is yours: restart its agent, or .+\\.",
    (input, { host }) =>
      factsOf(input.evidence, "host").some(({ data }) => data.host === host && !data.agentConnected),
  ),
  claim("reversible", "pass", "No revision is left\\.", isNot("rollback")),
  claim(
    "reversible",
    "pass",
    "Nothing marks the deployment as not reversible\\.",
    (input) => rollbackOf(input)?.reversible !== false && serviceOf(input)?.irreversible === undefined,
  ),
  claim(
    "reversible",
    "refuse",
    "The policy says services\\.\\S+\\.rollback\\.reversible: false, so it is never rolled back, and going back is for people\\.",
    (input) => rollbackOf(input)?.reversible === false,
  ),
  claim(
    "reversible",
    "refuse",
    "The policy names (?<name>\\S+) under services\\.\\S+\\.rollback\\.irreversible, so it is never rolled back, and going back is for people\\.",
    (input, { name = "" }) => rollbackOf(input)?.irreversible?.includes(name) === true,
  ),
  claim(
    "reversible",
    "refuse",
    "It is marked: (?<why>.+), so it is never rolled back, and going back is for people\\.",
    (input, { why }) => serviceOf(input)?.irreversible === why,
  ),
  claim(
    "reversible",
    "ask",
    "Whether the service is marked as not reversible could not be read \\(tags\\), so a person decides\\.",
    (input) => serviceOf(input)?.reversibleUnread === true,
  ),
];
