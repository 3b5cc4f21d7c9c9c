/** Things the alarm leads to that are not there. */
import { describe, expect, it } from "vitest";
import { type World, withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { awsError, json } from "../../support/aws-stub-answers.ts";
import { expectReport } from "../../support/expect-report.ts";
import { completion, goodAnswer } from "../../support/model-server.ts";

function removeService({ aws }: World): void {
  aws.on("DescribeServices", json({ services: [], failures: [{ arn: "arn:aws:ecs:x", reason: "MISSING" }] }));
  aws.on("ListTasks", awsError("ServiceNotFoundException", { message: "Service not found." }));
  removeMetrics({ aws });
}

function removeMetrics({ aws }: Pick<World, "aws">): void {
  aws.on("GetMetricData", json({ MetricDataResults: [] }));
}

describe.concurrent("a service that does not exist", () => {
  const says = [
    /Service \\?"shop\\*" does not exist in cluster \\?"sandbox/,
    "Check the names in the alarm's dimensions",
  ];

  it(
    "is named as what is missing",
    withWorld({}, async (world) => {
      removeService(world);

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "escalated", says });
      expect(incident.evidence?.gaps).toContainEqual(expect.objectContaining({ code: "service-not-found" }));
    }),
  );

  it(
    "is not acted on, however sure a model is",
    withWorld(
      { model: [completion(goodAnswer({ cause: "traffic-spike", action: "scale", confidence: 1 }))] },
      async (world) => {
        removeService(world);

        const incident = await world.handleOne(snsEvent(alarmMessage()));

        await expectReport(world, incident, { status: "escalated", says });
      },
    ),
  );

  it(
    "in a cluster that does not exist",
    withWorld({}, async (world) => {
      const missing = awsError("ClusterNotFoundException", { message: "Cluster not found." });
      for (const operation of ["DescribeServices", "ListTasks", "DescribeTasks"])
        world.aws.on(operation, missing);

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["ClusterNotFoundException", "Check the cluster and service names"],
      });
    }),
  );
});

describe.concurrent("a log group", () => {
  it(
    "that is empty is told, and leaves the decision to a person",
    withWorld({}, async (world) => {
      world.aws.on("FilterLogEvents", json({ events: [], searchedLogStreams: [] }));

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["No log lines in /ecs/shop"],
      });
    }),
  );

  it(
    "that is empty leaves nothing to act on where there are no metrics either",
    withWorld({}, async (world) => {
      world.aws.on("FilterLogEvents", json({ events: [] }));
      removeMetrics(world);

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["No log lines in /ecs/shop", "CloudWatch has no data for this service"],
      });
    }),
  );

  it(
    "that does not exist is named with what to check",
    withWorld({}, async (world) => {
      world.aws.on(
        "FilterLogEvents",
        awsError("ResourceNotFoundException", { message: "The specified log group does not exist." }),
      );
      removeMetrics(world);

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["The log group /ecs/shop does not exist", "LOG_GROUP_PREFIX"],
      });
    }),
  );
});
