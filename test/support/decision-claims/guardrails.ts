import { factsOf } from "../../../src/domain/evidence.ts";
import type { Policy } from "../../../src/domain/policy.ts";
import type { DecideInput } from "../../../src/remediation/decide.ts";
import {
  ACTION,
  type Claim,
  claim,
  deploymentsOf,
  frozenUntil,
  hasSettledScaling,
  isOfService,
  isUnread,
  mineOf,
  minutesAgo,
  ownAlarms,
  ownOf,
  serviceOf,
  steadyBefore,
  wantedMode,
} from "./claim.ts";

import { SHAPE_CLAIMS } from "./shapes.ts";

const is = (action: DecideInput["diagnosis"]["action"]) => (input: DecideInput) =>
  input.diagnosis.action === action;
const isNot = (action: DecideInput["diagnosis"]["action"]) => (input: DecideInput) =>
  input.diagnosis.action !== action;
const modeIs = (mode: "observe" | "approve" | "auto") => (input: DecideInput) => {
  const rank = { observe: 0, approve: 1, auto: 2 };
  return Math.min(rank[wantedMode(input)], rank[input.ceiling]) === rank[mode];
};
const limitsOf = ({ evidence }: DecideInput) => factsOf(evidence, "scaling-limits")[0]?.data;
const others = (input: DecideInput) =>
  new Set(
    (input.history ?? [])
      .filter((one) => !isOfService(input, one) && minutesAgo(input, one.at) < 10)
      .map(({ cluster, service }) => `${cluster}/${service}`),
  ).size;
const usedInHour = (input: DecideInput) =>
  mineOf(input).filter((one) => minutesAgo(input, one.at) < 60).length;
const unproven = (input: DecideInput, said: Readonly<Record<string, string>>) =>
  mineOf(input).some(
    (one) => one.incidentId === said["incident"] && one.action === said["past"] && one.verified === false,
  );
const same = (one: string | undefined, other: string | undefined) =>
  one?.split("/").at(-1) === other?.split("/").at(-1);

/** Pauses of the service, or of everything, that are not over. */
const paused = ({ pauses = [], target, now }: DecideInput) =>
  pauses.filter(
    ({ scope, until }) =>
      (until === undefined || Date.parse(until) > Date.parse(now)) &&
      (scope.kind === "all" ||
        (scope.service === target.service && (scope.cluster ?? target.cluster) === target.cluster)),
  );
const WHOSE = ["service", "cluster", "region", "account"];
const aboutOthers = ({ evidence }: DecideInput) =>
  factsOf(evidence, "trigger-difference").filter(({ data }) => WHOSE.includes(data.field));

const floorOf = (input: DecideInput) => {
  const { desired = 0, minimumHealthyPercent = 100 } = serviceOf(input) ?? {};
  return Math.ceil((desired * minimumHealthyPercent) / 100);
};
/** Running tasks that no health check calls unhealthy, and whose targets are all healthy. */
const serving = ({ evidence }: DecideInput) => {
  const sick = factsOf(evidence, "target-health").flatMap(({ data }) =>
    data.state === "healthy" ? [] : [data.taskId],
  );
  const tasks = factsOf(evidence, "running-task").filter(
    ({ data }) => data.lastStatus === "RUNNING" && data.health !== "UNHEALTHY" && !sick.includes(data.taskId),
  );
  return new Set(tasks.map(({ data }) => data.taskArn)).size;
};
const most = (input: DecideInput) =>
  Math.min(input.policy.limits.maxTasks, limitsOf(input)?.max ?? Number.POSITIVE_INFINITY);
const adds = (input: DecideInput, from: string | undefined, to: string | undefined) =>
  serviceOf(input)?.desired === Number(from) && Number(to) === Number(from) + 1;

