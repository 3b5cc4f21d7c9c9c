/** Opens a page for each escalation and resolves it when the alarm recovers. */
import type { Incident } from "../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { Letter } from "./delivery.ts";

/**
 * The page of an incident that is left to people. One that went well ends earlier pages of its alarm, and its own where
 * people were told of another end before. `closed` is the record as people are told of it.
 */
export function pageLetters(
  incident: Incident,
  closed: () => Incident,
  { pager, store }: Pick<WorkflowDependencies, "pager" | "store">,
  again = false,
): Letter[] {
  if (pager === undefined) return [];
  const about = { topic: "page", covers: "page" };
  const letter = { channel: pager.name, stage: "report", about };
  const newest = () => {
    const service = (incident.target ?? incident.alert.target)?.service;
    return store.list({ limit: LOOKED_BACK, ...(service === undefined ? {} : { service }) });
  };
  if (isLeftToPeople(incident)) {
    const needless = async () => {
      const later = await newest().catch(() => []);
      const passed = later.some((one) => isAfter(incident, one) && isGoodNews(one));
      return passed ? "its alarm has recovered since" : undefined;
    };
    return [{ ...letter, what: "the page", send: () => pager.page(closed()), needless }];
  }
  if (!isGoodNews(incident)) return [];
  const send = async () => {
    if (again) await pager.resolvePage(incident.id);
    for (const { id } of pagedBefore(incident, await newest())) await pager.resolvePage(id);
  };
  return [{ ...letter, what: "the end of earlier pages", quiet: true, send }];
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

/** Of the same alarm, and opened later. */
function isAfter(incident: Incident, other: Incident): boolean {
  return (
    other.id !== incident.id &&
    alarmOf(other) === alarmOf(incident) &&
    other.openedAt > incident.openedAt &&
    other.closedAt !== undefined
  );
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
