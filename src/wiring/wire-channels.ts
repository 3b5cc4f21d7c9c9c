/** Config -> channels: where people and other systems are notified, and where people are asked. */
import { createPagerDuty } from "../adapters/pagerduty/pagerduty.ts";
import { createSlackApp } from "../adapters/slack-app/slack-app.ts";
import { createSlackWebhook } from "../adapters/slack-webhook/slack-webhook.ts";
import { createWebhook } from "../adapters/webhook/webhook.ts";
import type { BrakeState } from "../domain/brake-state.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { Logger, MessageBook } from "../domain/ports.ts";
import { renderApproval, renderApprovalClosed } from "../notification/slack/slack-approval.ts";
import {
  type MessageOptions,
  renderSlackMessage,
  renderSlackState,
} from "../notification/slack/slack-message.ts";
import { incidentLinks } from "../notification/text/incident-links.ts";
import { webhookEvent } from "../notification/webhook-event.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { Config } from "./config.ts";

interface ChannelOptions {
  readonly logger: Logger;
  readonly book: MessageBook;
  /** What is paused when a message is written. Never throws. */
  readonly brakeState: () => Promise<BrakeState>;
  /** The process ends soon: fewer and shorter tries. */
  readonly hurried?: boolean | undefined;
}

type Channels = Pick<WorkflowDependencies, "notifiers" | "approvalChannels" | "subscribers" | "pager">;

/** At most 15 s for a message, which fits into the time that a Lambda invocation reserves for its report. */
const HURRIED = { maxAttempts: 2, timeoutMs: 5_000, maxWaitMs: 5_000 };

/** Returns the configured channels. The Slack app replaces the webhook: both would notify twice. */
export function wireChannels(config: Config, options: ChannelOptions): Channels {
  const pace = options.hurried ? HURRIED : {};
  const linksOf = (incident: Incident) =>
    incidentLinks(incident, {
      region: config.aws.region,
      logGroupPrefix: config.logGroupPrefix,
      publicUrl: config.publicUrl,
    });
  const links = (incident: Incident) => ({ links: linksOf(incident) });
  const slack = slackOf(config, options, links);
  const { webhook, pagerDuty } = config;
  const page = (incident: Incident) => linksOf(incident).find(({ label }) => label === "Report")?.url;
  const systems =
    webhook === undefined
      ? []
      : [
          createWebhook({
            ...webhook,
            ...pace,
            render: (update) => webhookEvent(update, page(update.incident)),
          }),
        ];
  return {
    ...slack,
    subscribers: [...(slack.subscribers ?? []), ...systems],
    pager: pagerDuty && createPagerDuty({ ...pagerDuty, ...pace, links: linksOf }),
  };
}

function slackOf(
  config: Config,
  options: ChannelOptions,
  links: (incident: Incident) => MessageOptions,
): Channels {
  const pace = options.hurried ? HURRIED : {};
  const brake = async (buttons: boolean) => ({ state: await options.brakeState(), buttons });
  if (config.slackApp !== undefined) {
    const buttons = config.slackSigningSecret !== undefined;
    const app = createSlackApp({
      ...config.slackApp,
      ...pace,
      book: options.book,
      logger: options.logger,
      renderState: async (incident) =>
        renderSlackState(incident, { ...links(incident), brake: await brake(buttons) }),
      renderReport: async (incident) =>
        renderSlackMessage(incident, { ...links(incident), brake: await brake(false) }),
      renderApproval: async (approval) => renderApproval(approval, { buttons, brake: await brake(false) }),
      renderClosed: renderApprovalClosed,
    });
    return { notifiers: [], approvalChannels: [app], subscribers: [app] };
  }
  if (config.slackWebhookUrl === undefined) return { notifiers: [], approvalChannels: [] };
  const webhook = createSlackWebhook({
    url: config.slackWebhookUrl,
    ...pace,
    render: async (incident) =>
      renderSlackMessage(incident, { ...links(incident), brake: await brake(false) }),
    renderApproval: async (approval) =>
      renderApproval(approval, { buttons: false, brake: await brake(false) }),
    renderClosed: renderApprovalClosed,
  });
  return { notifiers: [webhook], approvalChannels: [webhook] };
}
