/** When evidence is collected again before it is judged. */
import { expect, it } from "vitest";
import { ago, type Draft, gap, metric, packOf, service, steady } from "../../test/samples/facts.ts";
import { stabilisationSeconds } from "./stabilisation.ts";

const watched = { isAlarm: true, threshold: 80, comparison: "GreaterThanThreshold" } as const;
const inside = steady("cpu", 40, { ...watched, insideThreshold: true });
const beyond = metric("cpu", 90, {
  ...watched,
  insideThreshold: false,
  beyond: "above",
  summary: { onset: ago(60) },
});
const alarm = (state: string, data: object = {}): Draft => ({
  kind: "alarm",
  provenance: "metric",
  statement: "the alarm",
  data: { name: "shop-cpu", state, ...data },
});
const wait = (...facts: readonly Draft[]) =>
  stabilisationSeconds({ ...packOf([service(), ...facts]), onset: ago(60) });

it("waits until a symptom has lasted for five periods", () => {
  expect(wait(beyond, alarm("ALARM"))).toBe(240);
});

it("waits two periods for an alarm whose metric is back", () => {
  expect(wait(inside, alarm("ALARM"))).toBe(120);
  expect(wait(inside, alarm("OK"))).toBeUndefined();
  expect(wait(inside)).toBeUndefined();
  expect(wait(inside, alarm("ALARM", { other: true }), alarm("OK"))).toBeUndefined();
});

it("does not wait where nothing is known of now, or an important source is missing", () => {
  const { insideThreshold: _, ...unknown } = inside.data as { insideThreshold?: boolean };

  expect(wait({ ...inside, data: unknown } as Draft, alarm("ALARM"))).toBeUndefined();
  expect(stabilisationSeconds(packOf([service(), inside, alarm("ALARM")], [gap("tasks")]))).toBeUndefined();
});
