/** What the history of the same service and cause says: an action that has to be made again treats the symptom. */

import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentSummary } from "../../domain/incident/incident-summary.ts";
import { plural } from "../../domain/plural.ts";
import { formatOrdinal, formatTime } from "../../notification/text/format.ts";
import { lastDiagnosisOf, madeActions, serviceOf } from "../../notification/text/summary.ts";
import { type RcaBlock, table } from "./rca-document.ts";

const DAYS = 30;
const SHOWN = 12;

/** `3rd time in 30 days ...`; undefined for the first time. `earlier` are those of the 30 days before it. */
export function recurrenceSentence(
  incident: Incident,
  earlier: readonly IncidentSummary[],
): string | undefined {
  const cause = lastDiagnosisOf(incident)?.cause;
  if (earlier.length === 0 || cause === undefined) return undefined;
  const times = `${formatOrdinal(earlier.length + 1)} time in ${DAYS} days that ${serviceOf(incident)} has ${cause}.`;
  const action = madeActions(incident).at(-1)?.action;
  const before = earlier.filter(({ actions }) => actions.some((made) => made.action === action)).length;
  if (action === undefined || before === 0) {
    return `${times} It will come again until its cause is removed; see what prevents it.`;
  }
  const symptom = {
    restart: "Restarting treats the symptom; the cause is still there.",
    scale: "Adding tasks for a while treats the symptom; the usual size no longer fits the load.",
    rollback: "Rolling back treats the symptom; what brings such releases out is still there.",
  }[action];
  return `${times} ${plural(before, "earlier one")} also ended in a ${action}. ${symptom}`;
}

/** The earlier ones, newest first. */
export function recurrenceTable(earlier: readonly IncidentSummary[]): RcaBlock {
  const rows = earlier
    .slice(0, SHOWN)
    .map(({ id, openedAt, status, actions }) => [
      formatTime(openedAt),
      status,
      actions.map(({ action }) => action).join(", ") || "none",
      id,
    ]);
  return table(["Earlier", "Ended", "Action", "Incident"], rows, "");
}
