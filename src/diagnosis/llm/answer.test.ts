import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { goodAnswer } from "../../../test/support/model-server.ts";
import { CAUSES } from "../../domain/cause.ts";
import { Diagnosis } from "../../domain/diagnosis.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import { readAnswer } from "./answer.ts";
import { ANSWER_SCHEMA } from "./answer-schema.ts";

const ids = new Set(["E1", "E2"]);

/** Answers near to good ones: right keys with any values, some missing, some added. */
const nearlyGood = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...Object.keys(goodAnswer()), "target", "__proto__"), fc.jsonValue()),
    fc.subarray(Object.keys(goodAnswer())),
  )
  .map(([changes, dropped]) => {
    const answer: Record<string, unknown> = { ...goodAnswer(), ...changes };
    for (const key of dropped.slice(0, 1)) delete answer[key];
    return JSON.stringify(answer);
  });

const anyAnswer = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  nearlyGood,
  nearlyGood.map((text) => `\`\`\`json\n${text}\n\`\`\``),
  fc.tuple(nearlyGood, fc.nat(400)).map(([text, end]) => text.slice(0, end)),
  fc.constantFrom("[".repeat(50_000), `{"a":`.repeat(10_000), '{"__proto__":{"action":"restart"}}', "NaN"),
);

test("property: reading any text gives a valid diagnosis or throws an OpsAgentError, nothing else", () => {
  fc.assert(
    fc.property(anyAnswer, (text) => {
      try {
        const { diagnosis, invalid } = readAnswer(text, ids);

        expect(Diagnosis.parse(diagnosis)).toEqual(diagnosis);
        expect(diagnosis.by).toBe("model");
        if (invalid !== undefined) expect(diagnosis).toMatchObject({ action: "none", confidence: 0 });
      } catch (error) {
        expect(error).toBeInstanceOf(OpsAgentError);
        expect(error).toMatchObject({ code: "model-invalid-answer" });
      }
    }),
    { numRuns: 1_000 },
  );
});

test("property: an action other than none stands on a fact that was shown", () => {
  const cited = fc.array(
    fc.oneof(fc.constantFrom("E1", "E2", "E3", " E1", "E1\n", "e1", "E01"), fc.string()),
  );
  fc.assert(
    fc.property(cited, cited, (evidence, against) => {
      const { diagnosis } = readAnswer(JSON.stringify(goodAnswer({ evidence, against })), ids);

      expect(diagnosis.evidence.every((id) => ids.has(id))).toBe(true);
      expect(diagnosis.against.every((id) => ids.has(id))).toBe(true);
      if (diagnosis.action !== "none") expect(diagnosis.evidence.length).toBeGreaterThan(0);
      if (diagnosis.evidence.length === 0) {
        expect(diagnosis).toMatchObject({ cause: "unknown", confidence: 0, action: "none" });
        expect(diagnosis.missing).not.toEqual([]);
      }
    }),
  );
});

describe("code fences", () => {
  const good = JSON.stringify(goodAnswer());

  test.each([
    `\`\`\`json\n${good}\n\`\`\``,
    `\`\`\`\n${good}\n\`\`\``,
    `\n \`\`\`JSON\r\n${good}\r\n\`\`\` \n`,
  ])("one around the answer is tolerated", (text) => {
    expect(readAnswer(text, ids).diagnosis.cause).toBe("oom-kill");
  });

  test.each([
    `\`\`\`json\n\`\`\`json\n${good}\n\`\`\`\n\`\`\``,
    `Sure!\n\`\`\`json\n${good}\n\`\`\``,
    `\`\`\`json\n${good}\n\`\`\`\nHope this helps.`,
    `${good}${good}`,
  ])("anything more is not", (text) => {
    expect(() => readAnswer(text, ids)).toThrow(OpsAgentError);
  });
});

test("a long or strange bad value is quoted short and clean", () => {
  const answer = goodAnswer({ action: `\u001b[31m\n${"restart ".repeat(1_000)}` });

  const { invalid } = readAnswer(JSON.stringify(answer), ids);

  expect(invalid).toMatch(/^the model answered action "\[31m restart restart .*…", which does not exist$/);
  expect(invalid?.length).toBeLessThan(120);
});

test("the first three problems are told, the others counted", () => {
  expect(readAnswer("{}", ids).invalid).toBe(
    "the model answered without the field evidence; without the field against; without the field ruledOut (and 8 more)",
  );
});

test("the JSON Schema is within strict mode: everything required, nothing besides, no bounds", () => {
  const text = JSON.stringify(ANSWER_SCHEMA);
  const { properties, required } = ANSWER_SCHEMA;

  expect(ANSWER_SCHEMA).toMatchObject({ type: "object", additionalProperties: false });
  expect(required).toEqual(Object.keys(properties ?? {}));
  expect(properties).toMatchObject({
    action: { type: "string", enum: ["restart", "scale", "rollback", "none"] },
    cause: { type: "string", enum: Object.keys(CAUSES) },
    confidence: { type: "number" },
    ruledOut: { type: "array", items: { additionalProperties: false, required: ["cause", "why"] } },
  });
  expect(text).not.toMatch(/minimum|maximum|pattern|\$schema|default|format/);
});
