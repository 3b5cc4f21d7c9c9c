import type { Approval } from "../../domain/approval.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Fallback } from "../../notification/ports.ts";

export interface SnsTopicOptions {
  readonly topicArn: string;
  /** Endpoint of SNS; without it the vendor's own rules apply. */
  readonly endpoint?: string | undefined;
  readonly renderReport: (incident: Incident, why: string) => PlainMessage;
  readonly renderQuestion: (approval: Approval, why: string) => PlainMessage;
  /** Milliseconds for all tries. */
  readonly timeoutMs?: number;
}

/** A message as e-mail shows it. */
export interface PlainMessage {
  readonly subject: string;
  readonly body: string;
}

/** SNS takes 100 characters of ASCII: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const SUBJECT = 100;
/** Bytes; SNS takes 256 KB. */
const BODY = 200_000;

/** The operators' topic, for what no other channel takes. Methods throw {@link OpsAgentError} `sns-failed`. */
export function createSnsTopic(options: SnsTopicOptions): Fallback {
  const { topicArn, endpoint, timeoutMs = 10_000 } = options;
  const region = topicArn.split(":")[3] ?? "us-east-1";

  const publish = async ({ subject, body }: PlainMessage): Promise<boolean> => {
    const { PublishCommand, SNSClient } = await import("./sdk.ts");
    const client = new SNSClient({ region, maxAttempts: 2, ...(endpoint === undefined ? {} : { endpoint }) });
    try {
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject:
          subject
            .replace(/[^ -~]/g, "")
            .trim()
            .slice(0, SUBJECT) || "OpsAgent",
        Message: body.toWellFormed().slice(0, BODY / 4),
      });
      await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
      return true;
    } catch (cause) {
      const name = cause instanceof Error ? cause.name : "unknown";
      throw new OpsAgentError({
        code: "sns-failed",
        message: `The operators' topic did not take the message: ${name}`,
        remedy: `Check OPSAGENT_OPERATORS_TOPIC, and that sns:Publish is allowed on ${topicArn}.`,
        retryable: true,
        cause,
      });
    } finally {
      client.destroy();
    }
  };

  return {
    name: "operators-topic",
    report: (incident, why) => publish(options.renderReport(incident, why)),
    ask: (approval, why) => publish(options.renderQuestion(approval, why)),
  };
}
