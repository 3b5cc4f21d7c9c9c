/**
 * The buttons under a question, and what a press carries. https://docs.slack.dev/reference/block-kit/block-elements/button-element
 */
import type { Approval } from "../../domain/approval.ts";
import { planText } from "../text/action-line.ts";
import { foldLine } from "../text/fold-line.ts";

/** Names of the two buttons, as Slack sends them back. */
export const APPROVE_BUTTON = "opsagent-approve";
export const DENY_BUTTON = "opsagent-deny";

/** Characters, by Slack's reference: a button's value; a confirmation's title, text and button. */
const LIMITS = { value: 2_000, confirmTitle: 100, confirmText: 300, confirmButton: 30 } as const;

interface PlainText {
  readonly type: "plain_text";
  readonly text: string;
  readonly emoji: false;
}

export interface Button {
  readonly type: "button";
  readonly action_id: string;
  readonly value: string;
  readonly text: PlainText;
  readonly style: "primary" | "danger";
  readonly confirm?: {
    readonly title: PlainText;
    readonly text: PlainText;
    readonly confirm: PlainText;
    readonly deny: PlainText;
  };
}

export interface ActionsBlock {
  readonly type: "actions";
  readonly elements: readonly Button[];
}

/** The two buttons; undefined where their value would not fit, since half a value would be another question's. */
export function answerButtons(approval: Approval): ActionsBlock | undefined {
  const value = `${approval.id}.${approval.planHash}`;
  if (value.length > LIMITS.value) return undefined;
  const { plan, target } = approval;
  const change = `${planText(plan)} on ${target.cluster}/${target.service}`;
  const warning = `OpsAgent will make this change: ${change}`;
  return {
    type: "actions",
    elements: [
      {
        type: "button",
        action_id: APPROVE_BUTTON,
        value,
        text: plain("Approve"),
        style: "primary",
        confirm: {
          title: plain(cut(`Approve the ${plan.action} of ${target.service}?`, LIMITS.confirmTitle)),
          text: plain(cut(warning, LIMITS.confirmText)),
          confirm: plain(cut(`Approve ${plan.action}`, LIMITS.confirmButton)),
          deny: plain("Not yet"),
        },
      },
      { type: "button", action_id: DENY_BUTTON, value, text: plain("Deny"), style: "danger" },
    ],
  };
}

/** What a pressed button says; undefined for a button that is none of ours. */
export function readButton(
  actionId: string,
  value: string,
):
  | { readonly verdict: "approved" | "denied"; readonly approvalId: string; readonly planHash: string }
  | undefined {
  const dot = value.lastIndexOf(".");
  if (dot < 1) return undefined;
  const pressed = { approvalId: value.slice(0, dot), planHash: value.slice(dot + 1) };
  if (actionId === APPROVE_BUTTON) return { verdict: "approved", ...pressed };
  return actionId === DENY_BUTTON ? { verdict: "denied", ...pressed } : undefined;
}

/** Text that Slack shows as it is. */
export function plain(text: string): PlainText {
  return { type: "plain_text", text, emoji: false };
}

/** Plain text is neither formatted nor linked by Slack, but escaped all the same; cut between characters. */
function cut(text: string, limit: number): string {
  let kept = "";
  const line = foldLine(text).replace(/@(?=here\b|channel\b|everyone\b|group\b)/gi, "＠");
  for (const character of line) {
    const escaped = ESCAPES[character] ?? character;
    if (kept.length + escaped.length > limit - 1) return `${kept}…`;
    kept += escaped;
  }
  return kept || "—";
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
