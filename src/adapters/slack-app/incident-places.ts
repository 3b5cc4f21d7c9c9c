import type { Logger, MessageBook } from "../../domain/ports.ts";
import { type Place, placeText, readPlace } from "./place.ts";
import type { SlackApi } from "./slack-api.ts";

/** Metadata by which a message can be found again: https://docs.slack.dev/messaging/message-metadata */
export const METADATA_TYPE = "opsagent_incident";

/** Stored before a message is posted. Whoever finds it cannot tell whether the message was posted. */
const PENDING = "pending";

/** The most incidents whose messages this process remembers. */
const REMEMBERED = 2_000;

/** Seconds by which Slack's clock may be behind ours. */
const SKEW = 300;

export interface IncidentPlaces {
  /** Finds an incident's message of that name. Searches nothing older than `openedAt`. */
  find(incidentId: string, name: string, openedAt: string): Promise<Place | undefined>;
  /** Posts a message that `find` did not find, and stores its reference. */
  post(incidentId: string, name: string, send: () => Promise<Place | undefined>): Promise<void>;
}

/**
 * Remembers the messages of incidents in the store and in this process. A failing store costs a repeated message,
 * never a missing one. A message whose process died before it stored the reference is searched in the channel;
 * without the scope `channels:history` it is posted again.
 */
export function createIncidentPlaces(
  api: Pick<SlackApi, "history">,
  { channel, book, logger }: { channel: string; book: MessageBook; logger: Logger },
): IncidentPlaces {
  const remembered = new Map<string, Place>();
  const keyOf = (incidentId: string, name: string) => JSON.stringify([incidentId, name]);
  const remember = (incidentId: string, name: string, place: Place) => {
    for (const oldest of remembered.keys()) {
      if (remembered.size < REMEMBERED) break;
      remembered.delete(oldest);
    }
    remembered.set(keyOf(incidentId, name), place);
  };
  const note = (incidentId: string, name: string, reference: string) =>
    book.noteIncidentMessage(incidentId, name, reference).catch((error: unknown) => {
      logger.warn("slack-place-not-kept", { incident: incidentId, name, error: String(error) });
    });

  const lookUp = async (incidentId: string, name: string, openedAt: string): Promise<Place | undefined> => {
    try {
      const since = Math.floor(Date.parse(openedAt) / 1_000) - SKEW;
      const messages = await api.history(channel, since);
      const mine = messages.find(
        ({ metadata }) =>
          metadata?.event_type === METADATA_TYPE &&
          metadata.event_payload["incident"] === incidentId &&
          metadata.event_payload["name"] === name,
      );
      return mine && { channel, ts: mine.ts };
    } catch (error) {
      logger.info("slack-history-unread", { incident: incidentId, error: String(error) });
      return undefined;
    }
  };

  return {
    async find(incidentId, name, openedAt) {
      const known = remembered.get(keyOf(incidentId, name));
      if (known !== undefined) return known;
      const noted = (await book.messagesOf(incidentId).catch(() => undefined))?.[name];
      const place = noted === PENDING ? await lookUp(incidentId, name, openedAt) : readPlace(noted);
      if (place === undefined) return undefined;
      remember(incidentId, name, place);
      if (noted === PENDING) await note(incidentId, name, placeText(place));
      return place;
    },

    async post(incidentId, name, send) {
      await note(incidentId, name, PENDING);
      const place = await send();
      if (place === undefined) return;
      remember(incidentId, name, place);
      await note(incidentId, name, placeText(place));
    },
  };
}
