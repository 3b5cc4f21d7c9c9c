import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileQuestion } from "../../../test/samples/approvals.ts";
import { type ApprovalBlock, renderApproval, renderApprovalClosed } from "./slack-approval.ts";
import { SLACK_LIMITS } from "./slack-blocks.ts";

const RUNS = { numRuns: 200 };
const anyMessage = fc
  .tuple(hostileQuestion, fc.constantFrom(true, false, "closed" as const))
  .map(([question, form]) =>
    form === "closed" ? renderApprovalClosed(question) : renderApproval(question, { buttons: form }),
  );

const textsOf = (block: ApprovalBlock): string[] => {
  if (block.type === "header") return [block.text.text];
  if (block.type === "context") return block.elements.map((element) => element.text);
  if (block.type === "divider") return [];
  if (block.type === "actions") {
    return block.elements.flatMap(({ text, confirm }) => [
      text.text,
      ...(confirm ? Object.values(confirm).map((part) => part.text) : []),
    ]);
  }
  return [...(block.text ? [block.text.text] : []), ...(block.fields ?? []).map((field) => field.text)];
};

it("keeps every limit of Slack whatever the question contains", () => {
  fc.assert(
    fc.property(anyMessage, ({ text, blocks }) => {
      expect(text.length).toBeLessThanOrEqual(SLACK_LIMITS.text);
      expect(blocks.length).toBeLessThanOrEqual(50);
      expect(blocks.flatMap(textsOf).join("").length).toBeLessThanOrEqual(SLACK_LIMITS.allBlocks);
      for (const block of blocks) {
        if (block.type === "header") expect(block.text.text.length).toBeLessThanOrEqual(150);
        if (block.type === "section") {
          expect(block.text?.text.length ?? 1).toBeLessThanOrEqual(3_000);
          expect(block.fields?.length ?? 1).toBeLessThanOrEqual(10);
          for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000);
        }
        if (block.type !== "actions") continue;
        for (const { value, text: label, confirm } of block.elements) {
          expect(value.length).toBeLessThanOrEqual(2_000);
          expect(label.text.length).toBeLessThanOrEqual(75);
          expect(confirm?.title.text.length ?? 1).toBeLessThanOrEqual(100);
          expect(confirm?.text.text.length ?? 1).toBeLessThanOrEqual(300);
          expect(confirm?.confirm.text.length ?? 1).toBeLessThanOrEqual(30);
        }
      }
      for (const shown of blocks.flatMap(textsOf)) expect(shown.trim()).not.toBe("");
    }),
    RUNS,
  );
});

it("leaves no angle bracket but its own mentions, no bare ampersand, no lone surrogate", () => {
  fc.assert(
    fc.property(anyMessage, ({ text, blocks }) => {
      for (const shown of [text, ...blocks.flatMap(textsOf)]) {
        const others = shown.replaceAll("<@U012AB3CD>", "");
        expect(others).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)/);
        expect(shown.isWellFormed()).toBe(true);
      }
    }),
    RUNS,
  );
});

it("has each of its labels once, so that no text of an outsider can pass for the change or the answer", () => {
  fc.assert(
    fc.property(anyMessage, ({ text }) => {
      const labels = text.split("\n").filter((line) => /^(Change|Answer|Until):/.test(line));

      expect(labels).toHaveLength(2);
    }),
    RUNS,
  );
});
