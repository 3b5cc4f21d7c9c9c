/** A model that answers, but with what must not be acted on. */
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

const REFUSED: Readonly<Record<string, { answer: unknown; says: readonly (string | RegExp)[] }>> = {
  "confidence exactly at the threshold": {
    answer: leak({ confidence: 0.75 }),
    says: ["0.75 is not above 0.75"],
  },
  "confidence as text": {
    answer: leak({ confidence: "0.9" }),
    says: [/confidence \\*"0\.9\\*", which is not a number/],
  },
  "confidence above 1": { answer: leak({ confidence: 1.2 }), says: ["confidence 1.2, which is above 1"] },
  "confidence below 0": { answer: leak({ confidence: -0.1 }), says: ["confidence -0.1, which is below 0"] },
  "confidence in percent": { answer: leak({ confidence: 91 }), says: ["confidence 91, which is above 1"] },
  "confidence NaN": {
    answer: JSON.stringify(leak({ confidence: 0.91 })).replace("0.91", "NaN"),
    says: [/confidence \\*"NaN\\*", which is not a number/],
  },
  "no confidence": { answer: withoutConfidence(), says: ["without the field confidence"] },
  "confidence null": { answer: leak({ confidence: null }), says: ["confidence null, which is not a number"] },
  "action none": { answer: leak({ action: "none" }), says: [/No action is proposed|proposes no action/] },
  "an unknown action": {
    answer: leak({ action: "reboot" }),
    says: [/action \\*"reboot\\*", which does not exist/],
  },
  "an unknown cause": {
    answer: leak({ cause: "gremlins" }),
    says: [/cause \\*"gremlins\\*", which does not exist/],
  },
  "only invented evidence": {
    answer: leak({ evidence: ["E99", "alarm"] }),
    says: [/cited only evidence that does not exist \(\\*"E99/],
  },
  "no evidence": { answer: leak({ evidence: [] }), says: ["cited no evidence for memory-leak"] },
  "a target of its own": {
    answer: { ...leak(), target: "payments", command: "rm -rf /" },
    says: ["with keys that were not asked for"],
  },
  "a list of answers": { answer: JSON.stringify([leak()]), says: ["not a JSON object"] },
  "a cause that the rules contradict": {
    answer: leak({ cause: "traffic-spike", action: "scale", confidence: 0.99 }),
    says: ["The rules say memory-leak, not traffic-spike", "Earned confidence 0.50 is not above"],
  },
  "a cause that no fact supports": {
    answer: leak({ cause: "oom-kill", confidence: 0.99 }),
    says: ["No fact that AWS vouches for supports oom-kill"],
  },
  "an action that does not cure the cause": {
    answer: leak({ action: "scale", confidence: 0.99 }),
    says: ["scale does not cure memory-leak"],
  },
  "a rollback without a deployment": {
    answer: leak({ action: "rollback", confidence: 0.99 }),
    says: ["only makes sense when the onset follows a deployment"],
  },
  "a cause without any cure": {
    answer: leak({ cause: "unknown", confidence: 0.99 }),
    says: ["restart does not cure unknown"],
  },
};

/** Text that is no JSON object at all is a failure of the model, everything else a diagnosis that is not used. */
const FAILURES: readonly string[] = ["a list of answers"];

describe.concurrent("a model's answer with", () => {
  it.each(Object.entries(REFUSED))("%s: no action, and the reason is told", (name, { answer, says }) =>
    withWorld({ model: [completion(answer)] }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: FAILURES.includes(name) ? "failed" : "escalated",
        says,
      });
      expect(incident.actions).toEqual([]);
    })(),
  );

  it(
    "confidence just above the threshold acts",
    withWorld({ model: [completion(leak({ confidence: 0.750_000_1 }))] }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "resolved", says: ["restart"], mutations: ["StopTask"] });
    }),
  );

  it(
    "one invented id among real ones counts the real ones only",
    withWorld({ model: [completion(leak({ evidence: [MEMORY_FACT, "E99"] }))] }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "resolved",
        says: [/evidence that does not exist \(\\*"E99/],
        mutations: ["StopTask"],
      });
      expect(incident.diagnosis?.evidence).toEqual([MEMORY_FACT]);
    }),
  );
});
