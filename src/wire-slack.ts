/** Config -> where people are told and asked. */
import { createSlackApp } from "./adapters/slack-app/slack-app.ts";
import { createSlackWebhook } from "./adapters/slack-webhook/slack-webhook.ts";
import type { Config } from "./config.ts";
import type { ApprovalChannel, Notifier } from "./pipeline/ports.ts";
import { renderApproval, renderApprovalClosed } from "./pipeline/report/slack-approval.ts";
import { renderSlackMessage } from "./pipeline/report/slack-message.ts";

type SlackConfig = Pick<Config, "slackApp" | "slackSigningSecret" | "slackWebhookUrl">;

/** At most 15 s in all, which fits into the time that a Lambda invocation keeps back for its report. */
const HURRIED_SLACK = { maxAttempts: 2, timeoutMs: 5_000, maxWaitMs: 5_000 };

/** Where people are told and asked. The app can do all that the webhook can, so that both would only tell twice. */
export function wireSlack(
  config: SlackConfig,
  options: { readonly hurried?: boolean | undefined },
): (Notifier & ApprovalChannel)[] {
  const pace = options.hurried ? HURRIED_SLACK : {};
  if (config.slackApp !== undefined) {
    const buttons = config.slackSigningSecret !== undefined;
    return [
      createSlackApp({
        ...config.slackApp,
        ...pace,
        renderIncident: renderSlackMessage,
        renderApproval: (approval) => renderApproval(approval, { buttons }),
        renderClosed: renderApprovalClosed,
      }),
    ];
  }
  if (config.slackWebhookUrl === undefined) return [];
  return [
    createSlackWebhook({
      url: config.slackWebhookUrl,
      ...pace,
      render: renderSlackMessage,
      renderApproval: (approval) => renderApproval(approval, { buttons: false }),
      renderClosed: renderApprovalClosed,
    }),
  ];
}
