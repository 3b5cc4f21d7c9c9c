import type { ApprovalChannel } from "../../approval/ports.ts";
import type { Approval } from "../../domain/approval.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Fallback, Notifier } from "../../notification/ports.ts";
import type { Message } from "./post-once.ts";
import { createPoster, type PosterOptions } from "./poster.ts";

export interface SlackWebhookOptions extends PosterOptions {
  readonly render: (incident: Incident) => Message | Promise<Message>;
  /** Renders the question without buttons, since a webhook has no address for Slack to call. */
  readonly renderApproval: (approval: Approval) => Message | Promise<Message>;
  /** Renders the outcome of a question in short. */
  readonly renderClosed: (approval: Approval) => Message | Promise<Message>;
}

/**
 * Posts incidents and questions to a Slack incoming webhook; see {@link createPoster} for retries and errors. People
 * answer elsewhere. A posted question cannot be changed, so its outcome is a second, short message.
 */
export function createSlackWebhook(options: SlackWebhookOptions): Notifier & ApprovalChannel {
  const post = createPoster(options);
  return {
    name: "slack-webhook",
    notify: async (incident) => post(await options.render(incident)),
    ask: async (approval) => {
      await post(await options.renderApproval(approval));
      return undefined;
    },
    close: async (approval) => post(await options.renderClosed(approval)),
  };
}

export interface SlackWebhookFallbackOptions extends PosterOptions {
  readonly renderReport: (incident: Incident, why: string) => Message | Promise<Message>;
  readonly renderQuestion: (approval: Approval, why: string) => Message | Promise<Message>;
  readonly renderClosed: (approval: Approval) => Message | Promise<Message>;
}

/** The same webhook for what another channel does not take. */
export function createSlackWebhookFallback(options: SlackWebhookFallbackOptions): Fallback {
  const post = createPoster(options);
  return {
    name: "slack-webhook",
    report: async (incident, why) => {
      await post(await options.renderReport(incident, why));
      return true;
    },
    ask: async (approval, why) => {
      await post(await options.renderQuestion(approval, why));
      return true;
    },
    close: async (approval) => post(await options.renderClosed(approval)),
  };
}
