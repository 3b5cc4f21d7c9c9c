import { expect, it } from "vitest";
import { SAMPLES } from "../../../test/samples/every-incident.ts";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import { createServerMetrics } from "./metrics.ts";

const closed = { kind: "closed", incidentId: "i", key: "report", at: "2026-11-29T00:00:00.000Z" } as const;

const amountOf = (text: string, series: string) =>
  text
    .split("\n")
    .find((line) => line.startsWith(`${series} `))
    ?.split(" ")
    .at(-1);

it("counts incidents, actions, refusals and webhooks", async () => {
  const metrics = createServerMetrics(async () => 3);
  metrics.observe(closed, resolvedIncident(), []);
  metrics.webhook("sns", "forged", 0.004);
  metrics.webhook("sns", "accepted", 0.3);

  const text = await metrics.text();

  expect(amountOf(text, 'opsagent_incidents_total{outcome="resolved"}')).toBe("1");
  expect(amountOf(text, 'opsagent_incidents_total{outcome="failed"}')).toBe("0");
  expect(amountOf(text, 'opsagent_actions_total{action="restart",outcome="done"}')).toBe("1");
  expect(amountOf(text, 'opsagent_actions_total{action="scale",outcome="unknown"}')).toBe("0");
  expect(amountOf(text, "opsagent_open_incidents")).toBe("3");
  expect(amountOf(text, 'opsagent_webhook_requests_total{webhook="sns",result="forged"}')).toBe("1");
  expect(amountOf(text, 'opsagent_webhook_answer_seconds_count{webhook="sns"}')).toBe("2");
  expect(amountOf(text, 'opsagent_incident_duration_seconds_count{outcome="resolved"}')).toBe("1");
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
});

it("says nothing of open incidents where they cannot be counted", async () => {
  const metrics = createServerMetrics(() => Promise.reject(new Error("the store is gone")));

  expect(amountOf(await metrics.text(), "opsagent_open_incidents")).toBeUndefined();
});

it("has no label that grows with services, incidents or people", async () => {
  const metrics = createServerMetrics(async () => 0);
  const incidents = Object.values(SAMPLES).map((make) => make());
  for (const incident of incidents) {
    metrics.observe(closed, incident, []);
    const { decision } = incident;
    if (decision !== undefined) {
      metrics.observe({ ...closed, kind: "decided", attempt: "first", decision }, incident, []);
    }
  }

  const text = await metrics.text();

  const labels = new Set(
    [...text.matchAll(/^opsagent_\w+\{([^}]*)\}/gm)].flatMap(([, all = ""]) =>
      all.split(",").map((one) => one.split("=")[0]),
    ),
  );
  expect([...labels].toSorted()).toEqual(["action", "le", "outcome", "rule"]);
  for (const { id, target } of incidents) {
    expect(text).not.toContain(id);
    if (target !== undefined) expect(text).not.toContain(`"${target.service}"`);
  }
});
