import { z } from "zod";
import { type IncidentSummary, ListedAs } from "../../../domain/incident/incident-summary.ts";
import { answer } from "../answer.ts";
import { MOST_CHARACTERS } from "../bounded.ts";
import { undeliveredView } from "../incident-view.ts";
import { heldBack, NO_STORE_YET } from "../sources.ts";
import { defineTool } from "../tool.ts";

export const listIncidents = defineTool({
  name: "list_incidents",
  title: "List incidents",
  description:
    "Incidents in the store, newest first: status, cause, confidence, what was done and whether it helped. Pages of at most 25; `next` of an answer is `after` of the next question. Status `note` is an alert that another incident deals with.",
  input: z.strictObject({
    service: z.string().min(1).max(255).optional().describe("Only this ECS service."),
    status: ListedAs.optional().describe("Only these; `open` is still being worked on."),
    since: z.iso.datetime({ offset: true }).optional().describe("Opened then or later, ISO 8601."),
    limit: z.int().min(1).max(25).default(10),
    after: z.string().max(500).optional().describe("`next` of the page before."),
  }),
  output: z.looseObject({
    incidents: z.array(z.looseObject({ id: z.string(), status: z.string(), severity: z.string() })),
    next: z.string().optional(),
    next_step: z.string().optional(),
  }),
  async run({ service, status, since, limit, after }, sources) {
    if (!sources.storeExists()) return answer({ incidents: [], next_step: NO_STORE_YET });
    const query = {
      ...(service === undefined ? {} : { service }),
      ...(status === undefined ? {} : { listedAs: [status] }),
      ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
      ...(after === undefined ? {} : { after }),
    };
    // A shorter page is read again where this one is too long to be told, so that its `next` leaves nothing out.
    for (let rows = limit; ; rows = Math.ceil(rows / 2)) {
      const { summaries, next, held } = await sources.read(async (records) => ({
        ...(await records.summaries({ ...query, limit: rows })),
        held: await heldBack(records),
      }));
      const incidents = summaries.map(entry);
      if (rows > 1 && JSON.stringify(incidents).length > MOST_CHARACTERS) continue;
      return answer({
        incidents,
        ...(held.length === 0 ? {} : { nothing_is_changed_now: true, untrusted: { held_back: held } }),
        ...(next === undefined ? {} : { next }),
        ...(incidents.length > 0
          ? {}
          : {
              next_step:
                next === undefined
                  ? "No incident matches. Leave filters out, or ask for an earlier `since`; `opsagent drill` makes an incident."
                  : "None on this page: go on with `after`.",
            }),
      });
    }
  },
});

function entry(summary: IncidentSummary): Record<string, unknown> {
  const { id, listedAs, severity, cluster, service, openedAt, closedAt, diagnoser, cause } = summary;
  return {
    id,
    status: listedAs,
    phase: summary.progress?.phase,
    severity,
    opened_at: openedAt,
    closed_at: closedAt,
    diagnoser,
    cause,
    confidence: summary.confidence,
    actions: summary.actions,
    would_have: summary.wouldHave,
    waits_for_person_until: summary.waitsUntil,
    had_failures: summary.failed,
    undelivered: undeliveredView(summary.undelivered),
    untrusted: {
      cluster,
      service,
      title: summary.title,
      summary: summary.summary,
      doing: summary.progress?.detail,
    },
  };
}
