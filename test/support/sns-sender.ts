/** Amazon SNS as an HTTPS endpoint sees it: messages signed with a certificate, and the addresses it answers at. */
import { createSign } from "node:crypto";
import { type Identity, issueCertificate } from "./certificates.ts";

export const TOPIC = "arn:aws:sns:eu-central-1:123456789012:alarms";
export const CERTIFICATE_URL = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-7ff5.pem";
const DAY_MS = 24 * 3_600_000;

type Fields = Readonly<Record<string, unknown>>;

export interface SnsSender {
  readonly root: Identity;
  readonly signer: Identity;
  /** A message with its signature; what stands in `over` is signed, too. */
  message(over?: Fields, signer?: Identity): Record<string, unknown>;
  confirmation(over?: Fields): Record<string, unknown>;
  /** Addresses that were asked for. */
  readonly asked: string[];
  /** What is at an address: a certificate, or an answer. */
  readonly pages: Map<string, () => Response>;
  readonly fetch: typeof fetch;
}

export function createSnsSender(now: () => Date): SnsSender {
  const around = () => ({
    from: new Date(now().getTime() - DAY_MS),
    to: new Date(now().getTime() + 30 * DAY_MS),
  });
  const root = issueCertificate({ name: "Test Root", ...around() });
  const signer = issueCertificate({ name: "sns.amazonaws.com", by: root, ...around() });
  const asked: string[] = [];
  const pages = new Map([[CERTIFICATE_URL, () => new Response(signer.certificate.toString())]]);
  const sign = (fields: Fields, names: readonly string[], by: Identity) => {
    const text = names
      .filter((name) => fields[name] !== undefined)
      .map((name) => `${name}\n${fields[name]}\n`)
      .join("");
    const algorithm = fields["SignatureVersion"] === "1" ? "RSA-SHA1" : "RSA-SHA256";
    return { ...fields, Signature: createSign(algorithm).update(text).sign(by.key, "base64") };
  };
  const common = () => ({
    MessageId: crypto.randomUUID(),
    TopicArn: TOPIC,
    Timestamp: now().toISOString(),
    SignatureVersion: "2",
    SigningCertURL: CERTIFICATE_URL,
  });
  return {
    root,
    signer,
    asked,
    pages,
    message: (over = {}, by = signer) =>
      sign(
        { Type: "Notification", ...common(), Message: '{"service":"shop"}', ...over },
        ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
        by,
      ),
    confirmation: (over = {}) =>
      sign(
        {
          Type: "SubscriptionConfirmation",
          ...common(),
          Message: "You have chosen to subscribe",
          Token: "2336412f37",
          SubscribeURL: "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37",
          ...over,
        },
        ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
        signer,
      ),
    fetch: async (url) => {
      asked.push(String(url));
      const page = pages.get(String(url));
      if (page === undefined) return new Response("no such thing", { status: 404 });
      return page();
    },
  };
}
