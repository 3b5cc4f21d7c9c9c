/** Every address under /webhooks. Which there are follows from what is configured. */
import type { X509Certificate } from "node:crypto";
import { type Context, Hono } from "hono";
import type { Logger } from "../../../domain/ports.ts";
import type { HttpToken } from "../tokens.ts";
import { createRateLimit } from "../traffic/rate-limit.ts";
import { createSlotsBySize } from "../traffic/reading-slots.ts";
import { rejectionLimit } from "../traffic/rejection-limit.ts";
import { SIGNATURE_HEADER } from "./grafana-signature.ts";
import { createSenderCheck } from "./shared-secret.ts";
import { sharedSecretRoutes } from "./shared-secret-routes.ts";
import { snsRoutes } from "./sns/routes.ts";
import type { WebhookDependencies } from "./webhook.ts";

export type { WebhookResult } from "./webhook.ts";

/** What the configuration says of webhooks. */
export interface WebhookSettings {
  /** Secrets of senders; `name` is what Basic authentication needs as user. */
  readonly tokens: readonly HttpToken[];
  /** Topics whose messages `/webhooks/sns` takes; without any there is no such address. */
  readonly snsTopics: readonly string[];
  /** Grafana's HMAC secret. */
  readonly grafanaSecret?: string | undefined;
  readonly snsIssuer?: X509Certificate | undefined;
}

interface WebhookRouteDependencies {
  readonly settings: WebhookSettings;
  readonly handle: WebhookDependencies["handle"];
  readonly count?: WebhookDependencies["count"] | undefined;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly fetch: typeof fetch;
}

/** Far above an alarm storm of 10 000 in a minute; a sender that is told to wait sends again. */
const CLIENT = { burst: 5_000, perSecond: 1_000 };

/** Bodies under way at the same time: of at most a megabyte each, and of at most 16 KB each. */
const AT_ONCE = { large: 64, small: 512 };

export function webhookRoutes(given: WebhookRouteDependencies): Hono {
  const { settings, logger, now } = given;
  const count = given.count ?? (() => {});
  const identify = createSenderCheck(settings.tokens);
  const topics = new Set(settings.snsTopics);
  const deps = {
    ...given,
    count,
    clients: createRateLimit(CLIENT, () => now().getTime()),
    // Those whose secret is known have places of their own, which slow bodies of strangers cannot take.
    slots: createSlotsBySize(AT_ONCE),
  };
  const routes = new Hono();
  const mayBeGenuine = (c: Context): boolean =>
    identify(c) !== undefined ||
    topics.has(c.req.header("x-amz-sns-topic-arn") ?? "") ||
    (settings.grafanaSecret !== undefined && c.req.header(SIGNATURE_HEADER) !== undefined);
  const onRefused = (path: string) => count(webhookOf(path), "rate-limited", 0);
  routes.use(rejectionLimit({ logger, now, mayBeGenuine, onRefused }));
  if (topics.size > 0) {
    const sns = {
      topics: settings.snsTopics,
      issuer: settings.snsIssuer,
      slots: createSlotsBySize(AT_ONCE),
    };
    routes.route("/sns", snsRoutes({ ...deps, ...sns }));
  }
  const strangers = createSlotsBySize(AT_ONCE);
  routes.route(
    "/",
    sharedSecretRoutes({ ...deps, identify, strangers, grafanaSecret: settings.grafanaSecret }),
  );
  return routes;
}

const NAMES = new Set(["sns", "eventbridge", "alertmanager", "grafana"]);

/** Only known names become labels of a metric. */
function webhookOf(path: string): string {
  const name = path.split("/").at(-1) ?? "";
  return NAMES.has(name) ? name : "other";
}
