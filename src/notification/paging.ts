/** Opens a page for each escalation and resolves it when the alarm recovers. */
import { asOpsAgentError } from "../domain/errors.ts";
import type { Failure, Incident } from "../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";

/**
 * Pages for an incident that is left to people; one that went well ends earlier pages of its alarm, and its own where
 * people were told of another end before. Never throws.
 */
export async function updatePaging(
  incident: Incident,
  { pager, store }: Pick<WorkflowDependencies, "pager" | "store">,
  again = false,
): Promise<Failure[]> {
  if (pager === undefined) return [];
  try {
    if (isLeftToPeople(incident)) await pager.page(incident);
    else if (isGoodNews(incident)) {
      if (again) await pager.resolvePage(incident.id);
      const service = (incident.target ?? incident.alert.target)?.service;
      const earlier = await store.list({ limit: LOOKED_BACK, ...(service === undefined ? {} : { service }) });
      for (const { id } of pagedBefore(incident, earlier)) await pager.resolvePage(id);
    }
    return [];
  } catch (thrown) {
    const { code, message, remedy } = asOpsAgentError(thrown);
    return [{ stage: "report", code, message, remedy }];
  }
}

/** Incidents among which an open page is looked for. */
const LOOKED_BACK = 50;

function isLeftToPeople({ status }: Incident): boolean {
  return status === "escalated" || status === "failed";
}

/** The alarm is OK again, or the service was seen healthy after an action. */
function isGoodNews({ status, alert, passed, approval }: Incident): boolean {
  const withdrawn = status === "observed" && approval?.answer?.verdict === "withdrawn";
  return status === "resolved" || alert.state === "OK" || passed === true || withdrawn;
}

/**
 * The incidents of the same alarm that people may still be paged for: those since the last one that went well. Ending a
 * page that has ended already changes nothing. `earlier` is newest first.
 */
function pagedBefore(incident: Incident, earlier: readonly Incident[]): Incident[] {
  const name = alarmOf(incident);
  const mine = earlier.filter((one) => one.id !== incident.id && alarmOf(one) === name);
  const before = mine.filter((one) => one.openedAt <= incident.openedAt);
  const wentWell = before.findIndex(isGoodNews);
  return (wentWell < 0 ? before : before.slice(0, wentWell)).filter(isLeftToPeople);
}

function alarmOf({ alert }: Incident): string {
  return alert.alarm?.arn ?? alert.alarm?.name ?? alert.title;
}
