import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { describe, expect, it } from "vitest";
import { createWireServer } from "../wire/server.ts";
import { localWorld } from "../world.ts";
import { createAutoScaling } from "./service.ts";

describe("application auto scaling", () => {
  it("keeps targets and activities", async () => {
    const scaling = createAutoScaling(localWorld);
    const server = createWireServer([scaling.service]);
    const client = new ApplicationAutoScalingClient({
      endpoint: await server.listen(),
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const id = {
      ServiceNamespace: "ecs" as const,
      ResourceId: "service/test/web",
      ScalableDimension: "ecs:service:DesiredCount" as const,
    };

    await client.send(new RegisterScalableTargetCommand({ ...id, MinCapacity: 2, MaxCapacity: 6 }));
    await client.send(new RegisterScalableTargetCommand({ ...id, MaxCapacity: 8 }));
    scaling.addActivity({
      resourceId: id.ResourceId,
      description: "Setting desired count to 4.",
      cause: "monitor alarm shop-cpu-high in state ALARM triggered policy cpu",
      statusCode: "Successful",
      startTime: new Date(1_700_000_000_000),
    });

    const targets = await client.send(new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" }));
    const activities = await client.send(new DescribeScalingActivitiesCommand({ ServiceNamespace: "ecs" }));
    await server.close();
    expect(targets.ScalableTargets).toMatchObject([{ ...id, MinCapacity: 2, MaxCapacity: 8 }]);
    expect(activities.ScalingActivities?.[0]?.StartTime).toEqual(new Date(1_700_000_000_000));
  });
});
