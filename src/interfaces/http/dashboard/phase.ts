/** What is going on in an incident, for people: from the progress that its events make. Pure; all texts are unescaped. */
import type { IncidentProgress, Phase } from "../../../domain/incident/incident.ts";
import type { IncidentEvent, UnknownEvent } from "../../../domain/incident/incident-event.ts";
import { foldEvents } from "../../../domain/incident/incident-fold.ts";
import { formatClock } from "../../../notification/text/format.ts";

const PHASES: Readonly<Record<Phase, string>> = {
  investigating: "Investigating",
  waiting: "Waiting",
  asking: "Asking",
  checking: "Checking",
  acting: "Acting",
  proving: "Proving",
  undoing: "Taking back",
  closing: "Closing",
  grouping: "Collecting further alarms",
  "scaling-in": "Scaling in",
};

export function phaseWord(phase: Phase): string {
  return PHASES[phase];
}

/** What exactly, with times of the day in place of whole ISO times. */
export function phaseDetail({ detail }: IncidentProgress): string {
  return detail.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (iso) =>
    formatClock(iso).slice(0, 8),
  );
}

/** One sentence, such as `Acting: stop task 4f2a`. */
export function phaseText(progress: IncidentProgress): string {
  const detail = phaseDetail(progress);
  // Who said yes is the news; the detail says itself that it is being checked.
  if (progress.phase === "checking") return detail.replace(/^./u, (first) => first.toUpperCase());
  return `${phaseWord(progress.phase)}: ${detail}`;
}

/** A phase that the incident was in, with the last thing that it was at in it. */
export interface PassedPhase {
  readonly phase: Phase;
  readonly since: string;
  /** ISO 8601; undefined while it goes on. */
  readonly until?: string;
}

/** The phases of an incident in order, from its events. One that comes again stands again. */
export function phasesOf(events: readonly (IncidentEvent | UnknownEvent)[]): readonly PassedPhase[] {
  const passed: PassedPhase[] = [];
  let record: ReturnType<typeof foldEvents>;
  for (const event of events) {
    record = foldEvents(record, [event]);
    const now = record?.progress;
    const last = passed.at(-1);
    if (last !== undefined && last.until === undefined && last.phase !== now?.phase) {
      passed[passed.length - 1] = { ...last, until: now?.since ?? event.at };
    }
    const goesOn = last?.until === undefined && last?.phase === now?.phase;
    if (now !== undefined && !goesOn) passed.push({ phase: now.phase, since: now.since });
  }
  return passed;
}
