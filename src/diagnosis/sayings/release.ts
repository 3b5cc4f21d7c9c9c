import { whoseRollback } from "../../domain/another-controller.ts";
import type { FactOf } from "../../domain/evidence.ts";
import { exitText } from "../../domain/exit-code.ts";
import { ecsWordsOf } from "../../domain/stop-reasons.ts";
import { type EvidenceView, ifRaised } from "../view/evidence-view.ts";
import { endedContainer } from "./crash-loop.ts";
import type { Say } from "./said.ts";

type Stops = FactOf<"stopped-tasks">;

/** A task that ends within this time of its start never worked; large runtimes take minutes to start. */
const START_SECONDS = 180;

/** ECS's own words about a stop, or what it does not say. */
function reasonOf(stop: Stops | undefined): string {
  return ((stop && ecsWordsOf(stop.data)) ?? "ECS gives no reason").replace(/\.$/, "");
}

/** The container that ended, and with which code, where ECS says. */
function exitOf({ data }: Stops): string {
  const ended = endedContainer(data);
  return ended?.exitCode === undefined || ended.exitCode === 0
    ? ""
    : ` (container ${ended.name}, ${exitText(ended.exitCode)})`;
}

export const imagePullFailure: Say = (view) => {
  const [pull] = view.stops("image-pull-failed");
  if (pull === undefined) return undefined;
  return {
    rootCause: `The image of ${pull.data.taskDefinition} cannot be pulled: ${reasonOf(pull)}.`,
    severity: "P1",
    nextSteps: [
      "Check the tag, the registry permissions of the execution role, and the route to the registry.",
    ],
  };
};

const SETTING = /environment|secret|command|ports/;

function changeOf({ what, before, after }: { what: string; before: string; after: string }): string {
  if (/values|references/.test(what)) return `${what} of ${before} changed`;
  return `${what} changed from ${before} to ${after}`;
}

const ASKS_SECRETS = /secret|ssm|parameter|registry|role|log/i;

export const startupMisconfiguration: Say = (view) => {
  const [uninitialised] = view.stops("initialization-failed");
  const changed = view.diff?.data.changes.find(({ what }) => SETTING.test(what));
  const since = changed === undefined ? "" : ` since ${changeOf(changed)}`;
  if (uninitialised !== undefined) {
    return {
      rootCause: `Tasks of ${uninitialised.data.taskDefinition} cannot be initialised${since}: ${reasonOf(uninitialised)}.`,
      severity: "P1",
      nextSteps: [
        ASKS_SECRETS.test(reasonOf(uninitialised))
          ? "Check the secrets, the execution role and the endpoints that the task definition names."
          : "Check what ECS names: where it stands, and how the task definition asks for it.",
      ],
    };
  }
  const [unstarted] = view.stops("container-runtime-error");
  if (unstarted !== undefined) {
    return {
      rootCause: `A container of ${unstarted.data.taskDefinition} cannot be started${since}: ${reasonOf(unstarted)}.`,
      severity: "P1",
      nextSteps: [
        "Compare what ECS names (command, port, limit, architecture) with the image and the task definition.",
      ],
    };
  }
  const [event] = view.events("start-failure");
  if (event !== undefined) {
    return {
      rootCause: `Tasks cannot be started${since}. ECS says: ${event.data.message.replace(/\.$/, "")}.`,
      severity: "P1",
      nextSteps: ["Check what ECS names: the secrets, the roles and the endpoints of the task definition."],
    };
  }
  const [ended] = view
    .stops("crashed", "exited-successfully")
    .filter((fact) => (fact.data.medianLifeSeconds ?? 0) < START_SECONDS);
  const [rejected] = view.stops("failed-health-check");
  const stop = ended ?? rejected;
  if (stop === undefined) return undefined;
  const how = ended === undefined ? "never become healthy" : `exit right after their start${exitOf(ended)}`;
  if (view.logs("wrong-architecture").length > 0) {
    return {
      rootCause: `Tasks of ${stop.data.taskDefinition} ${how}${since}: their log says that the program is built for another architecture.`,
      severity: "P1",
      nextSteps: [
        "Build the image for the architecture of the task definition (runtimePlatform), or change that.",
      ],
    };
  }
  const words =
    view.logs("missing-configuration").length > 0 ? "; their log speaks of missing configuration" : "";
  return {
    rootCause: `Tasks of ${stop.data.taskDefinition} ${how}${since}${words}.`,
    severity: "P1",
    nextSteps: ["Restore the setting that the tasks miss, or go back to the previous revision."],
  };
};

/** What shows that a revision fails; only what the facts hold. */
function failureOf(view: EvidenceView, deployment: FactOf<"deployment">): string {
  const stops = view
    .stops("crashed", "exited-successfully", "failed-health-check", "out-of-memory")
    .filter(({ data }) => data.taskDefinition === deployment.data.taskDefinition);
  const stopped = stops.reduce((sum, { data }) => sum + data.count, 0);
  if (stopped > 0) return `: ${stopped} of its tasks stopped${stops[0] ? exitOf(stops[0]) : ""}`;
  const { failedTasks } = deployment.data;
  if (failedTasks > 0) return `: ECS counts ${failedTasks} failed task${failedTasks === 1 ? "" : "s"}`;
  const worse =
    ifRaised(view.metric("errors-5xx")) ??
    ifRaised(view.metric("latency-p99")) ??
    ifRaised(view.metric("latency-p50"));
  return worse === undefined ? "" : `: ${worse.data.label} rose`;
}

/** Whose the way back is, where another controller than ECS makes the deployments. */
function backText({ evidence }: EvidenceView): string {
  const others = whoseRollback(evidence);
  return others === undefined
    ? "Go back to the previous revision, then read the diff."
    : `${others}. Then read the diff.`;
}

export const badDeploy: Say = (view) => {
  const deployment = view.failingDeployment ?? view.blamedDeployment;
  if (deployment === undefined) return undefined;
  const changes = view.diff?.data.changes.map(({ what }) => what) ?? [];
  const changed = changes.length === 0 ? "" : ` (changed: ${changes.join(", ")})`;
  return {
    rootCause: `${deployment.data.taskDefinition} fails since its deployment${failureOf(view, deployment)}${changed}.`,
    severity: "P1",
    nextSteps: [backText(view)],
  };
};

export const deployInProgress: Say = (view) => {
  const deployment = view.deploymentInProgress;
  if (deployment === undefined) return undefined;
  const { taskDefinition, running, desired } = deployment.data;
  const back = view.failingDeployment?.data.rolloutState === "FAILED" ? "A rollback to" : "A deployment of";
  return {
    rootCause: `${back} ${taskDefinition} is running: ${running} of ${desired} of its tasks are up.`,
    severity: "P3",
    nextSteps: ["Wait for the deployment to end; the circuit breaker, if on, ends a bad one."],
  };
};

export const desiredCountZero: Say = () => ({
  rootCause: "The service's desired count is 0: it is set to run nothing.",
  severity: "P1",
  nextSteps: ["Find out who set it to 0 (CloudTrail: UpdateService) and whether it was meant."],
});

export const capacityUnavailable: Say = (view) => {
  const [event] = view.events("placement-failure");
  const [stop] = view.stops("no-capacity", "capacity-reclaimed");
  if (event === undefined && stop === undefined) return undefined;
  return {
    rootCause: `ECS cannot place tasks: ${event?.data.message.replace(/\.$/, "") ?? reasonOf(stop)}.`,
    severity: "P1",
    nextSteps: ["Check capacity providers, quotas, subnets' free addresses and container instances."],
  };
};
