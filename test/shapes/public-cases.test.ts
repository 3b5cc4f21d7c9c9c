import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { useStubCredentials } from "../../evals/recorded/gather.ts";
import { factsOf } from "../../src/domain/evidence.ts";
import { judged, liveGroupOf, recorded } from "./reshape.ts";

/** Inputs that people posted (docs/decisions/2026-11-30-shapes-of-services.md), each on a recorded fault. */

useStubCredentials();

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as {
    service: Record<string, unknown>;
  };

it("plans no scale for a DAEMON service, whose desired count ECS does not take, and says so", async () => {
  const { service } = read("07-daemon-service.json");

  const { diagnosis, decision } = await judged(recorded("morning-climb"), { service });

  expect(diagnosis.cause).toBe("traffic-spike");
  expect(diagnosis.nextSteps.join(" ")).toMatch(/instances/);
  expect(diagnosis.nextSteps.join(" ")).not.toMatch(/target-tracking/);
  expect(decision.kind).toBe("decline");
  expect(decision.trail).toContainEqual({
    rule: "scheduling-strategy",
    outcome: "refuse",
    reason: expect.stringMatching(/DAEMON.* takes no desired count/),
  });
});

it("finds the hung task behind the alternate target group of a blue/green service and restarts it", async () => {
  const { service } = read("08-native-blue-green.json");
  const one = recorded("event-loop-blocked");
  const [balancer] = service["loadBalancers"] as { targetGroupArn: string; advancedConfiguration: object }[];
  const live = liveGroupOf(one);
  const swapped = {
    ...balancer,
    advancedConfiguration: { ...balancer?.advancedConfiguration, alternateTargetGroupArn: live },
  };

  const { diagnosis, decision, evidence } = await judged(one, {
    service: (own) => ({
      ...service,
      deploymentConfiguration: {
        ...(own["deploymentConfiguration"] as object),
        ...(service["deploymentConfiguration"] as object),
      },
      loadBalancers: [swapped],
    }),
    idleGroup: balancer?.targetGroupArn ?? "",
  });

  const health = factsOf(evidence, "target-health");
  expect(health.filter(({ data }) => data.state === "unhealthy")).toHaveLength(2);
  expect(health.every(({ data }) => live.endsWith(data.targetGroup))).toBe(true);
  expect(diagnosis).toMatchObject({ cause: "hung-task", action: "restart" });
  expect(decision).toMatchObject({ kind: "act", plan: { action: "restart" } });
});
