/** Config -> channels: where people and other systems are notified, and where people are asked. */
import { createPagerDuty } from "../adapters/pagerduty/pagerduty.ts";
import { createSlackApp } from "../adapters/slack-app/slack-app.ts";
import { createSlackWebhook } from "../adapters/slack-webhook/slack-webhook.ts";
import { createWebhook } from "../adapters/webhook/webhook.ts";
import type { BrakeState } from "../domain/brake-state.ts";
import { sealWord } from "../domain/incident/audit-seal.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { AuditTrail, Logger, MessageBook } from "../domain/ports.ts";
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
  /** Where the newest seal of the audit trail is read, to be told with a report. */
  readonly trail: Pick<AuditTrail, "newestSeal">;
  /** What is paused when a message is written. Never throws. */
  readonly brakeState: () => Promise<BrakeState>;
  /** The process ends soon: fewer and shorter tries. */
  readonly hurried?: boolean | undefined;
}

export type Channels = Pick<WorkflowDependencies, "notifiers" | "approvalChannels" | "subscribers" | "pager">;

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
            render: async (update) => {
              const whole =
                update.kind === "incident-closed" ? await sealOf(options.trail, "whole") : undefined;
              return webhookEvent(update, page(update.incident), whole);
            },
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
  const reportOptions = async (incident: Incident) => ({
    ...links(incident),
    brake: await brake(false),
    auditSeal: await sealOf(options.trail, "short"),
  });
  if (config.slackApp !== undefined) {
    const buttons = config.slackSigningSecret !== undefined;
    const app = createSlackApp({
      ...config.slackApp,
      ...pace,
      book: options.book,
      logger: options.logger,
      renderState: async (incident) =>
        renderSlackState(incident, { ...links(incident), brake: await brake(buttons) }),
      renderReport: async (incident) => renderSlackMessage(incident, await reportOptions(incident)),
      renderApproval: async (approval) => renderApproval(approval, { buttons, brake: await brake(false) }),
      renderClosed: renderApprovalClosed,
    });
    return { notifiers: [], approvalChannels: [app], subscribers: [app] };
  }
  if (config.slackWebhookUrl === undefined) return { notifiers: [], approvalChannels: [] };
  const webhook = createSlackWebhook({
    url: config.slackWebhookUrl,
    ...pace,
    render: async (incident) => renderSlackMessage(incident, await reportOptions(incident)),
    renderApproval: async (approval) =>
      renderApproval(approval, { buttons: false, brake: await brake(false) }),
    renderClosed: renderApprovalClosed,
  });
  return { notifiers: [webhook], approvalChannels: [webhook] };
}

/** The newest seal as one word; a report is never held up by it. */
async function sealOf(trail: ChannelOptions["trail"], form: "whole" | "short"): Promise<string | undefined> {
  const seal = await trail.newestSeal().catch(() => undefined);
  return seal && sealWord(seal, form);
}
