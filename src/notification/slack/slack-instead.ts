import { type ContextBlock, context, SLACK_LIMITS } from "./slack-blocks.ts";
import { slackValue } from "./slack-text.ts";

/** A message that stands in for another channel, and says so in its first line. Pure. */
export function insteadMessage<B extends { readonly type: string }>(
  message: { readonly text: string; readonly blocks: readonly B[] },
  why: string,
): { readonly text: string; readonly blocks: readonly (B | ContextBlock)[] } {
  const said = slackValue(why, 400);
  const blocks = [context([said]), ...message.blocks].slice(0, SLACK_LIMITS.blocks);
  return { text: `${message.text}\n${said}`, blocks };
}
