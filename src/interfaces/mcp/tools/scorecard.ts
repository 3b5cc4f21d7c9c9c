import { z } from "zod";
import { incidentsSince } from "../../../reporting/overview/scored-incidents.ts";
import { SCORECARD_CAVEAT, type ScorecardRow, scorecard } from "../../../reporting/scorecard/scorecard.ts";
import { answer } from "../answer.ts";
import { MOST_CHARACTERS, pageOf } from "../bounded.ts";
import { NO_STORE_YET } from "../sources.ts";
import { defineTool, offset } from "../tool.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Each is read whole; more would take long while an assistant waits. */
const MOST_INCIDENTS = 5_000;

/** The newest cases of a row; older ones count in its tallies. */
const MOST_CASES = 20;

export const scorecardTool = defineTool({
  name: "scorecard",
  title: "How right OpsAgent was",
  description:
    "How often actions were right, wrong or unneeded, or would have been in mode observe, by service, cause and action, with the 95 % interval and whether the mode auto is earned. With `service`, also the newest cases and what says so.",
  input: z.strictObject({
    service: z.string().min(1).max(255).optional(),
    days: z.int().min(1).max(366).default(30).describe("Incidents of so many days."),
    offset,
  }),
  output: z.looseObject({
    rows: z.array(z.unknown()),
    total: z.int(),
    next_offset: z.int().optional(),
    next_step: z.string().optional(),
  }),
  async run({ service, days, offset: from }, sources) {
    if (!sources.storeExists()) return answer({ rows: [], total: 0, next_step: NO_STORE_YET });
    const now = new Date();
    const since = new Date(now.getTime() - days * DAY_MS).toISOString();
    const { rows, incidents } = await sources.read(async (records) => {
      const found = await incidentsSince(records, since, MOST_INCIDENTS);
      const judged = scorecard(found, await records.judgements(), now.toISOString());
      return { rows: judged, incidents: found.length };
    });
    const wanted = rows.filter((row) => service === undefined || row.service === service);
    const views = wanted.map((row) => rowView(row, service !== undefined));
    const { items, cut, next } = pageOf(views, from, 100, MOST_CHARACTERS * 0.8);
    return answer(
      {
        since,
        incidents,
        ...(incidents < MOST_INCIDENTS
          ? {}
          : { incidents_left_out: `Only the newest ${MOST_INCIDENTS} were counted; ask for fewer days.` }),
        rows: items,
        total: views.length,
        ...(next === undefined ? {} : { next_offset: next }),
        ...(views.length > 0
          ? {}
          : {
              next_step:
                "Nothing was done, or would have been, in these days; a mode of observe collects cases.",
            }),
        caveat: SCORECARD_CAVEAT,
      },
      cut,
    );
  },
});

function rowView(
  { cluster, service, cases, wouldHave, ...row }: ScorecardRow,
  withCases: boolean,
): Record<string, unknown> {
  const view = { ...row, would_have: wouldHave, untrusted: { cluster, service } };
  if (!withCases) return view;
  const newest = cases.slice(-MOST_CASES).reverse();
  return {
    ...view,
    newest_cases: newest.map(({ incidentId, at, kind, truth, source, reason }) => ({
      incident_id: incidentId,
      at,
      kind,
      truth,
      source,
      untrusted: { reason },
    })),
    cases_left_out: cases.length - newest.length,
  };
}
