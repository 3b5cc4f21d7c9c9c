/** ECS's deployment history. Times are seconds. */
import { json } from "../../../test/support/aws-stub-answers.ts";
import type { DeploymentSpec } from "../types.ts";
import type { Handlers } from "./handlers.ts";
import type { Scene } from "./scene.ts";

/** Minutes between a deployment and the one before it that the case does not declare. */
const EARLIER = 9 * 1440;

interface Remembered {
  readonly id: string;
  readonly revision: number;
  readonly at: number;
  readonly status: string;
}

/** ListServiceDeployments, DescribeServiceDeployments, DescribeServiceRevisions. */
export function historyHandlers(scene: Scene): Handlers {
  const { cluster, world, arn } = scene;
  const remembered = rememberedBy(scene);
  const deploymentArn = ({ id }: Remembered) =>
    arn("ecs", `service-deployment/${cluster}/${world.service}/${id}`);
  const revisionArn = ({ id }: Remembered) =>
    arn("ecs", `service-revision/${cluster}/${world.service}/${id}`);
  const brief = (one: Remembered) => ({
    serviceDeploymentArn: deploymentArn(one),
    createdAt: scene.seconds(one.at),
    startedAt: scene.seconds(one.at),
    status: one.status,
    targetServiceRevisionArn: revisionArn(one),
  });
  return {
    ListServiceDeployments: () => json({ serviceDeployments: remembered.map(brief) }),
    DescribeServiceDeployments: () =>
      json({
        serviceDeployments: remembered.map((one, index) => {
          const before = remembered[index + 1];
          return {
            ...brief(one),
            ...(one.status === "SUCCESSFUL" ? { finishedAt: scene.seconds(Math.min(one.at + 4, -0.2)) } : {}),
            targetServiceRevision: { arn: revisionArn(one) },
            sourceServiceRevisions: before === undefined ? [] : [{ arn: revisionArn(before) }],
            ...(one.status.startsWith("ROLLBACK_") && before !== undefined
              ? { rollback: { serviceRevisionArn: revisionArn(before) } }
              : {}),
          };
        }),
      }),
    DescribeServiceRevisions: () =>
      json({
        serviceRevisions: remembered.map((one) => ({
          serviceRevisionArn: revisionArn(one),
          taskDefinition: scene.definitionArn(one.revision),
          containerImages: [],
        })),
      }),
  };
}

/** Newest first. A case declares the deployments of its hour; one before them ran steadily until then. */
function rememberedBy(scene: Scene): Remembered[] {
  const told = scene.deployments.toSorted((one, other) => other.at - one.at);
  const [newest, oldest] = [told[0], told.at(-1)];
  if (oldest === undefined) return [];
  const shown = told.map((one) => ({
    id: one.id.slice(8),
    revision: one.revision,
    at: one.at,
    status: statusOf(one, newest),
  }));
  if (scene.world.young) return shown;
  const before = { id: "7000000000000000000", revision: oldest.revision - 1, at: oldest.at - EARLIER };
  return [...shown, { ...before, status: "SUCCESSFUL" }];
}

function statusOf({ rollout, failed }: DeploymentSpec, newest: DeploymentSpec | undefined): string {
  if (rollout === "IN_PROGRESS") return "IN_PROGRESS";
  // A deployment whose tasks failed until the next one never succeeded.
  if (rollout !== "FAILED") return failed ? "STOPPED" : "SUCCESSFUL";
  if (newest?.rollout === "FAILED") return "STOPPED";
  return newest?.rollout === "IN_PROGRESS" ? "ROLLBACK_IN_PROGRESS" : "ROLLBACK_SUCCESSFUL";
}
