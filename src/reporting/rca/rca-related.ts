import { attachedName } from "../../domain/alert-grouping.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { formatTime } from "../../notification/text/format.ts";
import { type RcaSection, table } from "./rca-document.ts";

/** Every alert that belongs to the incident beside its own; none where there is none. */
export function joinedSection({ joined = [] }: Incident): RcaSection[] {
  if (joined.length === 0) return [];
  const rows = joined.map((alert) => [
    attachedName(alert),
    alert.state,
    formatTime(alert.firedAt),
    alert.kind === "joined"
      ? "joined the open incident"
      : "fired again after its end, inside the decay window",
  ]);
  const blocks = [table(["Alarm", "State", "Fired", "How it belongs here"], rows, "")];
  return [{ id: "joined", heading: "Other alarms", blocks }];
}
