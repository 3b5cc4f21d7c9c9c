/**
 * The on-call engineer in a drill: sees the question where Slack would show it, and answers it through the product's
 * own interface.
 */
import { styleText } from "node:util";
import type { Approval } from "../src/domain/approval.ts";
import type { OpsAgent } from "../src/wiring/compose.ts";
import type { View } from "./view.ts";

/** Milliseconds that the simulated engineer takes to read. */
const READING_MS = 2000;

/** The least characters of a plan's hash that the command line accepts. */
const PLAN_CHARACTERS = 8;

/** Milliseconds that a question's message may take to reach the local Slack before the answer proceeds without it. */
const MESSAGE_MS = 5000;

export interface OnCall {
  /** Looks once for questions; to be called repeatedly. Throws when an answer is refused. */
  look(): Promise<void>;
}

export interface OnCallOptions {
  readonly agent: Pick<OpsAgent, "store" | "approvals">;
  /** Every message that the local Slack received, oldest first. */
  readonly messages: readonly { readonly text: string }[];
  readonly view: View;
  /** A real person answers in another terminal, with these settings before the command. */
  readonly ask?: { readonly settings: string } | undefined;
  readonly now?: () => number;
}

/** Answers each question once, or tells a real person how. */
export function createOnCall({ agent, messages, view, ask, now = Date.now }: OnCallOptions): OnCall {
  const seen = new Map<string, { readonly at: number; readonly messages: number; shown: boolean }>();
  const answered = new Set<string>();

  /** True once the question was shown; its message comes just after the question is stored. */
  function show(approval: Approval): boolean {
    const known = seen.get(approval.id) ?? { at: now(), messages: messages.length, shown: false };
    seen.set(approval.id, known);
    if (known.shown) return true;
    const text = messages.find((one) => one.text.includes(approval.incidentId))?.text;
    if (text === undefined && now() - known.at < MESSAGE_MS) return false;
    view.line("person", "a question arrives in Slack:");
    view.block(boxed(text ?? `(no message; question ${approval.id} waits)`));
    known.shown = true;
    if (ask) view.block(howToAnswer(approval, ask.settings));
    return true;
  }

  async function answer(approval: Approval): Promise<void> {
    if (answered.has(approval.id) || now() - (seen.get(approval.id)?.at ?? now()) < READING_MS) return;
    answered.add(approval.id);
    const result = await agent.approvals.answer({
      approvalId: approval.id,
      incidentId: approval.incidentId,
      verdict: "approved",
      by: { channel: "cli", id: "drill" },
      planHash: approval.planHash,
    });
    // The question may have been answered on the dashboard meanwhile.
    if (result.outcome === "already-answered") return view.line("person", result.sentence);
    view.line("person", `approves: ${result.sentence}`);
    if (result.outcome !== "recorded") throw new Error(`The answer was not taken: ${result.sentence}`);
  }

  return {
    async look() {
      for (const approval of await agent.store.unanswered()) {
        if (show(approval) && ask === undefined) await answer(approval);
      }
    },
  };
}

function howToAnswer({ incidentId, planHash }: Approval, settings: string): string {
  const command = (verb: string) =>
    `  ${settings} ./opsagent ${verb} ${incidentId} --plan ${planHash.slice(0, PLAN_CHARACTERS)}`;
  return [
    "Answer in another terminal, from this folder:",
    command("approve"),
    command("deny"),
    "The drill waits until the question's deadline; no answer means no.",
  ].join("\n");
}

function boxed(text: string): string {
  const rule = styleText("gray", "·".repeat(72));
  const plain = text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  return [rule, plain, rule].join("\n");
}
