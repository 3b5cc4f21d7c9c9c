import type { IncidentRecords } from "../../domain/ports.ts";
import type { ScoredIncident } from "../scorecard/scorecard-case.ts";

const PAGE = 200;

/** Returns incidents opened since then, the newest `most`, read page by page and without their large evidence. */
export async function incidentsSince(
  store: Pick<IncidentRecords, "list">,
  since: string,
  most = Number.POSITIVE_INFINITY,
): Promise<ScoredIncident[]> {
  const found = new Map<string, ScoredIncident>();
  const seen = new Set<string>();
  let before: string | undefined;
  let limit = PAGE;
  for (;;) {
    const page = await store.list({ limit, ...(before === undefined ? {} : { before }) });
    const fresh = page.filter(({ id }) => !seen.has(id));
    for (const incident of fresh) {
      seen.add(incident.id);
      if (Date.parse(incident.openedAt) >= Date.parse(since)) found.set(incident.id, slim(incident));
    }
    const last = page.at(-1);
    const atEnd = fresh.length === 0 && page.length < limit;
    if (found.size >= most) return [...found.values()].slice(0, most);
    if (last === undefined || atEnd || Date.parse(last.openedAt) < Date.parse(since))
      return [...found.values()];
    // Alerts of one event share their millisecond. It is read again from its start, so that none is lost between two
    // pages, and with a longer page where it alone fills one.
    before = new Date(Date.parse(last.openedAt) + 1).toISOString();
    limit = fresh.length === 0 ? limit * 2 : PAGE;
  }
}

function slim(incident: ScoredIncident): ScoredIncident {
  const { id, alert, openedAt, actions, target, diagnosis, secondOpinion, decision, further } = incident;
  const { verification, joinedTo } = incident;
  return {
    id,
    alert,
    openedAt,
    actions,
    ...(target === undefined ? {} : { target }),
    ...(diagnosis === undefined ? {} : { diagnosis }),
    ...(secondOpinion === undefined ? {} : { secondOpinion }),
    ...(decision === undefined ? {} : { decision }),
    ...(further === undefined
      ? {}
      : { further: { ...further, evidence: { ...further.evidence, facts: [], gaps: [], lastLines: [] } } }),
    ...(verification === undefined ? {} : { verification }),
    ...(joinedTo === undefined ? {} : { joinedTo }),
  };
}
