import type { Incident } from "../../domain/incident/incident.ts";

/** What the process's exit code says; `interrupted` is what shells use for Ctrl-C. */
export const EXIT = { done: 0, failed: 1, usage: 2, escalated: 3, interrupted: 130 } as const;

/** The worst of the incidents decides: failed before escalated before done. */
export function exitCodeOf(incidents: readonly Incident[]): number {
  if (incidents.some((incident) => incident.status === "failed")) return EXIT.failed;
  return incidents.some((incident) => incident.status === "escalated") ? EXIT.escalated : EXIT.done;
}
