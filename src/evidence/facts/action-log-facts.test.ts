import { expect, it } from "vitest";
import { actionLogFacts, clusterArnOf } from "./action-log-facts.ts";

const entry = (minute: number, reason?: string) => ({
  at: `2026-11-23T07:${String(minute).padStart(2, "0")}:00.000Z`,
  level: "ERROR" as const,
  event: "SERVICE_DEPLOYMENT_FAILED",
  ...(reason === undefined ? {} : { reason }),
});

it("counts equal entries, the newest first, and supports nothing: a group is open to whoever may write logs", () => {
  const facts = actionLogFacts([
    entry(1, "tasks failed to start: 3"),
    entry(5, "tasks failed to start: 4"),
    entry(3),
  ]);

  expect(facts).toMatchObject([
    {
      kind: "action-log",
      provenance: "log",
      at: "2026-11-23T07:05:00.000Z",
      statement: expect.stringMatching(
        /^Action Logs, ERROR \(2 times, last .*\): SERVICE_DEPLOYMENT_FAILED: tasks failed to start: 4$/,
      ),
      data: { count: 2 },
    },
    { data: { event: "SERVICE_DEPLOYMENT_FAILED", count: 1 } },
  ]);
});

it("tells eight different entries at most", () => {
  const many = Array.from({ length: 30 }, (_, index) => ({
    ...entry(index % 60),
    event: `E${"x".repeat(index)}`,
  }));

  expect(actionLogFacts(many)).toHaveLength(8);
});

it.each([
  "arn:aws:ecs:us-east-1:123456789012:service/production/web",
  "arn:aws:ecs:us-east-1:123456789012:service/web",
])("finds the cluster of %s", (arn) => {
  expect(clusterArnOf(arn, "production")).toBe("arn:aws:ecs:us-east-1:123456789012:cluster/production");
});
