/** Which verdicts of no fault suppress the alarm's next firing, and which never do. */
import { expect, it } from "vitest";
import {
  ago,
  type Draft,
  diagnosisOf,
  NOW,
  packOf,
  policyOf,
  service,
  steady,
  TARGET,
} from "../../test/samples/facts.ts";
import { resolvedIncident } from "../../test/samples/incidents.ts";
import type { Alert, Comparison } from "../domain/alert.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import { readSuppression } from "./suppression.ts";

const alert = (key: string, comparison?: Comparison): Alert => ({
  key,
  source: "cloudwatch-sns",
  state: "ALARM",
  firedAt: NOW,
  receivedAt: NOW,
  title: "shop-alarm",
  target: TARGET,
  alarm: { name: "shop-alarm", ...(comparison === undefined ? {} : { comparison }) },
});

type Metric = Parameters<typeof steady>[2];
const high = {
  isAlarm: true,
  threshold: 80,
  comparison: "GreaterThanThreshold",
  insideThreshold: true,
} as const;
const low = { ...high, threshold: 5, comparison: "LessThanThreshold" } as const;
const metricOf = (data: Metric) => steady("cpu", 40, data);
const alarm = (data: object = {}): Draft => ({
  kind: "alarm",
  provenance: "metric",
  statement: "the alarm",
  data: { name: "shop-alarm", state: "OK", ...data },
});

/** Twenty minutes ago the alarm was judged to be no fault, on these facts. */
const earlier = (facts: readonly Draft[], comparison?: Comparison): Incident => ({
  ...resolvedIncident(),
  id: "inc-noise",
  openedAt: ago(1200),
  target: TARGET,
  alert: alert("earlier", comparison),
  evidence: packOf(facts),
  diagnosis: diagnosisOf({ cause: "no-fault", action: "none" }),
});

async function suppressedBy(past: Incident, facts?: readonly Draft[]) {
  const deps = {
    store: { list: async () => [past] },
    policy: policyOf(),
    now: () => new Date(NOW),
  } as unknown as WorkflowDependencies;
  const evidence = facts && packOf(facts);
  return (await readSuppression(alert("now"), evidence, deps)).suppressedBy;
}

it.each<readonly [string, readonly Draft[]]>([
  ["measured on the high side", [service(), alarm(), metricOf(high)]],
  ["a composite alarm that CloudWatch calls OK", [service(), alarm()]],
  [
    "autoscaling's own low alarm",
    [
      service(),
      alarm({ state: "ALARM", scaling: "in" }),
      metricOf({ ...low, insideThreshold: false, scalingTarget: true }),
    ],
  ],
])("noise %s is remembered", async (_, facts) => {
  expect(await suppressedBy(earlier(facts))).toBe("inc-noise");
  expect(await suppressedBy(earlier(facts), facts)).toBe("inc-noise");
});

it.each<readonly [string, Incident]>([
  ["on the low side", earlier([service(), alarm(), metricOf(low)])],
  [
    "on the low side, in a record without the side",
    earlier([service(), alarm(), metricOf({ ...high, comparison: undefined as never })], "LessThanThreshold"),
  ],
  [
    "below its anomaly band",
    earlier([
      service(),
      alarm(),
      metricOf({
        isAlarm: true,
        comparison: "LessThanLowerOrGreaterThanUpperThreshold",
        insideThreshold: true,
      }),
    ]),
  ],
  ["in silence", earlier([service(), alarm(), metricOf({ ...high, noDataSince: ago(1500) })])],
  ["where nothing was measured", earlier([service()])],
  ["of an alarm that is still in ALARM", earlier([service(), alarm({ state: "ALARM" })])],
  ["without evidence", (({ evidence: _, ...rest }) => rest)(earlier([]))],
])("a verdict %s suppresses nothing", async (_, past) => {
  expect(await suppressedBy(past)).toBeUndefined();
});

it("noise of before does not suppress an alarm that is silent now", async () => {
  const past = earlier([service(), alarm(), metricOf(high)]);

  expect(
    await suppressedBy(past, [service(), alarm(), metricOf({ ...high, noDataSince: ago(300) })]),
  ).toBeUndefined();
});
