/**
 * EventBridge: `CloudWatch Alarm State Change` and `CloudWatch Alarm Contributor State Change`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
import { z } from "zod";
import { AlarmState, readAlarmState } from "../../alarm-state.ts";
import { parseWith } from "../../parse.ts";
import { readingOf, type Sender } from "../../sender.ts";
import { examples } from "./examples.ts";

/** Nobody but AWS can put an event of this source on a bus; the detail type is anybody's. */
const AlarmEvent = z.object({
  source: z.literal("aws.cloudwatch", "is not aws.cloudwatch: the event is not CloudWatch's").nullish(),
  resources: z.array(z.string()).nullish(),
  detail: AlarmState,
});

/** An alarm as a whole, and one series of an alarm that watches many. */
const DETAIL_TYPES: ReadonlySet<unknown> = new Set([
  "CloudWatch Alarm State Change",
  "CloudWatch Alarm Contributor State Change",
]);

export const eventbridgeAlarm: Sender = {
  title: "CloudWatch alarm through EventBridge",
  recognises: (event) => DETAIL_TYPES.has(event["detail-type"]),
  read: (event, context, at) => {
    const parsed = parseWith(AlarmEvent, event, at);
    if (!parsed.ok) return [{ kind: "unreadable", problem: parsed.problem }];
    const { resources, detail } = parsed.value;
    const envelope = { source: "cloudwatch-eventbridge", arn: resources?.[0] || undefined } as const;
    return [readingOf(readAlarmState(detail, envelope, context, at))];
  },
  examples,
};
