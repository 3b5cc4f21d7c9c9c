import { factsOf, metricsOf } from "../../../src/domain/evidence.ts";
import { type Claim, claim, deploymentsOf, isVouchedFor, serviceOf, steadyBefore } from "./claim.ts";

type Holds = Claim["holds"];

const running = ({ evidence }: Parameters<Holds>[0]) =>
  factsOf(evidence, "running-task").filter(({ data }) => data.lastStatus === "RUNNING").length;

const ORDINARY = ["stopped-on-request", "scaled-in-or-replaced"];

/** Tasks that stopped by a fault. */
const failed = ({ evidence }: Parameters<Holds>[0]) =>
  factsOf(evidence, "stopped-tasks")
    .filter(({ data }) => !ORDINARY.includes(data.class))
    .reduce((sum, { data }) => sum + data.count, 0);

/** As many tasks run as should, and none is on its way. */
const isComplete = (input: Parameters<Holds>[0]) => {
  const { running: runs = 0, desired = 1, pending = 1 } = serviceOf(input) ?? {};
  return runs >= desired && pending === 0;
};

const hasTaskMetrics = ({ evidence }: Parameters<Holds>[0]) =>
  metricsOf(evidence, "task-memory").some((fact) => isVouchedFor(fact));

const DOUBT =
  "One of (?<possible>\\d+) tasks leaks, or more, and nothing tells which: there are no metrics of each task \\(Container Insights with enhanced observability is off\\) and their ages do not tell\\. A person decides whether all \\d+ are restarted, one after the other\\.";

const newestEnded = ({ evidence }: Parameters<Holds>[0]) => factsOf(evidence, "finished-deployment")[0]?.data;

const primary = (input: Parameters<Holds>[0]) =>
  deploymentsOf(input).find(({ status }) => status === "PRIMARY");

/** Claims of plans, and of why there is none. */
export const PLAN_CLAIMS: readonly Claim[] = [
  claim(
    "plan",
    "refuse",
    /makes the deployments of this service, so the rollback is yours: aws .*\.$/,
    (input) => ["CODE_DEPLOY", "EXTERNAL"].includes(serviceOf(input)?.controller ?? ""),
  ),
  claim("plan", "refuse", "No running task is sick now\\."),
  claim(
    "plan",
    "refuse",
    "No running task is sick now; the one that failed was already replaced\\.",
    (input) => failed(input) === 1 && isComplete(input),
  ),
  claim(
    "plan",
    "refuse",
    "No running task is sick now; the (?<number>\\d+) that failed were already replaced\\.",
    (input, { number }) => failed(input) === Number(number) && isComplete(input),
  ),
  claim(
    "plan",
    "ask",
    "One of (?<possible>\\d+) tasks leaks, or more, and nothing tells which: .+ The oldest has had the longest to leak: a person decides whether it is restarted\\.",
    (input, { possible }) => !hasTaskMetrics(input) && running(input) >= Number(possible),
  ),
  claim(
    "plan",
    "ask",
    DOUBT,
    (input, { possible }) => !hasTaskMetrics(input) && running(input) >= Number(possible),
  ),
  claim(
    "plan",
    "refuse",
    `${DOUBT} The policy lets (?<most>\\d+) be restarted at most\\.`,
    (input, { possible, most }) =>
      !hasTaskMetrics(input) &&
      Number(possible) > Number(most) &&
      input.policy.limits.maxRestarts === Number(most),
  ),
  claim(
    "plan",
    "ask",
    "Nothing tells in which of (?<possible>\\d+) tasks (?:connections run out|the disk is full)\\. The oldest has had the longest: a person decides whether it is restarted\\.",
    (input, { possible }) => running(input) >= Number(possible),
  ),
  claim("plan", "refuse", "No running task is left to restart\\.", (input) => running(input) === 0),
  claim(
    "plan",
    "refuse",
    "The desired count could not be read\\.",
    (input) => serviceOf(input) === undefined,
  ),
  claim(
    "plan",
    "refuse",
    "The service already runs (?<from>\\d+) tasks?, the most allowed is (?<most>\\d+)\\.",
    (input, { from, most }) => {
      const max = factsOf(input.evidence, "scaling-limits")[0]?.data.max ?? Number.POSITIVE_INFINITY;
      return (
        serviceOf(input)?.desired === Number(from) &&
        Number(most) === Math.min(max, input.policy.limits.maxTasks) &&
        Number(from) >= Number(most)
      );
    },
  ),
  claim(
    "plan",
    "refuse",
    "The task definition that runs could not be read\\.",
    (input) => !serviceOf(input)?.taskDefinition,
  ),
  claim(
    "plan",
    "refuse",
    "The deployments of the service could not be read\\.",
    (input) => primary(input) === undefined,
  ),
  claim("plan", "refuse", "A deployment is being stopped or rolled back, or could not be\\.", (input) =>
    deploymentsOf(input).some(
      (one) => one.rollingBack === true || /^(?:STOP_|ROLLBACK_)/.test(one.historyStatus ?? ""),
    ),
  ),
  claim(
    "plan",
    "refuse",
    "ECS is replacing the failed deployment of (?<name>\\S+) already\\.",
    (input, { name }) =>
      deploymentsOf(input).some((one) => one.taskDefinition === name && one.rolloutState === "FAILED") &&
      deploymentsOf(input).some((one) => one.inProgress),
  ),
  claim(
    "plan",
    "refuse",
    "The deployment of (?<name>\\S+) was rolled back already; going back further is for people\\.",
    (input, { name }) =>
      newestEnded(input)?.taskDefinition === name &&
      newestEnded(input)?.status.startsWith("ROLLBACK_") === true,
  ),
  claim(
    "plan",
    "refuse",
    "The newest deployment is of (?<newest>\\S+), but the service names (?<current>\\S+)\\.",
    (input, { newest, current }) =>
      primary(input)?.taskDefinition === newest && serviceOf(input)?.taskDefinition === current,
  ),
  claim(
    "plan",
    "refuse",
    "(?<name>\\S+) was deployed over itself, so there is no other task definition to go back to\\.",
    (input) => primary(input)?.forced === true,
  ),
  claim(
    "plan",
    "refuse",
    "Nothing shows which task definition ran steadily before (?<name>\\S+), so none is chosen\\.",
    (input, { name }) => serviceOf(input)?.taskDefinition === name,
  ),
  claim(
    "plan",
    "refuse",
    "The deployment of (?<name>\\S+) goes on, but the deployment history does not name it as one to stop\\.",
    (input, { name }) => deploymentsOf(input).some((one) => one.taskDefinition === name && one.inProgress),
  ),
  claim(
    "plan",
    "refuse",
    "The deployment of (?<name>\\S+) replaced (?<replaced>\\S+), but (?<steady>\\S+) is what last ran steadily\\.",
    (input, { replaced, steady }) => primary(input)?.replaced === replaced && steadyBefore(input, steady),
  ),
];
