import { incidentsSince } from "../../../reporting/overview/scored-incidents.ts";
import {
  MIN_JUDGED,
  MIN_LOWER_BOUND,
  SCORECARD_CAVEAT,
  type ScorecardRow,
  scorecard,
} from "../../../reporting/scorecard/scorecard.ts";
import type { ScoredCase } from "../../../reporting/scorecard/scorecard-case.ts";
import type { Tally } from "../../../reporting/scorecard/scorecard-tally.ts";
import { EXIT } from "../exit-code.ts";
import { withStore } from "../open-store.ts";
import { columns, wrap } from "../plain-text.ts";
import { print, printJson } from "../terminal.ts";

const DAY_MS = 24 * 60 * 60_000;

/** Prints the scorecard of the incidents in the store. Throws `config-invalid` and `store-failed`. */
export async function scorecardCommand(options: {
  service?: string;
  days: number;
  json?: boolean;
}): Promise<number> {
  const now = new Date();
  const since = new Date(now.getTime() - options.days * DAY_MS).toISOString();
  const all = await withStore(async (store) =>
    scorecard(await incidentsSince(store, since), await store.judgements(), now.toISOString()),
  );
  const rows = all.filter(({ service }) => options.service === undefined || service === options.service);
  if (options.json) printJson({ since, rows, caveat: SCORECARD_CAVEAT });
  else print(render(rows, options));
  return EXIT.done;
}

function render(
  rows: readonly ScorecardRow[],
  { service, days }: { service?: string; days: number },
): string {
  if (rows.length === 0) {
    const where = service === undefined ? "" : ` on ${service}`;
    return wrap(
      `In ${days} days nothing was done${where}, and in mode observe nothing would have been. Set a mode to observe to see here what OpsAgent would do.`,
    );
  }
  return [
    ...rows.flatMap((row) => [
      wrap(`${row.cluster}/${row.service}: ${row.action} for ${row.cause}: ${adviceOf(row)}`),
      columns(
        [2 + 10, 5, 5, 5, 8, 7, 0],
        [
          ["", "cases", "right", "wrong", "unneeded", "unknown", "right, 95 %"],
          ...tallyRow("would have", row.wouldHave),
          ...tallyRow("acted", row.acted),
        ],
      ),
      ...(service === undefined ? [] : row.cases.map(caseLine)),
      "",
    ]),
    wrap(
      `Ready for auto: at least ${MIN_JUDGED} cases of which something is known, and the lower end of the 95 % interval of right ones at ${percent(MIN_LOWER_BOUND)} % or more.`,
    ),
    wrap(SCORECARD_CAVEAT),
  ].join("\n");
}

function caseLine({ incidentId, kind, truth, reason }: ScoredCase): string {
  return wrap(
    `${incidentId}, ${kind === "acted" ? "acted" : "would have acted"}: ${truth}: ${reason}`,
    "  - ",
  );
}

function adviceOf({ advice, together }: ScorecardRow): string {
  return advice === "ready for auto" ? advice : `${advice} (${together.judged} of ${MIN_JUDGED} cases known)`;
}

function tallyRow(name: string, { n, right, wrong, unneeded, unknown, interval }: Tally): string[][] {
  if (n === 0) return [];
  const range = interval === undefined ? "-" : `${percent(interval.low)} to ${percent(interval.high)} %`;
  return [[`  ${name}`, ...[n, right, wrong, unneeded, unknown].map(String), range]];
}

function percent(share: number): number {
  return Math.round(share * 100);
}
