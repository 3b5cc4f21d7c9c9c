/** Outside world -> Alert. One event may hold several alerts; what cannot be read is returned, never dropped. */
import { z } from "zod";
import type { Alert } from "../domain/alert.ts";
import { readCloudWatchAlarm } from "./cloudwatch-alarm.ts";
import { isoTime, type TriggerContext } from "./context.ts";
import { type Parsed, parseJson, parseWith, type Unreadable } from "./parse.ts";
import { readSimpleForm } from "./simple-form.ts";

export type { TriggerContext } from "./context.ts";
export type { Unreadable } from "./parse.ts";

export interface TriggerResult {
  readonly alerts: readonly Alert[];
  readonly unreadable: readonly Unreadable[];
}

const SnsMessage = z.object({ Message: z.string(), Timestamp: z.string().nullish() });
const LambdaSnsEvent = z.object({ Records: z.array(z.unknown()).min(1) });
const LambdaSnsRecord = z.object({ Sns: SnsMessage });

/**
 * Reads one event: text or parsed JSON. Accepted are the SNS -> Lambda envelope and a bare SNS notification, each
 * with a CloudWatch metric alarm or the simple form in its `Message`. Never throws.
 */
export function readEvent(event: unknown, context: TriggerContext): TriggerResult {
  const results = readEnvelope(event, context);
  return {
    alerts: results.flatMap((result) => (result.ok ? [result.value] : [])),
    unreadable: results.flatMap((result) => (result.ok ? [] : [result.problem])),
  };
}

function readEnvelope(event: unknown, context: TriggerContext): Parsed<Alert>[] {
  if (typeof event === "string") {
    const parsed = parseJson(event, "");
    return parsed.ok ? readEnvelope(parsed.value, context) : [parsed];
  }
  if (isObject(event) && "Records" in event) {
    const parsed = parseWith(LambdaSnsEvent, event, "");
    if (!parsed.ok) return [parsed];
    return parsed.value.Records.map((raw, index) => {
      const record = parseWith(LambdaSnsRecord, raw, `Records[${index}]`);
      return record.ok ? readSnsMessage(record.value.Sns, context, `Records[${index}].Sns.Message`) : record;
    });
  }
  if (isObject(event) && "Message" in event) {
    const parsed = parseWith(SnsMessage, event, "");
    return [parsed.ok ? readSnsMessage(parsed.value, context, "Message") : parsed];
  }
  return [unknownShape("(event)", "neither an SNS event (Records[].Sns) nor an SNS notification (Message)")];
}

function readSnsMessage(sns: z.infer<typeof SnsMessage>, context: TriggerContext, at: string): Parsed<Alert> {
  const body = parseJson(sns.Message, at);
  if (!body.ok) return body;
  const sentAt = isoTime(sns.Timestamp ?? "") ?? context.receivedAt;
  if (hasAny(body.value, ["AlarmName", "NewStateValue"])) return readCloudWatchAlarm(body.value, context, at);
  if (hasAny(body.value, ["service", "metric", "value", "threshold"])) {
    return readSimpleForm(body.value, context, at, sentAt);
  }
  return unknownShape(
    at,
    "neither a CloudWatch alarm (AlarmName) nor the simple form (service, metric, value, threshold)",
  );
}

function unknownShape(path: string, message: string): Parsed<Alert> {
  return { ok: false, problem: { path, message } };
}

/** Any field of a form is enough to recognise it, so that the error can name the field that is missing. */
function hasAny(value: unknown, fields: readonly string[]): boolean {
  return isObject(value) && fields.some((field) => field in value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
