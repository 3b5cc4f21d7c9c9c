/** A model that answers, but with what must not be acted on: the rules decide. */
import { describe, expect, it } from "vitest";
import { withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { MEMORY_FACT } from "../../support/aws-world.ts";
import { expectReport } from "../../support/expect-report.ts";
import { completion, goodAnswer } from "../../support/model-server.ts";

const leak = (overrides: Readonly<Record<string, unknown>> = {}) =>
  goodAnswer({
    cause: "memory-leak",
    action: "restart",
    evidence: [MEMORY_FACT],
    confidence: 0.91,
    ...overrides,
  });

const withoutConfidence = () => {
  const { confidence, ...rest } = leak();
  return rest;
};

/** What cannot be read is a failure of the model, which costs nothing. */
const UNUSABLE: Readonly<Record<string, { answer: unknown; says: RegExp | string }>> = {
  "confidence as text": {
    answer: leak({ confidence: "0.9" }),
    says: /confidence \\*"0\.9\\*", which is not a number/,
  },
  "confidence above 1": { answer: leak({ confidence: 1.2 }), says: "confidence 1.2, which is above 1" },
  "confidence below 0": { answer: leak({ confidence: -0.1 }), says: "confidence -0.1, which is below 0" },
  "confidence in percent": { answer: leak({ confidence: 91 }), says: "confidence 91, which is above 1" },
  "confidence NaN": {
    answer: JSON.stringify(leak({ confidence: 0.91 })).replace("0.91", "NaN"),
    says: /confidence \\*"NaN\\*", which is not a number/,
  },
  "no confidence": { answer: withoutConfidence(), says: "without the field confidence" },
  "confidence null": { answer: leak({ confidence: null }), says: "confidence null, which is not a number" },
  "an unknown action": {
    answer: leak({ action: "reboot" }),
    says: /action \\*"reboot\\*", which does not exist/,
  },
  "an unknown cause": {
    answer: leak({ cause: "gremlins" }),
    says: /cause \\*"gremlins\\*", which does not exist/,
  },
  "a target of its own": {
    answer: { ...leak(), target: "payments", command: "rm -rf /" },
    says: "with keys that were not asked for",
  },
  "a list of answers": { answer: JSON.stringify([leak()]), says: "not a JSON object" },
};

/** Opinions that change nothing of what the rules do. */
const WITHOUT_EFFECT: Readonly<Record<string, unknown>> = {
  "confidence exactly at the threshold": leak({ confidence: 0.75 }),
  "only invented evidence": leak({ evidence: ["E99", "alarm"] }),
  "no evidence": leak({ evidence: [] }),
  "a cause that no fact supports": leak({ cause: "traffic-spike", action: "scale", confidence: 0.99 }),
  "a cause that it does not know": leak({ cause: "unknown", confidence: 0.99 }),
};

/** For the rules' own cause: another action than theirs is never done, and makes theirs a question. */
const DOUBTS: Readonly<Record<string, unknown>> = {
  none: leak({ action: "none" }),
  scale: leak({ action: "scale", confidence: 0.99 }),
  rollback: leak({ action: "rollback", confidence: 0.99 }),
};

describe.concurrent("a model's answer with", () => {
  it.each(Object.entries(UNUSABLE))("%s: the rules act, and it is told", (_name, { answer, says }) =>
    withWorld({ model: [completion(answer)] }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "resolved", says: [says], mutations: ["StopTask"] });
      expect(incident.modelFailure?.code).toBe("model-invalid-answer");
    })(),
  );

  it.each(Object.entries(WITHOUT_EFFECT))("%s: the rules act", (_name, answer) =>
    withWorld({ model: [completion(answer)] }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "resolved", says: ["restart"], mutations: ["StopTask"] });
      expect(incident.secondOpinion?.by).toBe("model");
    })(),
  );

  it.each(Object.entries(DOUBTS))("action %s: the rules' action is asked", (action, answer) =>
    withWorld({ model: [completion(answer)] }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "escalated", says: ["was not answered in time"] });
      expect(incident.approval).toMatchObject({
        plan: { action: "restart" },
        why: `The model says memory-leak with action ${action}, not memory-leak with restart. A person decides.`,
      });
    })(),
  );

  it(
    "one invented id among real ones counts the real ones only",
    withWorld({ model: [completion(leak({ evidence: [MEMORY_FACT, "E99"] }))] }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "resolved",
        says: ["restart"],
        mutations: ["StopTask"],
      });
      expect(incident.secondOpinion?.evidence).toEqual([MEMORY_FACT]);
      expect(incident.secondOpinion?.missing[0]).toContain('evidence that does not exist ("E99")');
    }),
  );
});
