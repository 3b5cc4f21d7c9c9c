import { z } from "zod";
import { summaryOf } from "../../../domain/incident/incident-summary.ts";
import { answer } from "../answer.ts";
import { MOST_CHARACTERS, pageOf } from "../bounded.ts";
import { incidentView } from "../incident-view.ts";
import { heldBack, incidentOf, readStore } from "../sources.ts";
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
    const { incident, held } = await readStore(sources, async (records) => {
      const found = await incidentOf(records, input.incident_id);
      return { incident: found, held: await heldBack(records, found.target) };
    });
    const { id, timeline } = incident;
    if (input.part === "overview") return answer(withHeldBack(incidentView(incident), held));
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

/** Names and reasons of pauses are words of people, as the other texts that stand there. */
function withHeldBack(
  view: Readonly<Record<string, unknown>>,
  held: readonly string[],
): Readonly<Record<string, unknown>> {
  if (held.length === 0) return view;
  return {
    ...view,
    nothing_is_changed_now: true,
    untrusted: { ...Object(view["untrusted"]), held_back: held },
  };
}
