/** What is going on in an incident, for people: from the progress that its events make. Pure; all texts are unescaped. */
import type { IncidentProgress, Phase } from "../../../domain/incident/incident.ts";
import type { IncidentEvent, UnknownEvent } from "../../../domain/incident/incident-event.ts";
import { foldEvents } from "../../../domain/incident/incident-fold.ts";
import { CONDITION_TEXT } from "../../../notification/text/condition-text.ts";
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

/** What exactly, with times of the day in place of whole ISO times, and conditions of recovery as people say them. */
export function phaseDetail({ phase, detail }: IncidentProgress): string {
  const text = withTimesOfDay(detail);
  return phase === "proving" ? openCondition(text) : text;
}

/** Each whole ISO time as its time of the day. */
export function withTimesOfDay(text: string): string {
  return text.replace(ISO_TIME, (iso) => formatClock(iso).slice(0, 8));
}

const ISO_TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** `alarm-ok: alarm is ALARM` becomes `not yet: alarm OK (alarm is ALARM)`. */
function openCondition(text: string): string {
  const found = Object.entries(CONDITION_TEXT).find(([name]) => text.startsWith(`${name}: `));
  if (found === undefined) return text;
  const [name, said] = found;
  return `not yet: ${said} (${text.slice(name.length + 2)})`;
}

/** What is going on as `Acting` and `stop task 4f2a`; after a yes, who said so comes first. */
export function phaseParts(progress: IncidentProgress): readonly [head: string, rest: string] {
  const detail = phaseDetail(progress);
  if (progress.phase !== "checking") return [phaseWord(progress.phase), detail];
  const [, head, rest] = /^(.*?): (.*)$/.exec(detail) ?? [];
  const said = head?.replace(/^./u, (first) => first.toUpperCase());
  return [said ?? phaseWord(progress.phase), rest ?? detail];
}

/** One sentence, such as `Acting: stop task 4f2a`. */
export function phaseText(progress: IncidentProgress): string {
  return phaseParts(progress).join(": ");
}

/** A phase that the incident was in. */
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
