import { describe, expect, it } from "vitest";
import { type Draft, metric, NOW, packOf, TARGET } from "../../test/samples/facts.ts";
import type { Alert } from "../domain/alert.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import { recoveryBasis } from "./recovery-basis.ts";

const alert: Alert = {
  key: "k",
  source: "cloudwatch-sns",
  state: "ALARM",
  firedAt: NOW,
  receivedAt: NOW,
  title: "t",
  target: TARGET,
  alarm: { name: "shop-memory" },
};
const own = { namespace: "AWS/ECS", dimensions: { ServiceName: "shop" }, label: "MemoryUtilization" };
const alarm = (name: string, other?: true): Draft => ({
  kind: "alarm",
  provenance: "metric",
  statement: "an alarm",
  data: { name, state: "ALARM", ...(other ? { other } : {}) },
});
const leak = (...evidence: string[]) => ({ cause: "memory-leak", evidence }) as unknown as Diagnosis;

describe("the basis of recovery", () => {
  it("is the series that were cited, support the cause and are about the service, with their two levels", () => {
    const facts = [
      metric("memory", 80, own),
      metric("cpu", 90, { ...own, label: "CPUUtilization" }),
      metric("memory", 80, { ...own, explainsOnly: "it is about the whole cluster" }),
      metric("task-memory", 90, { ...own, taskId: "a" }),
      metric("memory", 80, { label: "MemoryUtilization" }),
      metric("memory", 70, own),
    ];

    expect(recoveryBasis(alert, packOf(facts), leak("E1", "E2", "E3", "E4", "E5")).series).toEqual([
      {
        metric: {
          namespace: "AWS/ECS",
          name: "MemoryUtilization",
          dimensions: { ServiceName: "shop" },
          statistic: "Average",
          periodSeconds: 60,
        },
        before: 40,
        judged: 80,
      },
    ]);
  });

  it("knows the alarm where AWS did, and where there is no evidence to say otherwise", () => {
    const known = (...facts: Draft[]) => recoveryBasis(alert, packOf(facts), leak()).alarmKnown;

    expect(known(alarm("shop-memory"))).toBe(true);
    expect(known(alarm("shop-memory", true))).toBe(false);
    expect(known(alarm("shop-cpu"))).toBe(false);
    expect(recoveryBasis(alert, undefined, undefined)).toEqual({ alarmKnown: true, series: [] });
  });

  it("has no alarm where the trigger names none", () => {
    const { alarm: _, ...simple } = alert;

    expect(recoveryBasis(simple, undefined, undefined).alarmKnown).toBe(false);
  });
});