/** Claims of the rule that keeps enough tasks serving, and of the task that is added for it. */
const FLOOR_CLAIMS: readonly Claim[] = [
  claim("healthy-floor", "pass", "No task is stopped\\.", isNot("restart")),
  claim("healthy-floor", "pass", "Only tasks that serve nothing are stopped\\.", is("restart")),
  claim(
    "healthy-floor",
    "pass",
    "(?<left>\\d+) tasks? keeps? serving, at least (?<keep>\\d+) must\\.",
    (input, { left, keep }) =>
      serving(input) - 1 === Number(left) && floorOf(input) === Number(keep) && Number(left) >= Number(keep),
  ),
  claim(
    "healthy-floor",
    "pass",
    "One task is added first \\((?<from>\\d+) to (?<to>\\d+)\\), so that at least (?<keep>\\d+) keep serving\\.",
    (input, { from, to, keep }) =>
      adds(input, from, to) && floorOf(input) === Number(keep) && Number(to) <= most(input),
  ),
  claim(
    "healthy-floor",
    "ask",
    "Stopping a task would leave (?<left>\\d+) serving, below the floor of (?<keep>\\d+) \\(minimum healthy (?<percent>\\d+) %\\), and no task can be added first: .+",
    (input, { left, keep }) =>
      serving(input) - 1 === Number(left) && floorOf(input) === Number(keep) && Number(left) < Number(keep),
  ),
  claim(
    "scale-bounds",
    "pass",
    "(?<from>\\d+) to (?<to>\\d+) tasks for a while is within every bound\\.",
    (input, { from, to }) => adds(input, from, to) && Number(to) <= most(input),
  ),
  claim(
    "autoscaling-settled",
    "ask",
    "Autoscaling itself changes the count of tasks \\((?<at>.+)\\); a second hand would fight it\\.",
    (input) => input.diagnosis.action === "restart" && !hasSettledScaling(input),
  ),
  claim(
    "autoscaling-settled",
    "refuse",
    "The alarm is autoscaling's own, which acts on it itself; a second hand would fight it\\.",
    (input) => ownAlarms(input).some(({ data }) => data.scaling !== undefined),
  ),
];

