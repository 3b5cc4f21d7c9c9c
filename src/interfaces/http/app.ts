/** The HTTP interface as one fetch-style handler: a server, or a Lambda function URL, can put it on the network. */
import { Hono } from "hono";
import type { Approvals } from "../../approval/approvals.ts";
import type { BrakeControl } from "../../approval/brake-control.ts";
import { asOpsAgentError } from "../../domain/errors.ts";
import type { ApprovalBook, IncidentRecords, Logger } from "../../domain/ports.ts";
import { answerRoutes } from "./answer-routes.ts";
import { brakeRoutes } from "./brake-routes.ts";
import { type DashboardSettings, dashboardRoutes } from "./dashboard/routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { type OperationSettings, operationRoutes } from "./operations.ts";
import { createSlackActions } from "./slack-actions.ts";
import type { TakeEvent } from "./take-event.ts";
import { createTokenCheck, type HttpToken } from "./tokens.ts";
import { boundRefusals } from "./traffic/refusal-log.ts";
import { rejectionLimit } from "./traffic/rejection-limit.ts";
import { type WebhookResult, type WebhookSettings, webhookRoutes } from "./webhooks/index.ts";

export interface HttpAppDependencies {
  readonly approvals: Approvals;
  readonly brake: BrakeControl;
  readonly records: IncidentRecords;
  readonly book: ApprovalBook;
  /** Without it there is no address for Slack's buttons. */
  readonly slack?: { readonly signingSecret: string } | undefined;
  readonly tokens: readonly HttpToken[];
  readonly logger: Logger;
  readonly now: () => Date;
  /** Without it, no events. */
  readonly handle?: TakeEvent | undefined;
  /** The process stands still once it has answered, as in Lambda: everything is done before. */
  readonly frozenAfterAnswer?: boolean | undefined;
  /** Without it there are no pages and no JSON API for them. */
  readonly dashboard?: DashboardSettings | undefined;
  /** Senders of alarms; without it there are no addresses for them. */
  readonly webhooks?: WebhookSettings | undefined;
  readonly countWebhook?: ((webhook: string, result: WebhookResult, seconds: number) => void) | undefined;
  /** Readiness and metrics; without it there are no addresses for them. */
  readonly operations?: OperationSettings | undefined;
  /** Posts to Slack's response_url; the global fetch unless a test gives its own. */
  readonly fetch?: typeof fetch;
}

/** Builds the interface. Nothing in an answer or a log is a secret; every error is JSON with a remedy. */
export function createHttpApp(given: HttpAppDependencies): Hono {
  const logger = boundRefusals(given.logger, () => given.now().getTime());
  const deps = { ...given, logger };
  const identify = createTokenCheck(deps.tokens);
  const app = new Hono();
  app.onError((thrown, c) => {
    const { code, message, remedy } = asOpsAgentError(thrown);
    logger.error("http-fault", { path: c.req.path, code, error: message });
    // A fault that nobody expected may carry anything in its words; those stay in the log.
    if (code === "internal") {
      const said = "OpsAgent failed to answer.";
      return c.json({ code, message: said, remedy: "Try again, then look at OpsAgent's log." }, 500);
    }
    return c.json({ code, message, remedy }, 503);
  });
  app.notFound((c) =>
    c.json(
      {
        code: "not-found",
        message: "There is nothing at this address.",
        remedy: "docs/configuration.md lists the addresses of the HTTP interface.",
      },
      404,
    ),
  );
  app.use(async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
    c.header("x-content-type-options", "nosniff");
  });
  app.get("/health", (c) => c.json({ status: "ok" }));
  if (deps.operations !== undefined) {
    app.route("/", operationRoutes({ ...deps, settings: deps.operations, identify }));
  }
  const guard = rejectionLimit({
    ...deps,
    mayBeGenuine: (c) =>
      identify(c.req.header("authorization")) !== undefined ||
      c.req.header("x-slack-signature") !== undefined,
  });
  const answers = ["approval", "approve", "deny"].map((what) => `/incidents/:id/${what}`);
  for (const path of ["/slack/*", "/events/*", "/pauses", "/pause", "/resume", ...answers])
    app.use(path, guard);
  if (deps.slack !== undefined) {
    const { signingSecret } = deps.slack;
    app.route("/slack", createSlackActions({ ...deps, signingSecret, fetch: deps.fetch ?? fetch }));
  }
  app.route("/incidents", answerRoutes({ ...deps, identify }));
  app.route("/", brakeRoutes({ ...deps, identify }));
  if (deps.handle !== undefined) {
    const { handle, webhooks, countWebhook: count } = deps;
    app.route("/events", eventRoutes({ logger, handle, identify }));
    if (webhooks !== undefined) {
      const shared = { settings: webhooks, handle, count, logger, now: deps.now, fetch: deps.fetch ?? fetch };
      app.route("/webhooks", webhookRoutes(shared));
    }
  }
  if (deps.dashboard !== undefined) app.route("/", dashboardRoutes({ ...deps, ...deps.dashboard }));
  return app;
}
