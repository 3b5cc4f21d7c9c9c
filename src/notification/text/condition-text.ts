import type { RecoveryCheck } from "../../domain/incident/incident.ts";

/** The conditions of recovery as people say them. */
export const CONDITION_TEXT: Readonly<Record<RecoveryCheck["condition"], string>> = {
  "service-steady": "service steady",
  "no-bad-stops": "no task stopped for a bad reason",
  "metric-inside-threshold": "metric inside its threshold",
  "series-back-to-normal": "what showed the fault back to normal",
  "alarm-ok": "alarm OK",
  "joined-alarms-ok": "the incident's other alarms OK",
};
