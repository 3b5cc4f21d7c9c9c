import type { Approval } from "../../domain/approval.ts";
import type { Incident } from "../../domain/incident.ts";
import type { ApprovalChannel, Notifier } from "../../pipeline/ports.ts";
import { createSlackApi, type SlackApiOptions } from "./slack-api.ts";

/** What a renderer makes; blocks of any kind. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly { readonly type: string }[];
}

export interface SlackAppOptions extends SlackApiOptions {
  /** A channel's id, such as C012AB3CD; a name works too, but breaks when the channel is renamed. */
  readonly channel: string;
  readonly renderIncident: (incident: Incident) => Message;
  /** The question, with buttons where presses can arrive; the answered question in their place once answered. */
  readonly renderApproval: (approval: Approval) => Message;
  /** What became of a question, in short: for a question that can no longer be changed. */
  readonly renderClosed: (approval: Approval) => Message;
}

/** Key of this channel in `Approval.messages`. */
const NAME = "slack-app";

/** Answers of chat.update that say: the message cannot be changed any more, and never will be. */
const GONE: ReadonlySet<string> = new Set([
  "message_not_found",
  "cant_update_message",
  "edit_window_closed",
  "channel_not_found",
  "is_inactive",
]);

/**
 * Posts incidents and questions with a Slack app's bot token; see {@link createSlackApi} for tries. Questions are
 * closed by replacing their buttons; where the question is not known or gone, by a short message of its own.
 * Methods throw {@link OpsAgentError} `slack-failed`.
 */
export function createSlackApp(options: SlackAppOptions): Notifier & ApprovalChannel {
  const api = createSlackApi(options);
  const post = (message: Message) =>
    api.call("chat.postMessage", {
      ...content(message),
      channel: options.channel,
      unfurl_links: false,
      unfurl_media: false,
    });
  return {
    name: NAME,
    async notify(incident) {
      await post(options.renderIncident(incident));
    },
    async ask(approval) {
      const sent = await post(options.renderApproval(approval));
      if (!sent.ok || sent.ts === undefined) return undefined;
      // chat.update takes ids only, and Slack answers with the id, whatever the channel was called by.
      return `${sent.channel ?? options.channel}:${sent.ts}`;
    },
    async close(approval) {
      const place = readPlace(approval.messages[NAME]);
      if (place !== undefined) {
        const body = { ...content(options.renderApproval(approval)), ...place };
        const updated = await api.call("chat.update", body, GONE);
        if (updated.ok) return;
      }
      await post(options.renderClosed(approval));
    },
  };
}

function content({ text, blocks }: Message): Record<string, unknown> {
  return { text, blocks: [...blocks] };
}

/** `channel:ts`, as `ask` returned it. */
function readPlace(reference: string | undefined): { channel: string; ts: string } | undefined {
  const [, channel, ts] = /^([^:]+):([\d.]+)$/.exec(reference ?? "") ?? [];
  return channel === undefined || ts === undefined ? undefined : { channel, ts };
}
