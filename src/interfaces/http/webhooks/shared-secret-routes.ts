/** Webhooks of senders that prove themselves by a shared secret: EventBridge, Alertmanager, Grafana. */
import { type Context, Hono } from "hono";
import type { SecretWebhook } from "../../../domain/policy.ts";
import { foreignForm } from "../../../ingestion/webhook-forms.ts";
import type { ReadingSlots } from "../traffic/reading-slots.ts";
import { grafanaSigned, SIGNATURE_HEADER, TIMESTAMP_HEADER } from "./grafana-signature.ts";
import type { IdentifySender } from "./shared-secret.ts";
import { type Answered, accepted, counted, refused, type WebhookDependencies, withBody } from "./webhook.ts";

interface SharedSecretDependencies extends WebhookDependencies {
  readonly identify: IdentifySender;
  /** Bodies that have to be read before anything is known of their sender. */
  readonly strangers: ReadingSlots;
  readonly grafanaSecret?: string | undefined;
}

/** `POST /eventbridge`, `/alertmanager` and `/grafana`. Nothing of a body is read before the secret is known. */
export function sharedSecretRoutes(deps: SharedSecretDependencies): Hono {
  const { identify, logger } = deps;
  const routes = new Hono();

  const take = async (c: Context, webhook: SecretWebhook, name: string, body: Buffer): Promise<Answered> => {
    const event = body.toString("utf8");
    const form = foreignForm(webhook, event);
    if (form === undefined) return accepted(c, deps, event, { name, address: webhook });
    return refused(c, logger, {
      result: "unreadable",
      status: 400,
      reason: `a form of ${form} at the address of another sender`,
      message: `The event has the form of ${form}, which this address does not take.`,
      remedy: "Send each sender's events to its own address: docs/how-to/alarm-webhooks.md.",
    });
  };

  const bySecret = async (c: Context, webhook: SecretWebhook): Promise<Answered> => {
    const client = identify(c);
    if (client === undefined) return unauthorized(c, "no known secret");
    if (!deps.clients.take(client)) {
      return refused(c, logger, {
        result: "rate-limited",
        status: 429,
        reason: `too many requests of ${client}`,
        message: "Too many requests of this client.",
        remedy: "Send fewer, larger notifications.",
      });
    }
    return withBody(c, deps, (body) => take(c, webhook, client, body));
  };

  const unauthorized = (c: Context, reason: string): Answered => {
    c.header("www-authenticate", "Bearer, Basic");
    return refused(c, logger, {
      result: "unauthorized",
      status: 401,
      reason,
      message: "The request has no secret that is known here.",
      remedy:
        "Send a secret of OPSAGENT_WEBHOOK_TOKENS as bearer token, as basic password of its name, or as X-Api-Key.",
    });
  };

  const bySignature = async (c: Context, secret: string): Promise<Answered> =>
    withBody(c, { ...deps, slots: deps.strangers }, async (body) => {
      const request = {
        signature: c.req.header(SIGNATURE_HEADER),
        timestamp: c.req.header(TIMESTAMP_HEADER),
        body,
      };
      const verdict = grafanaSigned(request, secret, deps.now());
      if (verdict === "signed") return take(c, "grafana", "grafana", body);
      const reason = verdict === "forged" ? "the signature is not Grafana's" : "the signature is too old";
      return refused(c, logger, { result: verdict, status: 401, reason });
    });

  routes.post("/eventbridge", (c) => counted("eventbridge", deps, () => bySecret(c, "eventbridge")));
  routes.post("/alertmanager", (c) => counted("alertmanager", deps, () => bySecret(c, "alertmanager")));
  routes.post("/grafana", (c) =>
    counted("grafana", deps, () => {
      const { grafanaSecret } = deps;
      const signed = c.req.header(SIGNATURE_HEADER) !== undefined;
      return grafanaSecret !== undefined && signed ? bySignature(c, grafanaSecret) : bySecret(c, "grafana");
    }),
  );
  return routes;
}
