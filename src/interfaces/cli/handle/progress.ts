/** What a command that runs incidents says of them while they run: one line for each stage, and each question at once. */
import { textOf } from "../../../domain/incident/event-text.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { EventOf, IncidentEvent } from "../../../domain/incident/incident-event.ts";
import { describeLook } from "../../../domain/incident/incident-progress.ts";
import type { EventListener, Logger } from "../../../domain/ports.ts";
import { planText } from "../../../notification/text/action-line.ts";
import { answerCommands, deadlineText } from "../../../notification/text/approval-text.ts";
import { foldLine } from "../../../notification/text/fold-line.ts";

export interface ProgressSettings {
  readonly write: (line: string) => void;
  /** Only questions are told: who waits for nothing to be said must still learn that they are waited for. */
  readonly quiet: boolean;
  /** Settings with which `opsagent approve` finds the question from another terminal, such as `OPSAGENT_STORE='...'`. */
  readonly found: string;
}

/** Returns a listener that writes. A look at recovery with the same result as the one before is left out. */
export function createProgress({ write, quiet, found }: ProgressSettings): EventListener {
  const last = new Map<string, string>();
  return (event, incident) => {
    const line = lineOf(event);
    if (!quiet && line !== last.get(incident.id))
      write(`${event.at.slice(11, 19)}  ${nameOf(incident)}  ${line}`);
    last.set(incident.id, line);
    if (event.kind === "approval-requested")
      for (const each of questionOf(event, incident, found)) write(each);
  };
}

/** Returns an event in one line. */
export function lineOf(event: IncidentEvent): string {
  if (event.kind === "verification-looked") return foldLine(`proving: ${describeLook(event)}`);
  const { event: name, detail } = textOf(event);
  return foldLine(`${name}: ${detail}`);
}

/** The log without the line for each event, which the progress says in words that a person reads. */
export function withoutEvents(logger: Logger): Logger {
  return {
    ...logger,
    info: (event, fields) => (event === "incident-event" ? undefined : logger.info(event, fields)),
  };
}

function nameOf({ id, target }: Incident): string {
  return foldLine(target?.service ?? id);
}

function questionOf(
  { approval }: EventOf<"approval-requested">,
  incident: Incident,
  found: string,
): readonly string[] {
  const [yes, no] = answerCommands(incident.id, approval).map(
    (command) => `${found}${found === "" ? "" : " "}${command}`,
  );
  const change = approval.plan === undefined ? "a change" : planText(approval.plan);
  return [
    foldLine(`A person has to decide on ${nameOf(incident)}: ${change}. ${approval.why ?? ""}`),
    `  Answer in another terminal until ${deadlineText(approval)}; no answer means no.`,
    `  yes:  ${yes}`,
    `  no:   ${no}`,
  ];
}
