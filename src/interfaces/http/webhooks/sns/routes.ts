/** `POST /`: Amazon SNS over HTTPS. Nothing is believed before topic, addresses, age and signature hold. */
import { createHash, verify, type X509Certificate } from "node:crypto";
import { type Context, Hono } from "hono";
import { type Answered, accepted, counted, refused, type WebhookDependencies, withBody } from "../webhook.ts";
import { certificateAddress, snsAddress } from "./addresses.ts";
import { createCertificates } from "./certificates.ts";
import { SnsMessage, signedEvent, signedText } from "./message.ts";
import { createSeenMessages } from "./seen-messages.ts";

export interface SnsDependencies extends WebhookDependencies {
  /** ARNs of the topics whose messages are taken. */
  readonly topics: readonly string[];
  readonly fetch: typeof fetch;
  /** Must have signed the signing certificate; see `certificates.ts` for what holds without it. */
  readonly issuer?: X509Certificate | undefined;
}

/** SNS gives up after an hour of retries; what is older is no retry. */
const OLDEST_MS = 65 * 60_000;
/** A clock may be ahead. */
const NEWEST_MS = 5 * 60_000;
const CONFIRM_WITHIN_MS = 10_000;

export function snsRoutes(deps: SnsDependencies): Hono {
  const { logger } = deps;
  const certificateAt = createCertificates(deps);
  const seen = createSeenMessages(OLDEST_MS + NEWEST_MS, deps.now);
  const topics = new Set(deps.topics);
  const routes = new Hono();

  /** Why a message is refused; undefined when it is SNS's own and of a topic that is taken. */
  const problemOf = async (c: Context, message: SnsMessage): Promise<Answered | undefined> => {
    if (!topics.has(message.TopicArn)) {
      const reason = "a topic that is not in OPSAGENT_SNS_TOPICS";
      return refused(c, logger, { result: "wrong-topic", status: 403, reason });
    }
    const age = deps.now().getTime() - Date.parse(message.Timestamp);
    if (age > OLDEST_MS || age < -NEWEST_MS) {
      return refused(c, logger, {
        result: "too-old",
        status: 403,
        reason: "the message's time is too far off",
      });
    }
    const address = certificateAddress(message.SigningCertURL, message.TopicArn);
    if (address === undefined) {
      const reason = "the signing certificate's address is not SNS's";
      return refused(c, logger, { result: "wrong-host", status: 403, reason });
    }
    const found = await certificateAt(address);
    if (!found.ok) {
      const { reason } = found;
      return refused(c, logger, { result: "forged", status: found.retryable ? 503 : 403, reason });
    }
    const algorithm = message.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256";
    const genuine = verify(
      algorithm,
      Buffer.from(signedText(message), "utf8"),
      found.certificate.publicKey,
      Buffer.from(message.Signature, "base64"),
    );
    return genuine
      ? undefined
      : refused(c, logger, { result: "forged", status: 403, reason: "the signature does not hold" });
  };

  const confirm = async (c: Context, message: SnsMessage & { SubscribeURL: string }): Promise<Answered> => {
    const address = snsAddress(message.SubscribeURL, message.TopicArn);
    if (address === undefined) {
      const reason = "the address to confirm at is not SNS's";
      return refused(c, logger, { result: "wrong-host", status: 403, reason });
    }
    const signal = AbortSignal.timeout(CONFIRM_WITHIN_MS);
    const response = await deps.fetch(address, { redirect: "error", signal }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok !== true) {
      const reason = `the subscription could not be confirmed: ${response?.status ?? "no answer"}`;
      return refused(c, logger, { result: "failed", status: 503, reason });
    }
    logger.info("sns-subscription-confirmed", { topic: message.TopicArn });
    return { result: "confirmed", response: c.json({ outcome: "confirmed" }) };
  };

  const take = async (c: Context, body: Buffer): Promise<Answered> => {
    const parsed = SnsMessage.safeParse(jsonOf(body));
    if (!parsed.success) return unreadable(c, parsed.error.issues[0]?.path.join(".") ?? "");
    const message = parsed.data;
    const problem = await problemOf(c, message);
    if (problem !== undefined) return problem;
    switch (message.Type) {
      case "SubscriptionConfirmation":
        return confirm(c, message);
      case "UnsubscribeConfirmation":
        logger.warn("sns-unsubscribed", { topic: message.TopicArn });
        return { result: "confirmed", response: c.json({ outcome: "noted" }) };
      case "Notification":
        return seen.once(
          createHash("sha256").update(signedText(message)).digest("base64"),
          () => accepted(c, deps, signedEvent(message), { name: message.TopicArn, address: "sns" }),
          () => {
            logger.warn("webhook-repeated", { path: c.req.path, reason: "a message that was taken before" });
            return { result: "repeated", response: c.json({ outcome: "already-taken" }) };
          },
        );
    }
  };

  const unreadable = (c: Context, field: string): Answered =>
    refused(c, logger, {
      result: "unreadable",
      status: 400,
      reason: `no SNS message: ${field || "not JSON"}`,
      message: "The request is no message that SNS signed.",
      remedy: "Turn raw message delivery off for this subscription, and point only SNS at this address.",
    });

  routes.post("/", (c) =>
    counted("sns", deps, async () => {
      // What SNS always says in its headers tells most junk apart before its body is read.
      const topic = c.req.header("x-amz-sns-topic-arn");
      if (topic !== undefined && !topics.has(topic)) {
        const reason = "a topic that is not in OPSAGENT_SNS_TOPICS";
        return refused(c, logger, { result: "wrong-topic", status: 403, reason });
      }
      if (topic === undefined) return unreadable(c, "x-amz-sns-topic-arn");
      return withBody(c, deps, (body) => take(c, body));
    }),
  );
  return routes;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
