/** ECS Action Logs beside the other evidence: read where the policy and the cluster have them, told where denied. */
import { expect, it } from "vitest";
import { withWorld } from "../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../support/alarm-events.ts";
import { awsError, json } from "../support/aws-stub-answers.ts";
import { ACCOUNT, CLUSTER, SERVICE } from "../support/aws-world.ts";

const GROUP = `/aws/vendedlogs/ecs/action-logs/${CLUSTER}`;
const READS_THEM = { policy: { evidence: "{ actionLogs: true }" } };
const isOne = ({ kind }: { readonly kind: string }) => kind === "action-log";

it(
  "are told with ECS's reason, and change nothing of what is decided",
  withWorld(READS_THEM, async ({ aws, handleOne }) => {
    aws.on(
      "DescribeDeliverySources",
      json({
        deliverySources: [
          {
            name: "s",
            logType: "ACTION_LOGS",
            resourceArns: [`arn:aws:ecs:${ACCOUNT}:cluster/${CLUSTER}`],
          },
        ],
      }),
    );
    aws.on(
      "DescribeDeliveries",
      json({
        deliveries: [
          {
            deliverySourceName: "s",
            deliveryDestinationType: "CWL",
            deliveryDestinationArn: `arn:aws:logs:${ACCOUNT}:delivery-destination:d`,
          },
        ],
      }),
    );
    aws.on(
      "GetDeliveryDestination",
      json({
        deliveryDestination: {
          deliveryDestinationConfiguration: {
            destinationResourceArn: `arn:aws:logs:${ACCOUNT}:log-group:${GROUP}`,
          },
        },
      }),
    );
    aws.on("FilterLogEvents", (input) =>
      input["logGroupName"] === GROUP
        ? json({
            events: [
              {
                timestamp: Date.now(),
                logStreamName: `service/${CLUSTER}/${SERVICE}`,
                message: JSON.stringify({
                  actionSourceId: `service/${CLUSTER}/${SERVICE}`,
                  logLevel: "ERROR",
                  eventTimestamp: Date.now() - 60_000,
                  detail: { eventName: "SERVICE_DEPLOYMENT_FAILED", statusReason: "tasks failed to start" },
                }),
              },
            ],
          })
        : aws.answer("FilterLogEvents", input),
    );

    const incident = await handleOne(snsEvent(alarmMessage()));

    expect(incident).toMatchObject({ status: "resolved", diagnosis: { cause: "memory-leak" } });
    const facts = incident.evidence?.facts.filter(isOne);
    expect(facts).toMatchObject([
      {
        provenance: "log",
        statement: expect.stringContaining("SERVICE_DEPLOYMENT_FAILED: tasks failed to start"),
      },
    ]);
    expect(incident.diagnosis?.evidence).not.toContain(facts?.[0]?.id);
  }),
  60_000,
);

it(
  "are a gap where the role may not look for them",
  withWorld(READS_THEM, async ({ aws, handleOne }) => {
    aws.on("DescribeDeliverySources", awsError("AccessDeniedException"));
    const denied = await handleOne(snsEvent(alarmMessage()));

    expect(denied.evidence?.gaps).toMatchObject([
      { source: "action-logs", code: "aws-denied", important: false },
    ]);
  }),
  60_000,
);

it(
  "are not asked for where the policy does not say so",
  withWorld({}, async ({ aws, handleOne }) => {
    const incident = await handleOne(snsEvent(alarmMessage()));

    expect(incident.evidence?.gaps).toEqual([]);
    expect(aws.calls("DescribeDeliverySources")).toEqual([]);
  }),
  60_000,
);

it(
  "are no gap where the cluster has none",
  withWorld(READS_THEM, async ({ aws, handleOne }) => {
    aws.on("DescribeDeliverySources", json({ deliverySources: [] }));

    const incident = await handleOne(snsEvent(alarmMessage()));

    expect(incident.evidence?.gaps).toEqual([]);
    expect(incident.evidence?.facts.filter(isOne)).toEqual([]);
  }),
  60_000,
);
