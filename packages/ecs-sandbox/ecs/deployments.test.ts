import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeployment,
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

  /** Passes, a second after the start. */
  const healthCheck = { command: ["CMD-SHELL", "exit 0"], interval: 1, timeout: 1, retries: 1 };
  const half = { minimumHealthyPercent: 50, maximumPercent: 100 };

  async function update(taskDefinition: string): Promise<Service> {
    const command = new UpdateServiceCommand({ cluster: "test", service: "web", taskDefinition });
    const { service } = await test.ecs.send(command);
    if (!service) throw new Error("UpdateService answered no service.");
    return service;
  }

  /** Newest first. */
  async function history(): Promise<ServiceDeployment[]> {
    const list = new ListServiceDeploymentsCommand({ cluster: "test", service: "web" });
    const { serviceDeployments = [] } = await test.ecs.send(list);
    const arns = serviceDeployments.flatMap((one) => one.serviceDeploymentArn ?? []);
    const describe = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns });
    return (await test.ecs.send(describe)).serviceDeployments ?? [];
  }

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

  it("are asked to roll back as often as one likes while they do", async () => {
    await test.createWeb({
      desiredCount: 2,
      container: { healthCheck },
      service: { deploymentConfiguration: half },
    });
    await completed();
    await test.registerWeb({ image: "web:9" });
    await update("web");
    await eventually(async () => (await test.web()).runningCount === 1);
    const serviceDeploymentArn = (await test.web()).currentServiceDeployment;
    const stop = new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" });

    await test.ecs.send(stop);
    const [goingOn] = await history();
    await test.ecs.send(stop);

    expect(goingOn?.status).toMatch(/^ROLLBACK_(REQUESTED|IN_PROGRESS)$/);
    const service = await completed();
    const rollbacks = service.events?.filter((event) => event.message?.includes("rolling back"));
    expect(rollbacks).toHaveLength(1);
    expect((await history())[0]).toMatchObject({ status: "ROLLBACK_SUCCESSFUL" });
  });

  it("without anything before them cannot be rolled back", async () => {
    await test.createWeb({ image: "web:9" });
    const serviceDeploymentArn = (await test.web()).currentServiceDeployment;
    const stop = new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" });
    const missing = new StopServiceDeploymentCommand({ serviceDeploymentArn: `${serviceDeploymentArn}x` });

    await expect(test.ecs.send(stop)).rejects.toMatchObject({ name: "ConflictException" });
    await expect(test.ecs.send(missing)).rejects.toMatchObject({
      name: "ServiceDeploymentNotFoundException",
    });
  });

  it("under way end when a newer one begins", async () => {
    await test.createWeb();
    await completed();
    await test.registerWeb({ environment: { CRASH: "1" } });
    await update("web:2");

    const updated = await update("web:1");

    expect(updated.deployments).toMatchObject([
      { status: "PRIMARY", rolloutState: "IN_PROGRESS", taskDefinition: expect.stringMatching(/web:1$/) },
      { status: "ACTIVE", taskDefinition: expect.stringMatching(/web:2$/) },
      { status: "ACTIVE", rolloutState: "COMPLETED" },
    ]);
    const service = await completed();
    expect(service.taskDefinition).toMatch(/web:1$/);
    const [newest, ended, first] = await history();
    expect(newest).toMatchObject({ status: "SUCCESSFUL" });
    expect(ended).toMatchObject({ status: "STOPPED", stoppedAt: expect.any(Date) });
    expect(first).toMatchObject({ status: "SUCCESSFUL" });
  });

  it("that begin during a rollback end it", async () => {
    await test.createWeb();
    await completed();
    await test.registerWeb({ image: "web:9" });
    await test.registerWeb({ image: "web:2" });
    const { deployments: [broken] = [] } = await update("web:2");
    const serviceDeploymentArn = (await test.web()).currentServiceDeployment;
    await test.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));

    await update("web:3");

    const service = await completed();
    expect(service.taskDefinition).toMatch(/web:3$/);
    expect(service.currentServiceDeployment).toBeUndefined();
    expect(broken?.taskDefinition).toMatch(/web:2$/);
    expect((await history()).map((one) => one.status)).not.toContain("ROLLBACK_IN_PROGRESS");
  });

  it("whose tasks end at their start count them, and go on without a circuit breaker", async () => {
    const container = { healthCheck };
    await test.createWeb({ desiredCount: 2, container, service: { deploymentConfiguration: half } });
    const before = await completed();
    await test.registerWeb({ container, environment: { CRASH: "1" } });

    await update("web:2");

    const primary = await eventually(async () => {
      const [deployment] = (await test.web()).deployments ?? [];
      return (deployment?.failedTasks ?? 0) >= 2 && deployment;
    });
    expect(primary).toMatchObject({ status: "PRIMARY", rolloutState: "IN_PROGRESS" });
    const serviceDeploymentArn = (await test.web()).currentServiceDeployment;
    await test.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));
    const after = await completed();
    expect(after.deployments?.[0]?.id).toBe(before.deployments?.[0]?.id);
    expect(after.runningCount).toBe(2);
  });

  it("stay failed where the circuit breaker may not roll back, until somebody does", async () => {
    const enabled = { deploymentCircuitBreaker: { enable: true, rollback: false } };
    await test.createWeb({ service: { deploymentConfiguration: enabled } });
    await completed();
    await test.registerWeb({ image: "web:9" });

    await update("web:2");

    const failed = await eventually(async () => {
      const service = await test.web();
      return service.deployments?.[0]?.rolloutState === "FAILED" && service;
    });
    expect(failed.deployments).toMatchObject([
      {
        status: "PRIMARY",
        failedTasks: 3,
        rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
      },
      { status: "ACTIVE", runningCount: 1, rolloutState: "COMPLETED" },
    ]);
    expect(failed.events?.[0]?.message).toMatch(/deployment failed: tasks failed to start\.$/);
    expect((await history())[0]).toMatchObject({ status: "STOPPED", stoppedAt: expect.any(Date) });
    await update("web:1");
    expect((await completed()).taskDefinition).toMatch(/web:1$/);
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
