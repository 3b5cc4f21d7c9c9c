import { describe, expect, it } from "vitest";
import { awsError, json } from "../support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const bed = useAwsStub();
const CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/production";
const GROUP = "/aws/vendedlogs/ecs/action-logs/production";
const target = { cluster: "production", service: "web" };
const window = { from: 1_761_991_200_000, to: 1_761_994_800_000 };

const source = (more: object = {}) => ({
  name: "production-action-logs",
  logType: "ACTION_LOGS",
  service: "ecs",
  resourceArns: [CLUSTER],
  ...more,
});

function delivered(sources: readonly object[], deliveries: readonly object[]) {
  bed.stub.on("DescribeDeliverySources", json({ deliverySources: sources }));
  bed.stub.on("DescribeDeliveries", json({ deliveries }));
  bed.stub.on(
    "GetDeliveryDestination",
    json({
      deliveryDestination: {
        name: "to-logs",
        deliveryDestinationType: "CWL",
        deliveryDestinationConfiguration: {
          destinationResourceArn: `arn:aws:logs:us-east-1:123456789012:log-group:${GROUP}:*`,
        },
      },
    }),
  );
}

const delivery = (type: string, more: object = {}) => ({
  deliverySourceName: "production-action-logs",
  deliveryDestinationArn: "arn:aws:logs:us-east-1:123456789012:delivery-destination:to-logs",
  deliveryDestinationType: type,
  ...more,
});

describe("where Action Logs go", () => {
  it("is read from AWS's delivery, never guessed by a name", async () => {
    delivered([source()], [delivery("S3"), delivery("CWL")]);

    expect(await bed.aws.actionLogs.destination(CLUSTER)).toEqual({ kind: "CWL", group: GROUP });
    expect(bed.stub.calls("DescribeDeliverySources")).toEqual([{ resourceArns: [CLUSTER] }]);
    expect(bed.stub.calls("GetDeliveryDestination")).toEqual([{ name: "to-logs" }]);
  });

  it.each([
    ["no delivery of the source", [source()], []],
    ["a delivery of another source", [source()], [delivery("CWL", { deliverySourceName: "others" })]],
    ["another cluster's source", [source({ resourceArns: [`${CLUSTER}-eu`] })], [delivery("CWL")]],
    ["a source of another kind", [source({ logType: "TRACES" })], [delivery("CWL")]],
  ])("is nowhere with %s", async (_, sources, deliveries) => {
    delivered(sources, deliveries);

    expect(await bed.aws.actionLogs.destination(CLUSTER)).toBeUndefined();
  });

  it("may be S3 or Firehose, which is said", async () => {
    delivered([source({ logType: "EcsActionLogs" })], [delivery("S3")]);

    expect(await bed.aws.actionLogs.destination(CLUSTER)).toEqual({ kind: "S3" });
  });

  it("is not known where the role may not ask, and that is said", async () => {
    bed.stub.on("DescribeDeliverySources", awsError("AccessDeniedException"));

    expect(await rejection(bed.aws.actionLogs.destination(CLUSTER))).toMatchObject({ code: "aws-denied" });
  });
});

describe("entries of Action Logs", () => {
  const at = window.from + 60_000;
  const entry = (more: object, id = "service/production/web") => ({
    eventId: "1",
    logStreamName: "service/production/web",
    timestamp: at,
    message: JSON.stringify({ resourceArn: CLUSTER, actionSourceId: id, logLevel: "ERROR", ...more }),
  });
  // Both forms of AWS's page on troubleshooting with Action Logs.
  const rollback = entry({
    eventTimestamp: at,
    detail: {
      statusReason: "No rollback candidate was found to run the rollback.",
      status: "FAILED",
      eventName: "SERVICE_DEPLOYMENT_ROLLBACK_FAILED",
    },
  });
  const impaired = entry(
    { timestamp: at - 1000, logLevel: "WARN", eventName: "SERVICE_TASK_START_IMPAIRED", detail: {} },
    "arn:aws:ecs:us-east-1:123456789012:service/production/web",
  );

  it("are read in both of AWS's forms, oldest first", async () => {
    bed.stub.on("FilterLogEvents", json({ events: [rollback, impaired] }));

    expect(await bed.aws.actionLogs.entries(GROUP, target, window)).toEqual([
      { at: "2025-11-01T10:00:59.000Z", level: "WARN", event: "SERVICE_TASK_START_IMPAIRED" },
      {
        at: "2025-11-01T10:01:00.000Z",
        level: "ERROR",
        event: "SERVICE_DEPLOYMENT_ROLLBACK_FAILED",
        reason: "No rollback candidate was found to run the rollback.",
      },
    ]);
    expect(bed.stub.calls("FilterLogEvents")[0]).toMatchObject({
      logGroupName: GROUP,
      filterPattern: '{ ($.logLevel = "ERROR") || ($.logLevel = "WARN") }',
      startFromHead: false,
    });
  });

  it("of other services, and what is no entry, are left out", async () => {
    const events = [
      entry({ eventTimestamp: at, eventName: "X" }, "service/production/web-admin"),
      entry({ eventTimestamp: at, eventName: "X" }, "service/staging/web"),
      entry({ eventTimestamp: "soon", eventName: "X" }),
      entry({ eventTimestamp: at, eventName: 7 }),
      entry({ eventTimestamp: at, eventName: "X", logLevel: "INFO" }),
      { timestamp: at, message: "{ not json" },
      { timestamp: at },
    ];
    bed.stub.on("FilterLogEvents", json({ events }));

    expect(await bed.aws.actionLogs.entries(GROUP, target, window)).toEqual([]);
  });

  it("end although a token comes back for ever", async () => {
    bed.stub.on("FilterLogEvents", json({ events: [], nextToken: "again" }));

    await bed.aws.actionLogs.entries(GROUP, target, window);

    expect(bed.stub.calls("FilterLogEvents")).toHaveLength(3);
  });
});
