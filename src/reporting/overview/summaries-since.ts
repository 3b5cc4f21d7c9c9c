import type { IncidentSummary } from "../../domain/incident/incident-summary.ts";
import type { IncidentRecords } from "../../domain/ports.ts";

const PAGE = 1_000;

/** Summaries of a period, newest first; `complete` is false where there were more than `most`. */
export interface Recent {
  readonly since: string;
  readonly summaries: readonly IncidentSummary[];
  readonly complete: boolean;
}

/** Reads page by page, and yields to other work in between. Throws `store-failed`. */
export async function summariesSince(
  records: Pick<IncidentRecords, "summaries">,
  { since, service, most }: { readonly since: string; readonly service?: string; readonly most: number },
): Promise<Recent> {
  const found: IncidentSummary[] = [];
  let after: string | undefined;
  for (;;) {
    const limit = Math.min(PAGE, most - found.length);
    const page = await records.summaries({
      limit,
      since,
      ...(service === undefined ? {} : { service }),
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.summaries);
    if (page.next === undefined) return { since, summaries: found, complete: true };
    if (found.length >= most) return { since, summaries: found, complete: false };
    after = page.next;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
