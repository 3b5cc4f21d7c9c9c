import { z } from "zod";
import { summaryOf } from "../../../domain/incident/incident-summary.ts";
import { answer } from "../answer.ts";
import { MOST_CHARACTERS, pageOf } from "../bounded.ts";
import { incidentView } from "../incident-view.ts";
import { incidentOf, readStore } from "../sources.ts";
import { defineTool, incidentId, offset } from "../tool.ts";

export const getIncident = defineTool({
  name: "get_incident",
  title: "One incident",
  description:
    "What OpsAgent saw, concluded, decided (every rule of the decision trail), did and proved in one incident. `part: timeline` has its steps in order. The facts themselves: get_evidence; the written analysis: get_rca.",
  input: z.strictObject({
    incident_id: incidentId,
    part: z.enum(["overview", "timeline"]).default("overview"),
    offset: offset.describe("For the timeline: `next_offset` of the page before."),
  }),
  output: z.looseObject({ id: z.string(), status: z.string() }),
  async run(input, sources) {
    const incident = await readStore(sources, (records) => incidentOf(records, input.incident_id));
    const { id, timeline } = incident;
    if (input.part === "overview") return answer(incidentView(incident));
    const steps = timeline.map(({ at, sinceMs, event, detail }) => ({
      at,
      seconds_since_alert: sinceMs / 1_000,
      event,
      untrusted: { detail },
    }));
    const { items, cut, next } = pageOf(steps, input.offset, 100, MOST_CHARACTERS * 0.9);
    const { status } = summaryOf(incident);
    return answer(
      {
        id,
        status,
        timeline: items,
        total: steps.length,
        ...(next === undefined ? {} : { next_offset: next }),
      },
      cut,
    );
  },
});