export const GUARDRAIL_CLAIMS: readonly Claim[] = [
  ...FLOOR_CLAIMS,
  claim("brake", "pass", "Nothing is paused here\\.", (input) => paused(input).length === 0),
  claim(
    "brake",
    "refuse",
    "(?:Paused|.+ is paused) by (?<by>\\S+) since .+ UTC(?:, until somebody resumes)?(?:\\.|: .+)",
    (input, { by }) => paused(input).some((pause) => pause.by === by),
  ),
  claim(
    "policy-of-now",
    "pass",
    "The policy of now could be read\\.",
    ({ policyProblem }) => policyProblem === undefined,
  ),
  claim(
    "policy-of-now",
    "refuse",
    "(?<problem>.+)",
    ({ policyProblem }, { problem }) => policyProblem === problem,
  ),
  claim(
    "alarm-target",
    "pass",
    "AWS says nothing else about what the alarm is about\\.",
    (input) => aboutOthers(input).length === 0,
  ),
  claim(
    "alarm-target",
    "refuse",
    "The alarm is about (?<field>\\S+) (?<aws>\\S+) in AWS, and the message is about (?<message>\\S+)\\.",
    (input, { field, aws, message }) =>
      aboutOthers(input).some(
        ({ data }) => data.field === field && data.aws === aws && data.message === message,
      ),
  ),

  claim("kill-switch", "pass", "The kill switch is off\\.", ({ policy }) => !policy.killSwitch),
  claim("kill-switch", "refuse", "The kill switch is on\\.", ({ policy }) => policy.killSwitch),
  claim(
    "policy-names",
    "pass",
    "The policy protects and freezes no service by its name\\.",
    ({ policy }) => namesThatRestrain(policy).length === 0,
  ),
  claim(
    "policy-names",
    "pass",
    "The names in the policy are not compared with the cluster here\\.",
    ({ policy }) => namesThatRestrain(policy).length > 0,
  ),
  claim(
    "protected-service",
    "pass",
    "The service is not protected\\.",
    ({ policy, target }) => policy.services[target.service]?.protected !== true,
  ),
  claim(
    "protected-service",
    "refuse",
    "(?<service>\\S+) is protected: people act on it, the agent does not\\.",
    ({ policy, target }, { service }) =>
      service === target.service && policy.services[target.service]?.protected === true,
  ),
  claim(
    "protected-service",
    "refuse",
    "The policy names (?<alike>\\S+), which is written almost like (?<service>\\S+)\\. Correct it, or name (?<again>\\S+) under `services`, too\\.",
    ({ policy, target }, { alike = "", service = "", again }) =>
      service === target.service &&
      again === service &&
      alike !== service &&
      !Object.hasOwn(policy.services, service) &&
      [policy.services, ...policy.freezes.map((freeze) => freeze.services ?? [])].some((named) =>
        (Array.isArray(named) ? named : Object.keys(named)).includes(alike),
      ) &&
      alike.toLowerCase().replaceAll("_", "").replaceAll("-", "") ===
        service.toLowerCase().replaceAll("_", "").replaceAll("-", ""),
  ),
  claim("mode", "pass", `(?<action>${ACTION}) is on auto\\.`, modeIs("auto")),
  claim("mode", "ask", `(?<action>${ACTION}) needs a person's approval\\.`, modeIs("approve")),
  claim(
    "mode",
    "refuse",
    `The mode of (?<action>${ACTION}) is observe\\. To allow it, set .+ to approve or auto\\.`,
    modeIs("observe"),
  ),
  claim("freeze-window", "pass", "No freeze is in force\\.", (input) => frozenUntil(input).length === 0),
  claim(
    "freeze-window",
    "refuse",
    "A freeze is in force until (?<until>\\S+?)(?:: .+)?\\.",
    (input, { until }) => frozenUntil(input).some(({ to }) => to === until),
  ),
  claim(
    "cooldown",
    "pass",
    "No other incident's action on the service in the last (?<minutes>[\\d.]+) minutes\\.",
    (input, { minutes }) =>
      mineOf(input).every(
        (one) =>
          (input.incidentId !== undefined && one.incidentId === input.incidentId) ||
          minutesAgo(input, one.at) >= Number(minutes),
      ),
  ),
  claim(
    "cooldown",
    "refuse",
    `(?<past>${ACTION}) was done at (?<at>\\S+) \\(incident (?<incident>\\S+)\\); the cooldown is (?<minutes>[\\d.]+) minutes\\.`,
    (input, { past, at, incident, minutes }) =>
      mineOf(input).some(
        (one) =>
          one.action === past &&
          one.at === at &&
          one.incidentId === incident &&
          minutesAgo(input, one.at) < Number(minutes),
      ),
  ),
  claim(
    "one-further-action",
    "pass",
    "This incident has not acted yet\\.",
    (input) => ownOf(input).length === 0,
  ),
  claim(
    "one-further-action",
    "pass",
    `(?<action>${ACTION}) is another action than the (?<past>${ACTION}) before\\.`,
    (input, { past }) =>
      ownOf(input).length === 1 && ownOf(input)[0]?.action === past && past !== input.diagnosis.action,
  ),
  claim(
    "one-further-action",
    "refuse",
    "This incident has acted (?<times>\\d+) times; what is left is for people\\.",
    (input, { times }) => ownOf(input).length === Number(times),
  ),
  claim(
    "one-further-action",
    "refuse",
    `This incident has tried (?<past>${ACTION}) already; only another action may follow\\.`,
    (input, { past }) => ownOf(input).some(({ action }) => action === past),
  ),
  claim(
    "action-budget",
    "pass",
    "(?<used>\\d+) of (?<allowed>\\d+) actions used in the last hour\\.",
    (input, { used, allowed }) =>
      usedInHour(input) === Number(used) && input.policy.limits.actionsPerHour === Number(allowed),
  ),
  claim(
    "action-budget",
    "ask",
    "(?<used>\\d+) actions? in the last hour, and (?<allowed>\\d+) (?:is|are) allowed: a person decides on more\\.",
    (input, { used, allowed }) =>
      usedInHour(input) === Number(used) &&
      Number(used) >= Number(allowed) &&
      input.policy.limits.actionsPerHour === Number(allowed),
  ),
  claim(
    "no-repeat-of-unverified-action",
    "pass",
    `No (?<action>${ACTION}) of the last 24 hours failed to show that it helped\\.`,
    (input) =>
      mineOf(input).every(
        (one) =>
          one.action !== input.diagnosis.action ||
          one.verified !== false ||
          minutesAgo(input, one.at) >= 24 * 60,
      ),
  ),
  claim(
    "no-repeat-of-unverified-action",
    "refuse",
    `(?<past>${ACTION}) was not seen to help in incident (?<incident>\\S+) at (?<at>\\S+)\\.`,
    unproven,
  ),
  claim(
    "wrong-here-before",
    "lower",
    `(?<past>${ACTION}) for (?<cause>\\S+) was not seen to help in incident (?<incident>\\S+)\\. .*`,
    unproven,
  ),
  claim(
    "blast-radius",
    "pass",
    "(?<number>\\d+) other services acted on in the last 10 minutes\\.",
    (input, { number }) => others(input) === Number(number),
  ),
  claim(
    "blast-radius",
    "refuse",
    "(?<number>\\d+) services were acted on in 10 minutes: a mass failure is for people\\.",
    (input, { number }) => others(input) === Number(number),
  ),
  claim(
    "service-active",
    "pass",
    "The service is ACTIVE\\.",
    (input) => serviceOf(input)?.status === "ACTIVE",
  ),
  claim(
    "service-active",
    "refuse",
    "The service is (?<status>\\S+)\\.",
    (input, { status }) => serviceOf(input)?.status === status,
  ),
  claim(
    "deployment-controller",
    "pass",
    "ECS controls the service's deployments\\.",
    (input) => serviceOf(input)?.controller === "ECS",
  ),
  claim(
    "deployment-controller",
    "refuse",
    "The deployment controller is (?<controller>\\S+), which OpsAgent does not act on\\.",
    (input, { controller }) => serviceOf(input)?.controller === controller,
  ),
  ...SHAPE_CLAIMS,
  claim("no-deployment-running", "pass", "No deployment or rollback is running\\.", (input) =>
    deploymentsOf(input).every((one) => !one.inProgress && one.rollingBack !== true),
  ),
  claim(
    "no-deployment-running",
    "pass",
    "Only the deployment is running that is to be stopped\\.",
    (input) =>
      new Set(deploymentsOf(input).flatMap(({ arn, inProgress }) => (inProgress ? [arn] : []))).size === 1,
  ),
  claim(
    "no-deployment-running",
    "refuse",
    "A deployment is being stopped or rolled back; acting now would interfere\\.",
    (input) => deploymentsOf(input).some((one) => one.rollingBack === true),
  ),
  claim(
    "no-deployment-running",
    "refuse",
    "A deployment is being stopped or rolled back, or could not be\\.",
    (input) =>
      deploymentsOf(input).some(
        (one) => one.rollingBack === true || /^(?:STOP_|ROLLBACK_)/.test(one.historyStatus ?? ""),
      ),
  ),
  claim(
    "no-deployment-running",
    "refuse",
    "Deployment (?<id>\\S+) is running(?: as well\\.|; acting now would interfere\\.)",
    (input, { id }) => deploymentsOf(input).some((one) => one.id === id && one.inProgress),
  ),
  claim(
    "no-deployment-running",
    "refuse",
    "The deployment that is to be stopped is not running\\.",
    is("rollback"),
  ),
  claim("rollback-target", "pass", "The task definition does not change\\.", isNot("rollback")),
  claim(
    "rollback-target",
    "pass",
    "(?<to>\\S+) ran steadily before (?<from>\\S+)\\.",
    (input, { to, from }) => steadyBefore(input, to) && same(serviceOf(input)?.taskDefinition, from),
  ),
  claim(
    "rollback-target",
    "refuse",
    "The service runs (?<current>\\S+), not (?<from>\\S+)\\.",
    (input, { current }) => serviceOf(input)?.taskDefinition === current,
  ),
  claim("rollback-target", "refuse", "(?<to>\\S+) is what runs already\\.", (input, { to }) =>
    same(serviceOf(input)?.taskDefinition, to),
  ),
  claim(
    "rollback-target",
    "refuse",
    "Nothing shows that (?<to>\\S+) ever ran steadily\\.",
    (input, { to }) => !steadyBefore(input, to),
  ),
  claim("rollback-target", "refuse", "(?<to>\\S+) is (?:INACTIVE|DELETE_IN_PROGRESS)\\.", is("rollback")),
  claim("restart-share", "pass", "No task is stopped\\.", isNot("restart")),
  claim(
    "restart-share",
    "pass",
    "(?<wanted>\\d+) of (?<desired>\\d+) tasks, one at a time, each after its predecessor is healthy\\.",
    (input, { wanted, desired }) =>
      serviceOf(input)?.desired === Number(desired) && Number(wanted) <= input.policy.limits.maxRestarts,
  ),
  claim(
    "restart-share",
    "refuse",
    "(?<wanted>\\d+) tasks would be stopped; at most (?<most>\\d+) are allowed\\.",
    (input, { most }) => input.policy.limits.maxRestarts === Number(most),
  ),
  claim("scale-bounds", "pass", "The desired count does not change\\.", isNot("scale")),
  claim(
    "scale-bounds",
    "pass",
    "(?<from>\\d+) to (?<to>\\d+) tasks is within every bound\\.",
    (input, { from, to }) =>
      serviceOf(input)?.desired === Number(from) &&
      Number(to) <= Math.min(input.policy.limits.maxTasks, limitsOf(input)?.max ?? Number.POSITIVE_INFINITY),
  ),
  claim(
    "scale-bounds",
    "refuse",
    "(?<to>\\d+) tasks is above the maximum of (?<most>\\d+)\\.",
    (input, { to, most }) => Number(to) > Number(most) && input.policy.limits.maxTasks === Number(most),
  ),
  claim(
    "scale-bounds",
    "refuse",
    "A step of (?<step>\\d+) is above the maximum of (?<most>\\d+)\\.",
    (input, { step, most }) => Number(step) > Number(most) && input.policy.limits.scaleStep === Number(most),
  ),
  claim(
    "scale-bounds",
    "refuse",
    "(?<to>\\d+) tasks is outside autoscaling's bounds (?<min>\\d+) to (?<max>\\d+)\\.",
    (input, { to, min, max }) =>
      limitsOf(input)?.max === Number(max) &&
      limitsOf(input)?.min === Number(min) &&
      (Number(to) > Number(max) || Number(to) < Number(min)),
  ),
  claim("autoscaling-settled", "pass", "The desired count does not change\\.", isNot("scale")),
  claim(
    "autoscaling-settled",
    "pass",
    "Autoscaling changed nothing in the last 5 minutes\\.",
    (input) => hasSettledScaling(input) && !isUnread(input, "scaling-activities"),
  ),
  claim(
    "autoscaling-settled",
    "pass",
    "What autoscaling did could not be read, which the policy tolerates\\.",
    (input) =>
      isUnread(input, "scaling-activities") && input.policy.tolerateGaps.includes("scaling-activities"),
  ),
  claim(
    "autoscaling-settled",
    "refuse",
    "Autoscaling itself changes the count of tasks \\((?<at>.+)\\); a second hand would fight it\\.",
    (input) => !hasSettledScaling(input),
  ),
  claim(
    "evidence-complete",
    "pass",
    "Every source was read that could speak against it\\.",
    (input) => !isUnread(input, ...READ_ALWAYS),
  ),
  claim(
    "evidence-complete",
    "pass",
    "What could not be read \\((?<sources>.+)\\) is tolerated by the policy\\.",
    (input, { sources = "" }) =>
      sources
        .split(", ")
        .every((source) => isUnread(input, source) && input.policy.tolerateGaps.includes(source)),
  ),
  claim(
    "evidence-complete",
    "ask",
    "Not everything could be read \\((?<sources>.+)\\), so a person decides\\.",
    (input, { sources = "" }) => sources.split(", ").every((source) => isUnread(input, source)),
  ),
  claim(
    "evidence-complete",
    "refuse",
    "The alarm's state could not be read, so recovery could never be proven\\.",
    (input) => isUnread(input, "alarm"),
  ),
  claim(
    "still-in-alarm",
    "pass",
    "No alarm of its own is known\\.",
    (input) => ownAlarms(input).length === 0,
  ),
  claim(
    "still-in-alarm",
    "pass",
    "The alarm is not OK\\.",
    (input) => ownAlarms(input).length > 0 && ownAlarms(input).every(({ data }) => data.state !== "OK"),
  ),
  claim("still-in-alarm", "refuse", "The alarm is OK again; nothing is left to remediate\\.", (input) =>
    ownAlarms(input).some(({ data }) => data.state === "OK"),
  ),
];

/** What an incident always reads. */
const READ_ALWAYS = [
  ...["service", "tasks", "task-definition", "changes", "metrics", "target-groups", "target-health", "logs"],
  ...["scaling", "scaling-activities", "alarm", "alarm-history"],
];

/** Names that the policy protects or freezes and that have to be services. */
function namesThatRestrain({ services, freezes, absentServices }: Policy): string[] {
  const guarded = Object.entries(services).flatMap(([name, own]) => (own.protected === true ? [name] : []));
  const frozen = freezes.flatMap((freeze) => freeze.services ?? []);
  return [...guarded, ...frozen].filter((name) => !absentServices.includes(name));
}
