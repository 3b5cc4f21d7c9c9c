/** When evidence is collected again before it is judged. */
import { describe, expect, it } from "vitest";
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

it("waits until tasks that started with the symptom have warmed up", () => {
  const warm = { ...beyond, data: { ...beyond.data, startUp: true } } as Draft;

  expect(wait(warm, alarm("ALARM"))).toBe(360);
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

describe("memory of a task that seems to leak", () => {
  /** The newest values since the onset, a minute each. */
  const wait = (...values: readonly number[]) => {
    const memory = metric("memory", values.at(-1) ?? 0, {
      ...watched,
      insideThreshold: false,
      beyond: "above",
      points: values.map((value, index) => [Date.parse(ago((values.length - index) * 60)), value]),
      summary: { onset: ago(values.length * 60) },
    });
    const evidence = packOf([service(), memory, alarm("ALARM")]);
    return stabilisationSeconds({ ...evidence, onset: ago(values.length * 60) });
  };

  it("is looked at again where it has just risen, or rises no further: a batch gives it back", () => {
    expect(wait(60, 84)).toBe(300);
    expect(wait(50, 68, 84, 85)).toBe(180);
  });

  it("is not waited for where it climbs on, is nearly full, or has been high for long", () => {
    expect(wait(50, 60, 70, 80)).toBeUndefined();
    expect(wait(60, 93)).toBeUndefined();
    expect(wait(50, 68, 84, 85, 84, 85, 84)).toBeUndefined();
  });
});
