/** The product's channels to the doors of a test, wired as in production. */
import type { MessageBook } from "../../src/domain/ports.ts";
import { readConfig } from "../../src/wiring/read-config.ts";
import { wireChannels } from "../../src/wiring/wire-channels.ts";
import type { Door, Doors } from "./doors.ts";

/** The environment variables that lead to these doors. */
export function variablesOf({ urls }: Doors, doors: readonly Door[]): Record<string, string> {
  const variables: Readonly<Record<Door, Record<string, string>>> = {
    "slack-app": {
      SLACK_BOT_TOKEN: "xoxb-of-the-test",
      SLACK_CHANNEL: "C0LOCAL01",
      SLACK_API_URL: urls["slack-app"],
    },
    "slack-webhook": { SLACK_WEBHOOK_URL: urls["slack-webhook"] },
    pagerduty: { PAGERDUTY_ROUTING_KEY: "key-of-the-test", PAGERDUTY_EVENTS_URL: urls.pagerduty },
    topic: {
      AWS_ENDPOINT_URL: urls.topic,
      OPSAGENT_OPERATORS_TOPIC: "arn:aws:sns:us-east-1:000000000000:operators",
    },
    webhook: {
      OPSAGENT_WEBHOOK_URL: urls.webhook,
      OPSAGENT_WEBHOOK_SECRET: "0123456789abcdef0123456789abcdef",
    },
  };
  return Object.assign({}, ...doors.map((door) => variables[door]));
}

/** Channels to these doors, each with few and short tries. */
export function channelsTo(doors: Doors, book: MessageBook, ...names: readonly Door[]) {
  const read = readConfig({ overrides: variablesOf(doors, names) });
  if (!read.ok) throw new Error(read.problems.join("; "));
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  const brakeState = async () => ({ at: new Date().toISOString(), pauses: [] });
  const trail = { newestSeal: async () => undefined };
  return wireChannels(read.config, { book, trail, logger, brakeState, hurried: true });
}
