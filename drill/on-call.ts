/** The person on call in a drill: sees the question where Slack would show it, and answers it through the product's own door. */
import { styleText } from "node:util";
import type { Approval } from "../src/domain/approval.ts";
import type { OpsAgent } from "../src/wiring/compose.ts";
import type { View } from "./view.ts";

/** How long the played person takes to read. */
const READING_MS = 2000;

/** As many of the plan's hash as the command line asks for at least. */
const PLAN_CHARACTERS = 8;

/** How long a question's message may take to arrive at the local Slack before the answer goes on without it. */
const MESSAGE_MS = 5000;

export interface OnCall {
  /** Looks once; to be called again and again. Throws when an answer is refused. */
  look(): Promise<void>;
}

export interface OnCallOptions {
  readonly agent: Pick<OpsAgent, "store" | "approvals">;
  /** Every message that the local Slack got, oldest first. */
  readonly messages: readonly { readonly text: string }[];
  readonly view: View;
  /** A real person answers in another terminal, with the settings in front of the command. */
  readonly ask?: { readonly settings: string } | undefined;
  readonly now?: () => number;
}

/** Answers each question once: itself, or by telling a real person how. */
export function createOnCall({ agent, messages, view, ask, now = Date.now }: OnCallOptions): OnCall {
  const seen = new Map<string, { readonly at: number; readonly messages: number; shown: boolean }>();
  const answered = new Set<string>();

  /** True once the question is on the screen; its message comes a moment after the question is kept. */
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
    // Somebody may have answered on the dashboard meanwhile.
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
