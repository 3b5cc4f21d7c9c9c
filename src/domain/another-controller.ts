/** What a person does about a deployment that another controller than ECS makes: the command, never a call of ours. */
import { type Evidence, type FactOf, factsOf } from "./evidence.ts";
import type { Target } from "./target.ts";

type Deployment = FactOf<"deployment">["data"];

/** Controllers whose services ECS still scales, and whose tasks it still replaces. */
const KNOWN: ReadonlySet<string> = new Set(["CODE_DEPLOY", "EXTERNAL"]);

export function isKnownController(controller: string): boolean {
  return controller === "ECS" || KNOWN.has(controller);
}

/** Says whose the rollback is, and with which command; undefined where ECS makes the deployments. */
export function whoseRollback(evidence: Evidence, target?: Target): string | undefined {
  const controller = factsOf(evidence, "service")[0]?.data.controller;
  const deployments = factsOf(evidence, "deployment").map(({ data }) => data);
  switch (controller) {
    case "CODE_DEPLOY":
      return `CodeDeploy makes the deployments of this service, so the rollback is yours: ${codeDeployCommand(deployments)}`;
    case "EXTERNAL":
      return `A controller of yours makes the deployments of this service, so the rollback is yours: ${taskSetCommand(deployments, target)}`;
    default:
      return undefined;
  }
}

/** @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html */
function codeDeployCommand(deployments: readonly Deployment[]): string {
  const newest = deployments.toSorted((a, b) => (b.createdAt ?? "").localeCompare(a.createdAt ?? ""))[0];
  const id = newest?.externalId ?? "DEPLOYMENT_ID";
  return deployments.length > 1
    ? `aws deploy stop-deployment --deployment-id ${id} --auto-rollback-enabled`
    : "aws deploy create-deployment --application-name NAME --deployment-group-name NAME --revision REVISION (the AppSpec of the task definition before)";
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateServicePrimaryTaskSet.html */
function taskSetCommand(deployments: readonly Deployment[], target: Target | undefined): string {
  const other = deployments.find(({ status, running }) => status === "ACTIVE" && running > 0);
  const whose = `--cluster ${target?.cluster ?? "CLUSTER"} --service ${target?.service ?? "SERVICE"}`;
  return other === undefined
    ? `aws ecs create-task-set ${whose} --task-definition REVISION, then aws ecs update-service-primary-task-set`
    : `aws ecs update-service-primary-task-set ${whose} --primary-task-set ${other.id}`;
}
