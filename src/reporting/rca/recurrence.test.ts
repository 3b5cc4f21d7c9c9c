import { expect, it } from "vitest";
import { escalatedIncident, resolvedIncident } from "../../../test/samples/incidents.ts";
import { summaryOf } from "../../domain/incident/incident-summary.ts";
import { renderRcaHtml } from "./rca-html.ts";
import { renderRca } from "./rca-markdown.ts";
import { recurrenceSentence } from "./recurrence.ts";

const earlier = [1, 2].map((day) => ({
  ...summaryOf(resolvedIncident()),
  id: `inc-earlier-${day}`,
  openedAt: `2026-11-2${3 - day}T07:00:00.000Z`,
}));

it("says that acting on the symptom again does not remove the cause", () => {
  const sentence = recurrenceSentence(resolvedIncident(), earlier);

  expect(sentence).toBe(
    "3rd time in 30 days that payment-service has memory-leak. 2 earlier ones also ended in a restart. Restarting treats the symptom; the cause is still there.",
  );
  expect(renderRca(resolvedIncident(), earlier)).toContain("3rd time in 30 days");
  expect(renderRca(resolvedIncident(), earlier)).toContain("inc-earlier-1");
  expect(renderRcaHtml(resolvedIncident(), earlier)).toContain('<p class="recurrence">3rd time');
});

it("says nothing the first time", () => {
  expect(recurrenceSentence(resolvedIncident(), [])).toBeUndefined();
  expect(renderRcaHtml(resolvedIncident())).not.toContain('class="recurrence"');
});

it("blames no action where none was made", () => {
  expect(recurrenceSentence(escalatedIncident(), earlier)).toMatch(/^3rd time .* It will come again/);
});
