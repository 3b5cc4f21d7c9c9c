import { describe, expect, it } from "vitest";
import { TARGET } from "../../../test/samples/facts.ts";
import { createSmallWorld } from "../../../test/support/small-world.ts";
import type { DeploymentReading, ServiceReading } from "../../domain/reading.ts";
import { whatChangedOfCount, whatChangedOfDeployment } from "./still-as-judged.ts";

const options = { signal: AbortSignal.timeout(60_000) };
const counts = { desired: 3, running: 3, pending: 0, failedTasks: 0 };
const primary: DeploymentReading = {
  ...counts,
  id: "ecs-svc/2",
  status: "PRIMARY",
  rolloutState: "IN_PROGRESS",
  taskDefinition: "shop:7",
};
const before: DeploymentReading = {
  ...primary,
  id: "ecs-svc/1",
  status: "ACTIVE",
  rolloutState: "COMPLETED",
};

function ecsWith(given: Partial<ServiceReading>) {
  const { ecs } = createSmallWorld({ trouble: "leak" }).readers;
  const service: ServiceReading = {
    ...counts,
    arn: "arn",
    status: "ACTIVE",
    taskDefinition: "shop:7",
    controller: "ECS",
    deployments: [primary, before],
    events: [],
    targetGroupArns: [],
    ...given,
  };
  return { ...ecs, service: async () => service };
}

describe("a count that is to be set back", () => {
  const count = (given: Partial<ServiceReading>) =>
    whatChangedOfCount(ecsWith(given), TARGET, 3, undefined, options);

  it.each(["BLUE_GREEN", "LINEAR", "CANARY"])(
    "waits while a %s deployment shifts traffic",
    async (strategy) => {
      expect(await count({ strategy })).toBe("a deployment shifts traffic between revisions");
    },
  );

  it("waits while two task sets run", async () => {
    const set = { ...counts, id: "ecs-svc/1", status: "ACTIVE", taskDefinition: "shop:6" };

    expect(await count({ taskSets: [set, { ...set, id: "ecs-svc/2" }], deployments: [primary] })).toMatch(
      /shifts/,
    );
  });

  it("is set where deployments only replace tasks, and between shifts", async () => {
    expect(await count({ strategy: "ROLLING" })).toBeUndefined();
    expect(
      await count({ strategy: "CANARY", deployments: [{ ...primary, rolloutState: "COMPLETED" }] }),
    ).toBeUndefined();
  });
});

it("stops a deployment that alarms still watch after its last task was replaced", async () => {
  const plan = { action: "rollback", from: "shop:7", to: "shop:6", deploymentArn: "arn" } as const;
  const watched = ecsWith({ deployments: [primary] });
  const over = ecsWith({ deployments: [{ ...primary, rolloutState: "COMPLETED" }] });

  const how = { how: "stop-deployment" } as const;
  expect(await whatChangedOfDeployment(watched, TARGET, { ...plan, ...how }, options)).toBeUndefined();
  expect(await whatChangedOfDeployment(over, TARGET, { ...plan, ...how }, options)).toBe(
    "the deployment has ended",
  );
});
