import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, startTestRange, type TestRange } from "../range-fixture.ts";

const breaker = {
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
};

describe("deployments", () => {
  let test: TestRange;

  beforeEach(async () => {
    test = await startTestRange();
  });
  afterEach(() => test.range.stop());

  const completed = () =>
    eventually(async () => {
      const service = await test.web();
      return (
        service.deployments?.length === 1 && service.deployments[0]?.rolloutState === "COMPLETED" && service
      );
    });

  it("roll a new task definition out without falling below the minimum", async () => {
    await test.createWeb({ desiredCount: 2 });
    await completed();
    await test.registerWeb({ image: "web:2" });

    const update = new UpdateServiceCommand({ cluster: "test", service: "web", taskDefinition: "web:2" });
    const updated = await test.ecs.send(update);

    expect(updated.service?.deployments?.map((one) => one.status)).toEqual(["PRIMARY", "ACTIVE"]);
    let least = 2;
    await eventually(async () => {
      const service = await test.web();
      least = Math.min(least, service.runningCount ?? 0);
      return service.deployments?.length === 1;
    });
    const service = await completed();
    expect(least).toBe(2);
    expect(service.taskDefinition).toMatch(/task-definition\/web:2$/);
    const gone = await test.webTasks("STOPPED");
    expect(gone.map((task) => task.stoppedReason)).toEqual([
      expect.stringMatching(/^Scaling activity initiated by \(deployment ecs-svc\/\d{19}\)$/),
      expect.stringMatching(/^Scaling activity/),
    ]);
  });

  it("that cannot start open the circuit breaker and go back", async () => {
    await test.createWeb({ desiredCount: 1, service: breaker });
    const before = await completed();
    await test.registerWeb({ image: "web:9" });

    await test.ecs.send(new UpdateServiceCommand({ cluster: "test", service: "web", taskDefinition: "web" }));

    const after = await eventually(async () => {
      const service = await test.web();
      return service.events?.some((event) => event.message?.includes("rolling back")) && (await completed());
    });
    expect(after.deployments?.[0]?.id).toBe(before.deployments?.[0]?.id);
    const list = new ListServiceDeploymentsCommand({ cluster: "test", service: "web" });
    const [failed] = (await test.ecs.send(list)).serviceDeployments ?? [];
    const described = await test.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [failed?.serviceDeploymentArn ?? ""] }),
    );
    expect(described.serviceDeployments).toMatchObject([
      {
        status: "ROLLBACK_SUCCESSFUL",
        deploymentCircuitBreaker: { status: "TRIGGERED", failureCount: 3, threshold: 3 },
      },
    ]);
    const revisions = [described.serviceDeployments?.[0]?.targetServiceRevision?.arn ?? ""];
    const named = await test.ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: revisions }),
    );
    expect(named.serviceRevisions).toMatchObject([{ taskDefinition: expect.stringMatching(/web:2$/) }]);
  });

  it("under way are rolled back by StopServiceDeployment", async () => {
    await test.createWeb();
    await completed();
    await test.registerWeb({ image: "web:9" });
    await test.ecs.send(new UpdateServiceCommand({ cluster: "test", service: "web", taskDefinition: "web" }));
    const serviceDeploymentArn = (await test.web()).currentServiceDeployment;

    await test.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));

    const service = await completed();
    expect(service.taskDefinition).toMatch(/task-definition\/web:1$/);
    const again = new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" });
    await expect(test.ecs.send(again)).rejects.toMatchObject({ name: "ConflictException" });
  });

  it("are not started by a new desired count", async () => {
    await test.createWeb();
    await completed();

    await test.ecs.send(new UpdateServiceCommand({ cluster: "test", service: "web", desiredCount: 3 }));

    const service = await eventually(async () => {
      const now = await test.web();
      return now.runningCount === 3 && now;
    });
    expect(service.deployments).toMatchObject([{ desiredCount: 3, rolloutState: "COMPLETED" }]);
    const missing = await test.ecs.send(
      new DescribeServicesCommand({ cluster: "test", services: ["web", "gone"] }),
    );
    expect(missing.failures).toMatchObject([{ reason: "MISSING" }]);
  });
});
