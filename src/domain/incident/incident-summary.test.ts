import { expect, it } from "vitest";
import { SAMPLES } from "../../../test/samples/every-incident.ts";
import { reportedOutcome } from "../../notification/text/outcome.ts";
import { IncidentSummary, summaryOf } from "./incident-summary.ts";

it.each(Object.entries(SAMPLES))("says of %s what the report says", (_, sample) => {
  const incident = sample();

  for (const record of [incident, { ...incident, status: "resolved" as const }])
    expect(summaryOf(record).status).toBe(reportedOutcome(record).status);
  expect(IncidentSummary.parse(summaryOf(incident))).toEqual(summaryOf(incident));
});
