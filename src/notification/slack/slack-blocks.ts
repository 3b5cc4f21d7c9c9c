/**
 * The few Block Kit blocks a report uses, built so that none can exceed Slack's limits.
 * https://docs.slack.dev/reference/block-kit/blocks
 */

export interface MrkdwnText {
  readonly type: "mrkdwn";
  readonly text: string;
  /** Slack must not turn plain words into links or mentions. */
  readonly verbatim: true;
}

export interface HeaderBlock {
  readonly type: "header";
  readonly text: { readonly type: "plain_text"; readonly text: string; readonly emoji: false };
}

export interface SectionBlock {
  readonly type: "section";
  readonly text?: MrkdwnText;
  readonly fields?: readonly MrkdwnText[];
}

export interface ContextBlock {
  readonly type: "context";
  readonly elements: readonly MrkdwnText[];
}

export type SlackBlock = HeaderBlock | SectionBlock | ContextBlock | { readonly type: "divider" };

/** Slack's limits in characters or items, with some room left below the ones it does not document exactly. */
export const SLACK_LIMITS = {
  blocks: 50,
  header: 150,
  section: 3_000,
  field: 2_000,
  fields: 10,
  contextElements: 10,
  /** `text`: longer ones are split or cut. */
  text: 4_000,
  /** All blocks together: Slack answers msg_blocks_too_long from about 13 200 characters on. */
  allBlocks: 12_000,
} as const;

export function header(text: string): HeaderBlock {
  return { type: "header", text: { type: "plain_text", text: cut(text, SLACK_LIMITS.header), emoji: false } };
}

/** A section of lines that are already escaped; lines that do not fit are counted, not cut. */
export function section(lines: readonly string[], limit: number = SLACK_LIMITS.section): SectionBlock {
  return { type: "section", text: mrkdwn(linesWithin(lines, limit)) };
}

/** Sections that fit together into `room` characters: the longest give way first. Parts without lines are left out. */
export function sections(parts: readonly (readonly string[])[], room: number): SectionBlock[] {
  const shown = parts.filter((lines) => lines.length > 0);
  const sizes = shown.map((lines) => Math.min(lines.join("\n").length + COUNT_ROOM, SLACK_LIMITS.section));
  const limit = fairLimit(sizes, room);
  return shown.map((lines) => section(lines, limit));
}

/** The size to which the longest are cut so that all fit: what the short ones do not use goes to the others. */
export function fairLimit(sizes: readonly number[], room: number): number {
  let left = room;
  const ascending = sizes.toSorted((one, other) => one - other);
  for (const [index, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (size > share) return Math.min(share, SLACK_LIMITS.section);
    left -= size;
  }
  return SLACK_LIMITS.section;
}

/** Characters of all texts in blocks, which Slack bounds together. */
export function textLength(blocks: readonly SlackBlock[]): number {
  return blocks.reduce((sum, block) => sum + blockLength(block), 0);
}

function blockLength(block: SlackBlock): number {
  const sum = (texts: readonly MrkdwnText[]) => texts.reduce((all, { text }) => all + text.length, 0);
  switch (block.type) {
    case "header":
      return block.text.text.length;
    case "context":
      return sum(block.elements);
    case "section":
      return sum([...(block.text ? [block.text] : []), ...(block.fields ?? [])]);
    case "divider":
      return 0;
  }
}

/** The first of many items as lines, and how many were left out. */
export function firstOf<T>(items: readonly T[], limit: number, line: (item: T) => string): string[] {
  const left = items.length - limit;
  return [...items.slice(0, limit).map(line), ...(left > 0 ? [`• and ${left} more`] : [])];
}

/** Two-column fields, each `*Name*` over its value. */
export function fields(pairs: readonly (readonly [name: string, value: string])[]): SectionBlock {
  const shown = pairs.slice(0, SLACK_LIMITS.fields);
  return {
    type: "section",
    fields: shown.map(([name, value]) => mrkdwn(cut(`*${name}*\n${value}`, SLACK_LIMITS.field))),
  };
}

export function context(parts: readonly string[]): ContextBlock {
  return { type: "context", elements: [mrkdwn(cut(parts.join("  ·  "), SLACK_LIMITS.field))] };
}

function mrkdwn(text: string): MrkdwnText {
  return { type: "mrkdwn", text, verbatim: true };
}

/** For the line that counts what was left out. */
const COUNT_ROOM = 30;

function linesWithin(lines: readonly string[], limit: number): string {
  const room = limit - COUNT_ROOM;
  let text = "";
  for (const [index, line] of lines.entries()) {
    const longer = text === "" ? cut(line, room) : `${text}\n${line}`;
    if (longer.length > room) return `${text}\n… ${lines.length - index} more`;
    text = longer;
  }
  return text;
}

/** Cuts escaped text without leaving half a link, half an entity or half a surrogate pair. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 1).replace(/<[^>]*$|&[a-z]{0,3}$|[\uD800-\uDBFF]$/, "");
  return `${kept}…`;
}
