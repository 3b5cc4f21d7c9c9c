import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import type { Publisher } from "./publisher.ts";

const MAXIMUM_MESSAGE_BYTES = 262_144;

const PublishInput = z.object({
  TopicArn: z.string().optional(),
  TargetArn: z.string().optional(),
  Message: z.string().min(1, "Empty message"),
  Subject: z.string().min(1).max(100).optional(),
  MessageStructure: z.literal("json").optional(),
  MessageAttributes: z
    .record(
      z.string(),
      z.object({
        DataType: z.string(),
        StringValue: z.string().optional(),
        BinaryValue: z.string().optional(),
      }),
    )
    .optional(),
});

/** The `json` message structure: a text per protocol, `default` for the others. */
const MessageByProtocol = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.looseObject({ default: z.string() }).catchall(z.string()));

/** Publish to a topic. */
export function publish(publisher: Publisher): Operation {
  return operation(PublishInput, "InvalidParameter", (request) => {
    const topicArn = request.TopicArn ?? request.TargetArn;
    if (topicArn === undefined) {
      throw new WireError(
        "InvalidParameter",
        "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter",
      );
    }
    if (Buffer.byteLength(request.Message) > MAXIMUM_MESSAGE_BYTES) {
      throw new WireError("InvalidParameter", "Invalid parameter: Message too long");
    }
    const common = { topicArn, subject: request.Subject, attributes: request.MessageAttributes ?? {} };
    if (request.MessageStructure === undefined) {
      return { MessageId: publisher.publish({ ...common, message: request.Message }) };
    }
    const parsed = MessageByProtocol.safeParse(request.Message);
    if (!parsed.success) {
      throw new WireError(
        "InvalidParameter",
        "Invalid parameter: Message Structure - No default entry in JSON message body",
      );
    }
    return {
      MessageId: publisher.publish({
        ...common,
        message: parsed.data.default,
        messageByProtocol: parsed.data,
      }),
    };
  });
}
