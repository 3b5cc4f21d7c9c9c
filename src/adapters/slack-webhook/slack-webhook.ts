import type { ApprovalChannel } from "../../approval/ports.ts";
import type { Approval } from "../../domain/approval.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Notifier } from "../../notification/ports.ts";
import type { Message } from "./post-once.ts";
import { createPoster, type PosterOptions } from "./poster.ts";

export interface SlackWebhookOptions extends PosterOptions {
  readonly render: (incident: Incident) => Message;
  /** The question without buttons: a webhook has no address that Slack could send a press to. */
  readonly renderApproval: (approval: Approval) => Message;
  /** What became of a question, in short. */
  readonly renderClosed: (approval: Approval) => Message;
}

/**
 * Posts incidents and questions to a Slack incoming webhook; see {@link createPoster} for tries and errors. A question
 * can be read there but not answered, and what was posted cannot be found again: its end is a second, short message.
 */
export function createSlackWebhook(options: SlackWebhookOptions): Notifier & ApprovalChannel {
  const post = createPoster(options);
  return {
    name: "slack-webhook",
    notify: async (incident) => post(options.render(incident)),
    ask: async (approval) => {
      await post(options.renderApproval(approval));
      return undefined;
    },
    close: async (approval) => post(options.renderClosed(approval)),
  };
}
