/**
 * A CloudWatch alarm whose action is the Lambda function itself, without SNS in between.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
 */
import { z } from "zod";
import { AlarmState, readAlarmState } from "../../alarm-state.ts";
import { parseWith } from "../../parse.ts";
import { readingOf, type Sender } from "../../sender.ts";
import { examples } from "./examples.ts";

const AlarmAction = z.object({ alarmArn: z.string().nullish(), alarmData: AlarmState });

export const lambdaAlarm: Sender = {
  title: "CloudWatch alarm to Lambda",
  recognises: (event) => "alarmData" in event,
  read: (event, context, at) => {
    const parsed = parseWith(AlarmAction, event, at);
    if (!parsed.ok) return [{ kind: "unreadable", problem: parsed.problem }];
    const { alarmArn, alarmData } = parsed.value;
    const envelope = { source: "cloudwatch-lambda", arn: alarmArn || undefined } as const;
    return [readingOf(readAlarmState(alarmData, envelope, context, at))];
  },
  examples,
};
