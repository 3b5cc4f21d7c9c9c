/** How one call of Slack's Web API ended. */
export type Attempt =
  | { readonly sent: true; readonly channel: string | undefined; readonly ts: string | undefined }
  | {
      readonly sent: false;
      readonly retryable: boolean;
      /** Slack's error code, such as `invalid_auth`, when it answered. */
      readonly word?: string;
      readonly reason: string;
      readonly remedy: string;
      readonly retryAfterMs?: number;
    };

export type Failed = Extract<Attempt, { sent: false }>;

/** The HTTP answer; the library's errors do not always have it. */
export interface SeenResponse {
  readonly status: number;
  readonly retryAfter: string | null;
}

const REPORT =
  "This is a fault in OpsAgent: report it with the incident id; the incident itself is in the store.";
const NEW_TOKEN =
  "Reinstall the Slack app in the workspace and set SLACK_BOT_TOKEN to its Bot User OAuth Token.";
const OTHER_CHANNEL = "Set SLACK_CHANNEL to the id (C...) of a channel that exists and that the app is in.";
const SCOPE = "Give the Slack app the scope chat:write, then reinstall it in the workspace.";
const SLACK_DOWN = "Look at https://slack-status.com; the incident itself is in the store.";
const UNREACHABLE =
  "Check that this machine reaches slack.com over HTTPS; the incident itself is in the store.";
const TOO_MANY = "Slack takes about one message a second for a channel: spread the posts.";

/** Slack's answers and what they mean: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const REMEDIES = new Map([
  ["invalid_auth", NEW_TOKEN],
  ["not_authed", NEW_TOKEN],
  ["account_inactive", NEW_TOKEN],
  ["token_revoked", NEW_TOKEN],
  ["token_expired", NEW_TOKEN],
  ["missing_scope", SCOPE],
  ["not_allowed_token_type", NEW_TOKEN],
  ["channel_not_found", OTHER_CHANNEL],
  ["not_in_channel", "Invite the Slack app into the channel: /invite @its-name."],
  ["is_archived", "Restore the channel, or set SLACK_CHANNEL to another one."],
  [
    "restricted_action",
    "An administrator restricts posting there: ask for permission or use another channel.",
  ],
  ["invalid_blocks", REPORT],
  ["invalid_blocks_format", REPORT],
  ["msg_blocks_too_long", REPORT],
  ["msg_too_long", REPORT],
  ["no_text", REPORT],
]);

/** Errors after which the same call can succeed. */
const PASSING = new Set([
  "ratelimited",
  "rate_limited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
]);

/** Reads the reason and remedy of the library's error, and whether to retry. */
export function readFailure(error: unknown, response: SeenResponse | undefined): Failed {
  const retryAfter = secondsOf(response?.retryAfter ?? null);
  const asked = retryAfter === undefined ? {} : { retryAfterMs: retryAfter * 1_000 };
  const word = slackWord(error);
  if (response?.status === 429 || word === "ratelimited" || word === "rate_limited") {
    const pause = retryAfter === undefined ? "" : `, asked to wait ${retryAfter} s`;
    return { sent: false, retryable: true, reason: `HTTP 429${pause}`, remedy: TOO_MANY, ...asked };
  }
  if (word !== undefined) {
    const retryable = PASSING.has(word);
    const remedy = REMEDIES.get(word) ?? (retryable ? SLACK_DOWN : NEW_TOKEN);
    return { sent: false, retryable, word, reason: word, remedy };
  }
  if (response !== undefined && response.status !== 200) {
    const retryable = response.status >= 500;
    const remedy = retryable ? SLACK_DOWN : UNREACHABLE;
    return { sent: false, retryable, reason: `HTTP ${response.status}`, remedy, ...asked };
  }
  // A status 200 that cannot be read is not retried: the message may have been posted.
  return {
    sent: false,
    retryable: response === undefined,
    reason: response === undefined ? networkReason(error) : "an answer that is not Slack's",
    remedy: UNREACHABLE,
  };
}

/** Returns Slack's error code, if it is one and not a page of a proxy. */
function slackWord(error: unknown): string | undefined {
  const data: unknown = error instanceof Error && "data" in error ? error.data : undefined;
  const word = typeof data === "object" && data !== null && "error" in data ? data.error : undefined;
  return typeof word === "string" && /^\w{1,80}$/.test(word) ? word : undefined;
}

/** Seconds: https://docs.slack.dev/apis/web-api/rate-limits */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined;
}

/** `fetch failed` says nothing: the causes below it name the fault. */
function networkReason(error: unknown): string {
  const causes: string[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    if (cause.name === "TimeoutError") return "no answer in time";
    causes.push(cause.message || String((cause as NodeJS.ErrnoException).code ?? cause.name));
  }
  const distinct = causes.filter(
    (cause, index) => !causes.some((other, at) => at < index && other === cause),
  );
  return distinct.join(": ") || "an unknown fault";
}
