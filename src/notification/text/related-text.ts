import { type AttachedAlert, attachedName } from "../../domain/alert-grouping.ts";
import type { GiveBack, Incident } from "../../domain/incident/incident.ts";
import { plural } from "../../domain/plural.ts";
import { formatMinute, formatOrdinal } from "./format.ts";

/** What stands around an incident: earlier ones, other alarms, what is still to come. Plain text. */

/** A label that only OpsAgent writes, and a value that each renderer escapes. */
export type RelatedLine = readonly [label: string, value: string];

/** What links the incident to others and to other alarms; empty for an incident by itself. */
export function relatedLines(incident: Incident): RelatedLine[] {
  const { joinedTo, refireOf, joined = [], recurrence, rememberedFrom } = incident;
  const lines: RelatedLine[] = [];
  if (joinedTo !== undefined) {
    lines.push(["Belongs to", `incident ${joinedTo}, which deals with it; this is only a note of the alert`]);
  }
  if (refireOf !== undefined) {
    lines.push(["Fired again", `shortly after the end of incident ${refireOf}, inside its decay window`]);
  }
  const times = recurrence && recurrenceText(recurrence);
  if (times) lines.push(["Recurrence", times]);
  if (rememberedFrom !== undefined) {
    lines.push(["Known noise", `incident ${rememberedFrom} found no fault behind this alarm and told of it`]);
  }
  const own = incident.alert.alarm?.name;
  const others = joined.filter(({ kind, alarm }) => kind === "joined" && (!own || alarm !== own));
  if (others.length > 0) {
    const names = latestOf(others);
    const belong = names.length === 1 ? "belongs" : "belong";
    const count = plural(names.length, "more alarm");
    lines.push(["Other alarms", `${count} ${belong} to this incident: ${alarmList(names)}`]);
  }
  const again = joined.filter(({ kind, alarm }) => kind === "joined" && own && alarm === own);
  if (again.length > 0) {
    lines.push(["This alarm again", `${alarmList(latestOf(again))}, while the incident was open`]);
  }
  const late = incident.timeline.find(({ event }) => event === "alarm-joined");
  if (late !== undefined) lines.push(["Looked again", late.detail]);
  const refired = joined.filter(({ kind }) => kind === "refired");
  if (refired.length > 0) {
    lines.push([
      "Fired again",
      `after the incident had ended, inside its decay window: ${alarmList(latestOf(refired))}`,
    ]);
  }
  return lines;
}

/** `4th time in the last hour; the alarm is flapping`; empty where it is the first time. */
export function recurrenceText({ count, flapping, lastIncidentId }: NonNullable<Incident["recurrence"]>) {
  const times = count > 0 ? [`${formatOrdinal(count + 1)} time in the last hour`] : [];
  const back = flapping ? ["the alarm is flapping"] : [];
  const last = count > 0 && lastIncidentId !== "" ? [`the last was incident ${lastIncidentId}`] : [];
  return [...times, ...back, ...last].join("; ");
}

/** What becomes, or became, of the tasks that a scale action added. */
export function giveBackText(giveBack: GiveBack, openedAt: string): string {
  const { from, to, outcome, dueAt, at, detail } = giveBack;
  const tasks = plural(from - to, "borrowed task");
  const isOne = from - to === 1;
  switch (outcome) {
    case "waiting":
      return `${tasks} ${isOne ? "goes" : "go"} back at about ${formatMinute(dueAt, openedAt)} if recovery holds (desired count ${from} → ${to})`;
    case "given-back":
      return `${tasks} ${isOne ? "was" : "were"} given back${at ? ` at ${formatMinute(at, openedAt)}` : ""}, desired is ${to} again${because(detail)}`;
    case "left-alone":
      return `${tasks} ${isOne ? "was" : "were"} left alone${because(detail)}`;
    case "unknown":
      return `whether ${tasks} ${isOne ? "was" : "were"} given back is not known${because(detail)}`;
  }
}

/** One for each name, as it was last seen. */
function latestOf(alerts: readonly AttachedAlert[]): AttachedAlert[] {
  const inOrder = alerts.toSorted((one, other) => Date.parse(one.firedAt) - Date.parse(other.firedAt));
  return [...new Map(inOrder.map((alert) => [attachedName(alert), alert])).values()];
}

const SHOWN_ALARMS = 5;

function alarmList(alerts: readonly AttachedAlert[]): string {
  const shown = alerts
    .slice(0, SHOWN_ALARMS)
    .map((alert) => `${short(attachedName(alert))} (${alert.state})`);
  const left = alerts.length - shown.length;
  return left > 0 ? `${shown.join(", ")} and ${left} more` : shown.join(", ");
}

function short(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}

function because(detail: string): string {
  const reason = detail.trim().replace(/\.$/, "");
  return reason === "" ? "" : `: ${reason}`;
}
