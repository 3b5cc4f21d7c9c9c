/** What OpsAgent tells people and systems through, on loopback: doors that can be shut (503), through the real clients. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export type Door = "slack-app" | "slack-webhook" | "pagerduty" | "topic" | "webhook";

/** Something that a door has taken. */
export interface Taken {
  readonly door: Door;
  /** In a word: `post`, `update`, `trigger KEY`, `resolve KEY`, the moment of an event. */
  readonly what: string;
  /** What a person reads of it. */
  readonly text: string;
}

export interface Doors {
  readonly urls: Readonly<Record<Door, string>>;
  /** Everything that was taken, in order. */
  readonly taken: readonly Taken[];
  /** How often a shut door was tried. */
  refused(door: Door): number;
  shut(...doors: readonly Door[]): void;
  /** They answer 404 from now on: nothing gets better by waiting. */
  remove(...doors: readonly Door[]): void;
  open(...doors: readonly Door[]): void;
  /** In words, such as `post: ...` of one door. */
  takenBy(door: Door): string[];
  close(): Promise<void>;
}

/** Starts them, all open. */
export async function startDoors(): Promise<Doors> {
  const taken: Taken[] = [];
  const shut = new Map<Door, number>();
  const refused = new Map<Door, number>();
  const server = createServer(async (request, response) => {
    const [, door, method = ""] = (request.url ?? "").split("/") as ["", Door, string];
    const body = await text(request);
    const status = shut.get(door);
    if (status !== undefined) {
      refused.set(door, (refused.get(door) ?? 0) + 1);
      response.writeHead(status).end();
      return;
    }
    const one = readOne(door, method, body);
    if (one !== undefined) taken.push({ door, ...one });
    if (door === "slack-app") {
      const ts = `1764000000.${String(taken.length).padStart(6, "0")}`;
      const answer = method === "conversations.history" ? { messages: [] } : { channel: "C0LOCAL01", ts };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ ok: true, ...answer }));
      return;
    }
    if (door === "topic") {
      response.writeHead(200, { "content-type": "text/xml" }).end(PUBLISHED);
      return;
    }
    response.writeHead(door === "pagerduty" ? 202 : 200).end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    urls: {
      "slack-app": `${origin}/slack-app/`,
      "slack-webhook": `${origin}/slack-webhook/T0/B0/x`,
      pagerduty: `${origin}/pagerduty`,
      topic: `${origin}/topic/`,
      webhook: `${origin}/webhook`,
    },
    taken,
    refused: (door) => refused.get(door) ?? 0,
    shut: (...doors) => {
      for (const door of doors) shut.set(door, 503);
    },
    remove: (...doors) => {
      for (const door of doors) shut.set(door, 404);
    },
    open: (...doors) => {
      for (const door of doors) shut.delete(door);
    },
    takenBy: (door) => taken.filter((one) => one.door === door).map(({ what }) => what),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** SNS speaks AWS Query: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const PUBLISHED =
  "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>";

function readOne(door: Door, method: string, body: string): Omit<Taken, "door"> | undefined {
  switch (door) {
    case "slack-app": {
      if (method === "conversations.history") return undefined;
      const form = new URLSearchParams(body);
      return { what: method === "chat.update" ? "update" : "post", text: form.get("text") ?? "" };
    }
    case "slack-webhook":
      return { what: "post", text: JSON.parse(body).text };
    case "pagerduty": {
      const { event_action, dedup_key, payload } = JSON.parse(body);
      return { what: `${event_action} ${dedup_key}`, text: payload?.summary ?? "" };
    }
    case "topic": {
      const form = new URLSearchParams(body);
      return { what: form.get("Subject") ?? "", text: form.get("Message") ?? "" };
    }
    case "webhook": {
      const { moment, incident } = JSON.parse(body);
      return { what: moment, text: incident.summary };
    }
  }
}
