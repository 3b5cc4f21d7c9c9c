import { describe, expect, it } from "vitest";
import { PLANS, scaleQuestion } from "../../../test/samples/approvals.ts";
import { at } from "../../../test/samples/evidence.ts";
import { type ApprovalMessage, renderApproval, renderApprovalClosed } from "./slack-approval.ts";
import { readButton } from "./slack-approval-buttons.ts";

const WITH = { buttons: true };
const shown = ({ blocks }: ApprovalMessage) => JSON.stringify(blocks);
const buttonsOf = ({ blocks }: ApprovalMessage) =>
  blocks.flatMap((block) => (block.type === "actions" ? block.elements : []));

describe("an open question", () => {
  const question = scaleQuestion();
  const message = renderApproval(question, WITH);
  const short = question.planHash.slice(0, 8);

  it("says what would be done, to what, why, until when and how to answer", () => {
    const { text } = message;

    expect(text.split("\n")).toEqual([
      "✋ Approval needed: payment-service | P2",
      "Change: scale from 2 to 4 tasks on production/payment-service",
      "Root Cause: Requests tripled, and CPU is at 96 percent on both tasks",
      "Until: 2026-11-23 07:30:00 UTC (30 min from the question); no answer means no",
      "Answer with a button, or on the command line:",
      `opsagent approve ${question.incidentId} --plan ${short}`,
      `opsagent deny ${question.incidentId} --plan ${short}`,
    ]);
    expect(shown(message)).toContain("• Scaling is for a person here.\\n• 3 actions were made");
    expect(shown(message)).toContain("good (0.86)");
    expect(shown(message)).toContain(question.planHash);
  });

  it("binds both buttons to the question and its plan, and confirms the exact change", () => {
    const [approve, deny] = buttonsOf(message);

    expect(readButton(approve?.action_id ?? "", approve?.value ?? "")).toEqual({
      verdict: "approved",
      approvalId: question.id,
      planHash: question.planHash,
    });
    expect(readButton(deny?.action_id ?? "", deny?.value ?? "")).toMatchObject({ verdict: "denied" });
    expect(approve?.confirm?.text.text).toContain("scale from 2 to 4 tasks on production/payment-service");
    expect(deny?.confirm).toBeUndefined();
  });

  it("has no buttons where nobody receives them", () => {
    const plain = renderApproval(question, { buttons: false });

    expect(buttonsOf(plain)).toEqual([]);
    expect(plain.text).toContain("\nAnswer on the command line:\n");
  });

  it("has no buttons whose value Slack would cut", () => {
    const message = renderApproval(scaleQuestion({ id: "x".repeat(2_000) }), WITH);

    expect(buttonsOf(message)).toEqual([]);
    expect(message.text).toContain("opsagent approve");
  });

  it("never shows what wakes the incident", () => {
    const all = JSON.stringify([message, renderApprovalClosed(question)]);

    expect(all).not.toContain(question.callbackId);
  });
});

it("names each task that would be stopped, and why", () => {
  const message = renderApproval(scaleQuestion({ plan: PLANS.restart }), WITH);

  expect(message.text).toContain("restart of task 4f2a9c1b7d");
  expect(shown(message)).toContain("• 4f2a9c1b7d: its memory is the highest");
});

it("says how a rollback would be done", () => {
  const message = renderApproval(scaleQuestion({ plan: PLANS.rollback }), WITH);

  expect(shown(message)).toContain("ending the deployment that is going on (dpl-1)");
});

describe("an answered question", () => {
  const by = { channel: "slack", id: "U012AB3CD" } as const;

  it.each([
    [{ verdict: "approved", at: at(60), by } as const, "approved by <@U012AB3CD> at 2026-11-23 07:01:00 UTC"],
    [
      { verdict: "denied", at: at(60), by: { channel: "cli", id: "ann" }, note: "sale is on" } as const,
      "denied by ann (cli) at 2026-11-23 07:01:00 UTC: sale is on. Nothing was done; the incident is yours.",
    ],
    [
      { verdict: "expired", at: at(1_800) } as const,
      "none until 2026-11-23 07:30:00 UTC, which means no. Nothing was done; the incident is yours.",
    ],
    [
      { verdict: "voided", at: at(90), note: "4 tasks run by now" } as const,
      "approved, but voided at 2026-11-23 07:01:30 UTC: 4 tasks run by now. Nothing was done; the incident is yours.",
    ],
  ])("stands instead of the buttons: $verdict", (answer, line) => {
    const question = scaleQuestion({ answer });

    const messages = [renderApproval(question, WITH), renderApprovalClosed(question)];

    for (const message of messages) {
      expect(message.text).toContain(`Answer: ${line}`);
      expect(shown(message)).toContain(line);
      expect(shown(message)).not.toMatch(/"actions"|opsagent approve/);
    }
  });

  it("mentions nobody by a name that is no Slack user's id", () => {
    const answer = { verdict: "approved", at: at(60), by: { channel: "slack", id: "!channel" } } as const;

    const { text } = renderApproval(scaleQuestion({ answer }), WITH);

    expect(text).not.toContain("<");
  });
});

it.each([
  ["another button", "opsagent-other", "id.hash"],
  ["a value without a hash", "opsagent-approve", "no-dot"],
  ["a value without an id", "opsagent-approve", ".hash"],
])("reads no answer from %s", (_, actionId, value) => {
  expect(readButton(actionId, value)).toBeUndefined();
});
