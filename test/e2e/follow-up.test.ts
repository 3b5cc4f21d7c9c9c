/** A whole incident in which the model asks for more: what reaches AWS, the second question and the record. */
import { describe, expect, it } from "vitest";
import { withWorld } from "../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../support/alarm-events.ts";
import { awsError, json } from "../support/aws-stub-answers.ts";
import { MEMORY_FACT } from "../support/aws-world.ts";
import { expectReport } from "../support/expect-report.ts";
import { completion, goodAnswer, type SentBody } from "../support/model-server.ts";

const leak = { cause: "memory-leak", action: "restart", evidence: [MEMORY_FACT], confidence: 0.91 } as const;

/** Asks for one read of each kind, for the first log pattern that it was shown. */
function asksForMore(body: SentBody) {
  const pattern = /^(E\d+) \[log, log-pattern/m.exec(body.messages[1]?.content ?? "")?.[1] ?? "none";
  const more = [
    { read: "log-pattern", pattern },
    { read: "metric", role: "memory", window: "24h" },
    { read: "older-window", minutes: 30 },
  ];
  return completion(goodAnswer({ cause: "unknown", action: "none", confidence: 0.2, more }));
}

const second = (requests: readonly { readonly body: SentBody }[] = []) =>
  requests[1]?.body.messages[1]?.content ?? "";

describe.concurrent("a model that asks for more evidence", () => {
  it(
    "gets new facts with the next ids, which stay with the incident",
    withWorld({ model: [asksForMore, completion(goodAnswer(leak))] }, async (world) => {
      world.aws.on("FilterLogEvents", (input) => {
        const from = Number(input["startTime"]);
        const message = "ERROR connection to <http://cache:6379> refused, password=hunter22x";
        const events = [1, 2, 3].map((n) => ({
          eventId: String(n),
          logStreamName: "app/shop/a",
          timestamp: from + n * 60_000,
          message,
        }));
        return json({ events });
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "resolved", says: ["restart"], mutations: ["StopTask"] });
      const facts = incident.evidence?.facts ?? [];
      expect(facts.map(({ id }) => id)).toEqual(facts.map((_fact, index) => `E${index + 1}`));
      const added = facts.filter(({ statement }) =>
        /by minute from|over the last 24 h|before the first window/.test(statement),
      );
      expect(added.map(({ kind, provenance }) => [kind, provenance])).toEqual([
        ["log-pattern", "log"],
        ["metric", "memory"],
        ["log-pattern", "log"],
      ]);
      for (const { id } of added)
        expect(second(world.model?.requests)).toMatch(new RegExp(`^${id} \\[`, "m"));
      expect(second(world.model?.requests)).toContain(added.map(({ id }) => id).join(", "));
      expect(incident.diagnosis).toMatchObject({ cause: "memory-leak", by: "rules" });
      expect(incident.timeline.map(({ event }) => event)).toContain("evidence-added");
      expect(world.traces()).not.toContain("hunter22x");
    }),
  );

  it(
    "puts no word of its own into a read",
    withWorld({ model: [asksForMore, completion(goodAnswer(leak))] }, async (world) => {
      await world.handleOne(snsEvent(alarmMessage()));

      for (const read of world.aws.calls("FilterLogEvents")) {
        expect(read).not.toHaveProperty("filterPattern");
        expect(read["logGroupName"]).toBe("/ecs/shop");
      }
      const long = world.aws
        .calls("GetMetricData")
        .filter((read) => Number(read["EndTime"]) - Number(read["StartTime"]) === 86_400);
      expect(long).toHaveLength(1);
      expect(JSON.stringify(long)).toContain("MemoryUtilization");
      expect(JSON.stringify(long)).not.toContain("CPUUtilization");
    }),
  );

  it(
    "is told when a read fails, and still answers",
    withWorld({ model: [asksForMore, completion(goodAnswer(leak))] }, async (world) => {
      let reads = 0;
      world.aws.on("GetMetricData", (input) => {
        const asked = Number(input["EndTime"]) - Number(input["StartTime"]) === 86_400;
        if (asked) reads += 1;
        return asked ? awsError("AccessDeniedException") : world.aws.answer("GetMetricData", input);
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(reads).toBe(1);
      expect(incident.evidence?.gaps).toContainEqual(
        expect.objectContaining({ source: "more-metric", code: "aws-denied", important: false }),
      );
      expect(second(world.model?.requests)).toContain("- more-metric: aws-denied");
      expect(incident.secondOpinion).toMatchObject({ cause: "memory-leak", by: "model" });
    }),
  );

  it(
    "is not given another question that its budget does not cover",
    withWorld({ model: [asksForMore], limits: { modelBudgetUsd: 0.006 } }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(world.model?.requests).toHaveLength(1);
      expect(incident.secondOpinion).toMatchObject({ action: "none" });
      expect(incident.secondOpinion?.missing[0]).toContain("model budget");
      await expectReport(world, incident, { status: "resolved", says: ["restart"], mutations: ["StopTask"] });
    }),
  );
});
