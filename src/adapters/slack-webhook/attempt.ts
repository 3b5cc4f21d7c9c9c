import { IncomingWebhookHTTPError, IncomingWebhookRequestError } from "@slack/webhook";

/** The result of one post. */
export type Attempt =
  | { readonly sent: true }
  | {
      readonly sent: false;
      readonly retryable: boolean;
      readonly reason: string;
      readonly remedy: string;
      readonly retryAfterMs?: number;
    };

const NEW_WEBHOOK = "Create a new incoming webhook in the Slack app and set SLACK_WEBHOOK_URL to it.";
const REPORT =
  "This is a fault in OpsAgent: report it with the incident id; the incident itself is in the store.";

/** What Slack's short answers mean: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
const REMEDIES = new Map([
  ["invalid_payload", REPORT],
  ["invalid_blocks", REPORT],
  ["no_text", REPORT],
  ["no_service", NEW_WEBHOOK],
  ["no_service_id", NEW_WEBHOOK],
  ["no_team", NEW_WEBHOOK],
  ["team_disabled", NEW_WEBHOOK],
  ["invalid_token", NEW_WEBHOOK],
  ["user_not_found", NEW_WEBHOOK],
  ["channel_not_found", "The channel is gone: set SLACK_WEBHOOK_URL to a webhook of a channel that exists."],
  ["channel_is_archived", "Restore the channel, or set SLACK_WEBHOOK_URL to a webhook of another one."],
  [
    "action_prohibited",
    "An administrator restricts posting there: ask for permission or use another channel.",
  ],
  ["posting_to_general_channel_denied", "Use a webhook of another channel than the general one."],
]);

const SLACK_DOWN = "Look at https://slack-status.com; the incident itself is in the store.";
const UNREACHABLE =
  "Check that this machine reaches hooks.slack.com over HTTPS; the incident itself is in the store.";
const TOO_MANY =
  "Slack takes about one message a second for a channel: spread the posts, or use another webhook.";

/** Reads the reason and remedy of the library's error, and whether to retry. */
export function readFailure(error: unknown, retryAfterMs: number | undefined): Attempt {
  const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (error instanceof IncomingWebhookHTTPError) {
    const answer = shortAnswer(error.body);
    const reason = `HTTP ${error.statusCode}${answer && ` ${answer}`}`;
    if (error.statusCode === 429) {
      const pause = retryAfterMs === undefined ? "" : `, asked to wait ${retryAfterMs / 1_000} s`;
      return { sent: false, retryable: true, reason: reason + pause, remedy: TOO_MANY, ...asked };
    }
    const retryable = error.statusCode >= 500;
    const remedy = REMEDIES.get(answer) ?? (retryable ? SLACK_DOWN : NEW_WEBHOOK);
    return { sent: false, retryable, reason, remedy, ...asked };
  }
  const retryable = error instanceof IncomingWebhookRequestError;
  const reason = networkReason(retryable ? error.original : error);
  return { sent: false, retryable, reason, remedy: retryable ? UNREACHABLE : REPORT };
}

/** Returns the body if it is one of Slack's short answers and not a page of a proxy. */
function shortAnswer(body: string): string {
  const line = body.trim();
  return /^[\w .-]{1,80}$/.test(line) ? line : "";
}

/** `fetch failed` says nothing: the causes below it name the fault. */
function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  const causes: string[] = [error.message];
  for (let cause = error.cause; cause instanceof Error && causes.length < 4; cause = cause.cause) {
    causes.push(cause.message || String((cause as NodeJS.ErrnoException).code ?? cause.name));
  }
  return causes.filter(Boolean).join(": ");
}
