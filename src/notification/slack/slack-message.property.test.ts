import fc from "fast-check";
import { expect, it } from "vitest";
import { hostileIncident } from "../../../test/samples/arbitrary-incident.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { SLACK_LIMITS, type SlackBlock } from "./slack-blocks.ts";
import { renderSlackMessage } from "./slack-message.ts";

const RUNS = { numRuns: 150 };

const textsOf = (block: SlackBlock): string[] => {
  if (block.type === "header") return [block.text.text];
  if (block.type === "context") return block.elements.map((element) => element.text);
  if (block.type === "divider") return [];
  return [...(block.text ? [block.text.text] : []), ...(block.fields ?? []).map((field) => field.text)];
};

/** Nothing that was verified, of the incident or of its last action, says anything but recovered. */
const isProven = ({ verification, actions }: Incident): boolean => {
  const last = actions.filter((action) => action.outcome !== "nothing-changed").at(-1)?.verification;
  return verification?.outcome === "recovered" && (last === undefined || last.outcome === "recovered");
};

it("keeps every limit of Slack whatever the incident contains", () => {
  fc.assert(
    fc.property(hostileIncident, (incident) => {
      const { text, blocks } = renderSlackMessage(incident);

      expect(text.length).toBeLessThanOrEqual(SLACK_LIMITS.text);
      expect(blocks.length).toBeLessThanOrEqual(50);
      expect(blocks.flatMap(textsOf).join("").length).toBeLessThanOrEqual(SLACK_LIMITS.allBlocks);
      for (const block of blocks) {
        if (block.type === "header") expect(block.text.text.length).toBeLessThanOrEqual(150);
        if (block.type === "context") expect(block.elements.length).toBeLessThanOrEqual(10);
        if (block.type !== "section") continue;
        expect(block.text?.text.length ?? 1).toBeLessThanOrEqual(3_000);
        expect(block.fields?.length ?? 1).toBeLessThanOrEqual(10);
        for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000);
      }
      for (const shown of blocks.flatMap(textsOf)) expect(shown.trim()).not.toBe("");
    }),
    RUNS,
  );
});

it("has exactly one status line, OpsAgent's own", () => {
  fc.assert(
    fc.property(hostileIncident, (incident) => {
      const { text, blocks } = renderSlackMessage(incident);
      const shown = blocks.flatMap(textsOf).join("\n").replaceAll("*", "");
      const recovered = isProven(incident) && incident.status === "resolved";

      for (const lines of [text.split("\n"), shown.split("\n")]) {
        expect(lines.filter((line) => /^\W*status\s*[:：]/i.test(line))).toHaveLength(1);
        expect(lines.filter((line) => /^\W*answer\s*[:：]/i.test(line)).length).toBeLessThanOrEqual(1);
        expect(lines.filter((line) => line.includes("✅"))).toHaveLength(recovered ? 1 : 0);
      }
      expect(
        text.split("\n").filter((line) => /^(🚨|Root Cause:|Action Taken:|RCA:)/u.test(line)),
      ).toHaveLength(4);
    }),
    RUNS,
  );
});

it("leaves no angle bracket, bare ampersand, mention or lone surrogate", () => {
  fc.assert(
    fc.property(hostileIncident, (incident) => {
      const { text, blocks } = renderSlackMessage(incident);

      for (const shown of [text, ...blocks.flatMap(textsOf)]) {
        expect(shown).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)|@(?:here|channel|everyone)\b/i);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toContain("```");
      }
    }),
    RUNS,
  );
});
