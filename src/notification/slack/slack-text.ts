import { foldLine } from "../text/fold-line.ts";

/**
 * Values inside Slack's mrkdwn. A value can come from a log line or a model, so it must not be able to ping
 * anyone, show a link under another name, format, or forge a line or a status of its own.
 * https://docs.slack.dev/messaging/formatting-message-text (escaping of &, < and >)
 */

const EMPTY = "—";

/** A value made harmless, escaped and at most `limit` characters long; never empty. */
export function slackValue(text: string, limit: number): string {
  return clipEscaped(neutralise(foldLine(text)), limit) || EMPTY;
}

const STATUS_WORDS = "resolved|escalated|observed|agent failed|open|none|restart|scale|rollback";
const ANSWER_WORDS = "approved|denied|expired|unasked|voided|withdrawn|waits|opsagent";
const FORGED_LABEL = new RegExp(
  `\\b(status|action taken|approval(?: of the second action)?|answer)\\s*[:：](?=\\W*(?:${STATUS_WORDS}|${ANSWER_WORDS})\\b)`,
  "gi",
);
const STATUS_SHORTCODE =
  /:(white_check_mark|heavy_check_mark|ballot_box_with_check|warning|x|rotating_light|eyes|large_green_circle):/gi;

/** Look-alikes instead of invisible characters, so that nothing hidden is copied out of a message. */
function neutralise(line: string): string {
  const plain = line
    .replaceAll("**", "")
    .replace(/@(?=here\b|channel\b|everyone\b|group\b)/gi, "＠")
    .replace(STATUS_SHORTCODE, "∶$1∶")
    .replace(/[✅☑✔❌✖⚠🚨👀⏳]\uFE0F?/gu, "▫")
    .replace(FORGED_LABEL, "$1∶")
    .replaceAll("*", "∗")
    .replaceAll("`", "'")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "ˍ");
  return plain.indexOf("~") === plain.lastIndexOf("~") ? plain : plain.replaceAll("~", "∼");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Escapes and cuts in one pass, so that neither an entity nor a surrogate pair is split. */
function clipEscaped(line: string, limit: number): string {
  let escaped = "";
  let fits = "";
  for (const character of line) {
    escaped += ENTITIES[character] ?? character;
    if (escaped.length > limit) return `${fits}…`;
    if (escaped.length < limit) fits = escaped;
  }
  return escaped;
}
