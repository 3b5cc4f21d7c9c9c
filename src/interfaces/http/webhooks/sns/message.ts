/** What SNS posts to an HTTPS endpoint. https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html */
import { z } from "zod";

/** No half of a surrogate pair: as bytes it is the replacement character, so that one could be signed and another read. */
const wellFormed = (value: string) => value.isWellFormed();
const text = z
  .string()
  .max(1_024 * 1_024)
  .refine(wellFormed);
/** No line break: the signed text separates its fields by them, so that one could be read as two. */
const short = z
  .string()
  .min(1)
  .max(4_096)
  .regex(/^[^\r\n]*$/)
  .refine(wellFormed);

const signed = {
  MessageId: short.max(200),
  TopicArn: short,
  Message: text,
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(["1", "2"]),
  Signature: short.regex(/^[A-Za-z0-9+/=]+$/),
  SigningCertURL: short,
};

const confirmation = { ...signed, SubscribeURL: short, Token: short };

export const SnsMessage = z.discriminatedUnion("Type", [
  // AWS: a subject has no line break. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
  z.object({ Type: z.literal("Notification"), Subject: short.or(z.literal("")).nullish(), ...signed }),
  z.object({ Type: z.literal("SubscriptionConfirmation"), ...confirmation }),
  z.object({ Type: z.literal("UnsubscribeConfirmation"), ...confirmation }),
]);
export type SnsMessage = z.infer<typeof SnsMessage>;

/** Returns the event that goes on: the signed fields of a notification and nothing else of what was posted. */
export function signedEvent(message: SnsMessage): string {
  return JSON.stringify(Object.fromEntries(signedFields(message)));
}

/**
 * The text that is signed: certain fields by name, each name and value on a line of its own.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html
 */
export function signedText(message: SnsMessage): string {
  return signedFields(message)
    .map(([name, value]) => `${name}\n${value}\n`)
    .join("");
}

function signedFields(message: SnsMessage): (readonly [name: string, value: string])[] {
  const { Type, MessageId, TopicArn, Message, Timestamp } = message;
  const fields: readonly (readonly [string, string | null | undefined])[] =
    Type === "Notification"
      ? [
          ["Message", Message],
          ["MessageId", MessageId],
          ["Subject", message.Subject],
          ["Timestamp", Timestamp],
          ["TopicArn", TopicArn],
          ["Type", Type],
        ]
      : [
          ["Message", Message],
          ["MessageId", MessageId],
          ["SubscribeURL", message.SubscribeURL],
          ["Timestamp", Timestamp],
          ["Token", message.Token],
          ["TopicArn", TopicArn],
          ["Type", Type],
        ];
  return fields.flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, value]]));
}
