import { describe, expect, it } from "vitest";
import { awsError, json } from "../support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const window = { from: 1_761_991_200_000, to: 1_761_994_800_000 };
const bed = useAwsStub();

const event = (id: string, given: Record<string, unknown> = {}, detail: Record<string, unknown> = {}) => ({
  EventId: id,
  EventName: "UpdateService",
  EventSource: "ecs.amazonaws.com",
  EventTime: 1761994000,
  ReadOnly: "false",
  Username: "jane.doe@example.com",
  ...given,
  CloudTrailEvent: JSON.stringify({
    userIdentity: {
      type: "AssumedRole",
      arn: "arn:aws:sts::000000000000:assumed-role/deployer/jane.doe@example.com",
      sessionContext: { sessionIssuer: { type: "Role", userName: "deployer" } },
    },
    sourceIPAddress: "203.0.113.7",
    requestParameters: {
      service: "checkout",
      cluster: "arn:aws:ecs:us-east-1:000000000000:cluster/shop",
      desiredCount: 6,
      taskDefinition: "checkout:14",
      environment: [{ name: "PASSWORD", value: "hunter2" }],
      secretString: "hunter2",
    },
    ...detail,
  }),
});

describe("the change log", () => {
  it("tells what was changed by which role, and nothing that could be secret", async () => {
    bed.stub.on("LookupEvents", json({ Events: [event("1")] }));

    const changes = await bed.aws.changeLog.changes(["checkout", "checkout-family"], window);

    expect(changes).toEqual([
      {
        id: "1",
        at: "2025-11-01T10:46:40.000Z",
        event: "UpdateService",
        service: "ecs",
        who: "deployer",
        resources: [],
        parameters: {
          service: "checkout",
          cluster: "shop",
          desiredCount: "6",
          taskDefinition: "checkout:14",
        },
      },
    ]);
    expect(JSON.stringify(changes)).not.toMatch(/hunter2|jane|203\.0/);
  });

  it("asks three times at most: for the newest changes and for two names", async () => {
    bed.stub.on("LookupEvents", json({ Events: [], NextToken: "more" }));

    await bed.aws.changeLog.changes(["a", "b", "c", "a"], window);

    const common = { StartTime: window.from / 1000, EndTime: window.to / 1000, MaxResults: 50 };
    expect(bed.stub.calls("LookupEvents")).toEqual([
      { ...common, LookupAttributes: [{ AttributeKey: "ReadOnly", AttributeValue: "false" }] },
      { ...common, LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue: "a" }] },
      { ...common, LookupAttributes: [{ AttributeKey: "ResourceName", AttributeValue: "b" }] },
    ]);
  });

  it("tells an event once, and none that only read, was refused or has no time", async () => {
    bed.stub.on(
      "LookupEvents",
      json({
        Events: [
          event("1"),
          event("2", { ReadOnly: "true" }),
          event("3", {}, { errorCode: "AccessDenied" }),
          event("4", { EventTime: undefined }),
          event("5", {
            EventTime: 1761994600,
            Resources: [{ ResourceName: "arn:aws:ecs:us-east-1:0:service/shop/checkout" }],
          }),
        ],
      }),
    );

    const changes = await bed.aws.changeLog.changes(["checkout"], window);

    expect(changes.map(({ id }) => id)).toEqual(["5", "1"]);
    expect(changes[0]?.resources).toEqual(["shop/checkout"]);
  });

  it.each([
    ["a user", { userIdentity: { type: "IAMUser", userName: "jane.doe@example.com" } }, "jane.doe"],
    [
      "a service of AWS",
      { userIdentity: { type: "AWSService", invokedBy: "rds.amazonaws.com" } },
      "rds.amazonaws.com",
    ],
    ["the root user", { userIdentity: { type: "Root" } }, "root"],
    ["nobody known", { userIdentity: null }, "unknown"],
    ["odd letters", { userIdentity: { userName: "x\n<!channel> ‮ y" } }, "x???channel????y"],
  ])("names %s", async (_name, detail, who) => {
    bed.stub.on("LookupEvents", json({ Events: [event("1", {}, detail)] }));

    const [change] = await bed.aws.changeLog.changes([], window);

    expect(change?.who).toBe(who);
  });

  it("takes an event whose record cannot be read as far as it goes", async () => {
    bed.stub.on("LookupEvents", json({ Events: [{ ...event("1"), CloudTrailEvent: "{ not json" }] }));

    const changes = await bed.aws.changeLog.changes([], window);

    expect(changes).toMatchObject([{ event: "UpdateService", who: "unknown", parameters: {} }]);
  });

  it.each([
    [
      "AccessDeniedException",
      { code: "aws-denied", remedy: expect.stringContaining("cloudtrail:LookupEvents") },
    ],
    ["UnknownOperationException", { code: "aws-unsupported" }],
  ])("%s ends it after one call", async (code, expected) => {
    bed.stub.on("LookupEvents", awsError(code));

    const error = await rejection(bed.aws.changeLog.changes(["checkout"], window));

    expect(error).toMatchObject(expected);
    expect(bed.stub.calls("LookupEvents")).toHaveLength(1);
  });
});
