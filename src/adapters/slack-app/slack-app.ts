import type { ApprovalChannel } from "../../approval/ports.ts";
import type { Approval } from "../../domain/approval.ts";
import { type ValueFor, valueFor } from "../../domain/exit.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Logger, MessageBook } from "../../domain/ports.ts";
import type { StatusUpdate, Subscriber } from "../../notification/ports.ts";
import { createIncidentPlaces, METADATA_TYPE } from "./incident-places.ts";
import { createOutbox, type OutboxOptions } from "./outbox.ts";
import { type Place, placeText, readPlace } from "./place.ts";
import { createSlackApi, type Sent, type SlackApiOptions } from "./slack-api.ts";

/** A rendered message with blocks of any kind. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly { readonly type: string }[];
}

export interface SlackAppOptions extends SlackApiOptions, OutboxOptions {
  /** A channel's id, such as C012AB3CD; a name works too, but breaks when the channel is renamed. */
  readonly channel: string;
  readonly book: MessageBook;
  readonly logger: Logger;
  /** Renders the one message of an incident, which is updated. */
  readonly renderState: (incident: Incident) => Message | Promise<Message>;
  /** Renders the whole report, for the message's thread. */
  readonly renderReport: (incident: Incident) => Message | Promise<Message>;
  /** Renders the question, with buttons where Slack can reach OpsAgent, and the answered question. */
  readonly renderApproval: (approval: Approval) => Message | Promise<Message>;
  /** Renders the outcome of a question in short, when the question can no longer be changed. */
  readonly renderClosed: (approval: Approval) => Message | Promise<Message>;
}

/** Name of this channel in `Approval.messages`, and of an incident's message in the store. */
const NAME = "slack-app";

/** Errors after which a message can never be changed, or answered in a thread. */
const GONE: ReadonlySet<string> = new Set([
  "message_not_found",
  "thread_not_found",
  "cant_update_message",
  "edit_window_closed",
  "channel_not_found",
  "is_inactive",
]);

/**
 * Posts one message for each incident and updates it, with the report and the questions with their buttons in its
 * thread. Whatever needs a person is also shown in the channel, since an edited message notifies nobody. One message
 * a second; of waiting updates only the last is sent. See {@link createSlackApi} for retries and {@link
 * createIncidentPlaces} for what a crash can repeat. Methods throw {@link OpsAgentError} `slack-failed`.
 */
export function createSlackApp(options: SlackAppOptions): Subscriber & ApprovalChannel {
  const api = createSlackApi(options);
  const outbox = createOutbox(options);
  const places = createIncidentPlaces(api, options);

  const post = (message: Message, more: Record<string, unknown> = {}, expected?: ReadonlySet<string>) =>
    api.call(
      "chat.postMessage",
      { ...content(message), channel: options.channel, unfurl_links: false, unfurl_media: false, ...more },
      expected,
    );

  /** Without its first message a reply goes to the channel, so that people are notified all the same. */
  const reply = async (message: Message, thread: Place | undefined, more: Record<string, unknown>) => {
    if (thread !== undefined) {
      const sent = await post(message, { ...more, thread_ts: thread.ts }, GONE);
      if (sent.ok) return referenceOf(sent, options.channel);
    }
    const { reply_broadcast, ...rest } = more;
    const sent = await post(message, rest);
    return sent.ok ? referenceOf(sent, options.channel) : undefined;
  };

  const showState = async ({ incident }: StatusUpdate) => {
    const message = await options.renderState(incident);
    const metadata = metadataOf(incident.id, NAME);
    const place = await places.find(incident.id, NAME, incident.openedAt);
    if (place !== undefined) {
      const updated = await api.call("chat.update", { ...content(message), ...place, metadata }, GONE);
      if (updated.ok) return;
    }
    await places.post(incident.id, NAME, async () => {
      const sent = await post(message, { metadata });
      return sent.ok ? referenceOf(sent, options.channel) : undefined;
    });
  };

  const giveReport = async ({ incident, name, needsPerson }: StatusUpdate) => {
    const key = `${NAME}:${name}`;
    if ((await places.find(incident.id, key, incident.openedAt)) !== undefined) return;
    const thread = await places.find(incident.id, NAME, incident.openedAt);
    const metadata = metadataOf(incident.id, key);
    await places.post(incident.id, key, async () =>
      reply(await options.renderReport(incident), thread, { metadata, ...(needsPerson && BROADCAST) }),
    );
  };

  return {
    name: NAME,
    needsEvery: false,
    async update(statusUpdate) {
      await outbox.put(() => showState(statusUpdate), statusUpdate.incident.id);
      const isEnd =
        statusUpdate.kind === "incident-closed" ||
        (statusUpdate.name === "gave-back" && statusUpdate.needsPerson);
      if (isEnd) await outbox.put(() => giveReport(statusUpdate));
    },
    async ask(approval) {
      const { id, incidentId, requestedAt } = approval;
      const key = `${NAME}:question:${id}`;
      const put = await outbox.put(async () => {
        const known = await places.find(incidentId, key, requestedAt);
        if (known !== undefined) return known;
        const thread = await places.find(incidentId, NAME, requestedAt);
        const metadata = metadataOf(incidentId, key);
        await places.post(incidentId, key, async () =>
          reply(await options.renderApproval(approval), thread, { metadata, ...BROADCAST }),
        );
        return places.find(incidentId, key, requestedAt);
      });
      return put && placeText(put);
    },
    async close(approval) {
      await outbox.put(async () => {
        const place = readPlace(approval.messages[NAME]);
        if (place !== undefined) {
          const body = { ...content(await options.renderApproval(approval)), ...place };
          const updated = await api.call("chat.update", body, GONE);
          if (updated.ok) return;
        }
        const thread = await places.find(approval.incidentId, NAME, approval.requestedAt);
        await reply(await options.renderClosed(approval), thread, BROADCAST);
      });
    },
  };
}

/** Shows a reply in the channel, too, where it notifies people. */
const BROADCAST = { reply_broadcast: true };

/** What people read of a message, through the exit. */
function content({ text, blocks }: Message): ValueFor<"person", Record<string, unknown>> {
  return valueFor("person", { text, blocks: [...blocks] });
}

function metadataOf(incident: string, name: string) {
  return { event_type: METADATA_TYPE, event_payload: { incident, name } };
}

/** chat.update needs the channel's id, which Slack returns whatever name was used. */
function referenceOf({ channel, ts }: Sent, called: string): Place | undefined {
  return ts === undefined ? undefined : { channel: channel ?? called, ts };
}
