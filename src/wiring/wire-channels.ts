/** Config -> channels: where people and other systems are notified, and where people are asked. */
import { createPagerDuty } from "../adapters/pagerduty/pagerduty.ts";
import { createSlackApp } from "../adapters/slack-app/slack-app.ts";
import { createSlackWebhook, createSlackWebhookFallback } from "../adapters/slack-webhook/slack-webhook.ts";
import { createSnsTopic } from "../adapters/sns-topic/sns-topic.ts";
import { createWebhook } from "../adapters/webhook/webhook.ts";
import type { Approval } from "../domain/approval.ts";
import type { BrakeState } from "../domain/brake-state.ts";
import { sealWord } from "../domain/incident/audit-seal.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { AuditTrail, Logger, MessageBook } from "../domain/ports.ts";
import { renderApproval, renderApprovalClosed } from "../notification/slack/slack-approval.ts";
import { insteadMessage } from "../notification/slack/slack-instead.ts";
import {
  type MessageOptions,
  renderSlackMessage,
  renderSlackState,
} from "../notification/slack/slack-message.ts";
import { incidentLinks } from "../notification/text/incident-links.ts";
import { plainQuestion, plainReport } from "../notification/text/plain-message.ts";
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

export type Channels = Pick<
  WorkflowDependencies,
  "notifiers" | "approvalChannels" | "subscribers" | "pager" | "fallbacks"
>;

/** At most 15 s for a message, which fits into the time that a Lambda invocation reserves for its report. */
const HURRIED = { maxAttempts: 2, timeoutMs: 5_000, maxWaitMs: 5_000 };

/**
 * Returns the configured channels. With the Slack app the webhook only stands in for it: both would notify twice. What
 * the first one does not take goes to the next of: the app, the webhook, PagerDuty, the operators' topic.
 */
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
  const { webhook, pagerDuty, operatorsTopic } = config;
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
  const pager =
    pagerDuty && createPagerDuty({ ...pagerDuty, ...pace, links: linksOf, renderQuestion: plainQuestion });
  const topic =
    operatorsTopic === undefined
      ? []
      : [
          createSnsTopic({
            topicArn: operatorsTopic,
            endpoint: config.aws.endpoint,
            renderReport: plainReport,
            renderQuestion: plainQuestion,
          }),
        ];
  return {
    ...slack,
    subscribers: [...(slack.subscribers ?? []), ...systems],
    pager,
    fallbacks: [...(slack.fallbacks ?? []), ...(pager === undefined ? [] : [pager]), ...topic],
  };
}

function slackOf(
  config: Config,
  options: ChannelOptions,
  links: (incident: Incident) => MessageOptions,
): Channels {
  const pace = options.hurried ? HURRIED : {};
  const brake = async (buttons: boolean) => ({ state: await options.brakeState(), buttons });
  const url = config.slackWebhookUrl;
  const report = async (incident: Incident) =>
    renderSlackMessage(incident, {
      ...links(incident),
      brake: await brake(false),
      auditSeal: await sealOf(options.trail, "short"),
    });
  const question = async (approval: Approval, buttons: boolean) =>
    renderApproval(approval, { buttons, brake: await brake(false) });
  if (config.slackApp !== undefined) {
    const buttons = config.slackSigningSecret !== undefined;
    const app = createSlackApp({
      ...config.slackApp,
      ...pace,
      book: options.book,
      logger: options.logger,
      renderState: async (incident) =>
        renderSlackState(incident, { ...links(incident), brake: await brake(buttons) }),
      renderReport: report,
      renderApproval: (approval) => question(approval, buttons),
      renderClosed: renderApprovalClosed,
    });
    const fallbacks =
      url === undefined
        ? []
        : [
            createSlackWebhookFallback({
              url,
              ...pace,
              renderReport: async (incident, why) => insteadMessage(await report(incident), why),
              renderQuestion: async (approval, why) => insteadMessage(await question(approval, false), why),
              renderClosed: renderApprovalClosed,
            }),
          ];
    return { notifiers: [], approvalChannels: [app], subscribers: [app], fallbacks };
  }
  if (url === undefined) return { notifiers: [], approvalChannels: [] };
  const webhook = createSlackWebhook({
    url,
    ...pace,
    render: report,
    renderApproval: (approval) => question(approval, false),
    renderClosed: renderApprovalClosed,
  });
  return { notifiers: [webhook], approvalChannels: [webhook] };
}

/** The newest seal as one word; a report is never held up by it. */
async function sealOf(trail: ChannelOptions["trail"], form: "whole" | "short"): Promise<string | undefined> {
  const seal = await trail.newestSeal().catch(() => undefined);
  return seal && sealWord(seal, form);
}
