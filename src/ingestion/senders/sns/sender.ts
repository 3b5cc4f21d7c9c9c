/** Amazon SNS: records as Lambda gets them, or one notification as an HTTPS endpoint gets it. */
import { z } from "zod";
import { readCloudWatchAlarm } from "../../cloudwatch-alarm.ts";
import { parseJson, parseWith } from "../../parse.ts";
import { noted, type Reading, readingOf, type Sender, unreadable } from "../../sender.ts";
import { readSimpleForm } from "../../simple-form.ts";
import { isoTime, type TriggerContext } from "../../target-resolution.ts";
import { otherMessage } from "../other-aws/messages.ts";
import { examples } from "./examples.ts";
import { readPlainText } from "./plain-text.ts";

const SnsMessage = z.object({ Message: z.string(), Timestamp: z.string().nullish() });
const LambdaSnsEvent = z.object({ Records: z.array(z.unknown()).min(1) });
const LambdaSnsRecord = z.object({ Sns: SnsMessage });
/** A queue between the topic and the function: the body is the notification, or with raw delivery its message alone. */
/**
 * What a function could not handle, from its failure destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const FailedInvocation = z.object({ requestPayload: z.record(z.string(), z.unknown()) });
const SqsRecord = z.object({ body: z.string() });

/** `inner`: the senders whose events may be the message, as EventBridge publishes them to a topic. */
export function createSnsSender(inner: readonly Sender[]): Sender {
  const readMessage = (
    { Message, Timestamp }: z.infer<typeof SnsMessage>,
    context: TriggerContext,
    at: string,
  ): readonly Reading[] => {
    const body = parseJson(Message, at);
    if (!body.ok) return [readPlainText(Message, at) ?? { kind: "unreadable", problem: body.problem }];
    const message = body.value;
    if (isObject(message)) {
      const sender = inner.find((one) => one.recognises(message));
      if (sender !== undefined) return sender.read(message, context, at);
    }
    if (hasAny(message, ["requestPayload"])) return readFailed(message, context, at);
    const other = isObject(message) ? otherMessage(message) : undefined;
    if (other !== undefined) return [noted(at, other)];
    const sentAt = isoTime(Timestamp ?? "") ?? context.receivedAt;
    if (hasAny(message, ["AlarmName", "NewStateValue"]))
      return [readingOf(readCloudWatchAlarm(message, context, at))];
    if (hasAny(message, ["service", "metric", "value", "threshold"]))
      return [readingOf(readSimpleForm(message, context, at, sentAt))];
    return [
      unreadable(
        at,
        "neither a CloudWatch alarm (AlarmName) nor the simple form (service, metric, value, threshold)",
      ),
    ];
  };
  const readQueued = (raw: unknown, context: TriggerContext, path: string): readonly Reading[] => {
    const record = parseWith(SqsRecord, raw, path);
    if (!record.ok) return [{ kind: "unreadable", problem: record.problem }];
    const { body } = record.value;
    const parsed = parseJson(body, `${path}.body`);
    const whole = parsed.ok ? SnsMessage.safeParse(parsed.value) : undefined;
    return whole?.success
      ? readMessage(whole.data, context, `${path}.body.Message`)
      : readMessage({ Message: body }, context, `${path}.body`);
  };
  const readRecords = (event: unknown, context: TriggerContext, at: string): readonly Reading[] => {
    const parsed = parseWith(LambdaSnsEvent, event, at);
    if (!parsed.ok) return [{ kind: "unreadable", problem: parsed.problem }];
    return parsed.value.Records.flatMap((raw, index): readonly Reading[] => {
      const path = below(at, `Records[${index}]`);
      if (hasAny(raw, ["body"])) return readQueued(raw, context, path);
      const record = parseWith(LambdaSnsRecord, raw, path);
      return record.ok
        ? readMessage(record.value.Sns, context, `${path}.Sns.Message`)
        : [{ kind: "unreadable", problem: record.problem }];
    });
  };
  const readFailed = (event: unknown, context: TriggerContext, at: string): readonly Reading[] => {
    const parsed = parseWith(FailedInvocation, event, at);
    if (!parsed.ok) return [{ kind: "unreadable", problem: parsed.problem }];
    const { requestPayload } = parsed.value;
    const path = below(at, "requestPayload");
    // One failure holds no other.
    if (hasAny(requestPayload, ["Records"]) && depthOf(at) === 0)
      return readRecords(requestPayload, context, path);
    const sender = inner.find((one) => one.recognises(requestPayload));
    return (
      sender?.read(requestPayload, context, path) ?? [unreadable(path, "of no sender that OpsAgent knows")]
    );
  };
  return {
    title: "Amazon SNS",
    recognises: (event) =>
      "Records" in event || "Message" in event || "requestPayload" in event || isFromPipe(event),
    read: (event, context, at) => {
      if (hasAny(event, ["requestPayload"])) return readFailed(event, context, at);
      if (isObject(event) && isFromPipe(event))
        return readQueued(event["detail"], context, below(at, "detail"));
      if (!hasAny(event, ["Records"])) {
        const parsed = parseWith(SnsMessage, event, at);
        return parsed.ok
          ? readMessage(parsed.value, context, below(at, "Message"))
          : [{ kind: "unreadable", problem: parsed.problem }];
      }
      return readRecords(event, context, at);
    },
    examples,
  };
}

/** A queue's record that an EventBridge pipe gave to a bus. */
function isFromPipe({ "detail-type": type, detail }: Readonly<Record<string, unknown>>): boolean {
  return type === "Event from aws:sqs" && isObject(detail);
}

/** How many failures are around it. */
function depthOf(at: string): number {
  return at.split("requestPayload").length - 1;
}

function below(at: string, field: string): string {
  return at === "" ? field : `${at}.${field}`;
}

/** Any field of a form is enough to recognise it, so that the error can name the missing field. */
function hasAny(value: unknown, fields: readonly string[]): boolean {
  return isObject(value) && fields.some((field) => field in value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
