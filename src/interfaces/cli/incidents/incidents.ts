/** Commands that read what the store keeps. */

import { brakeLines, readBrakeState } from "../../../domain/brake-state.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import { textFor } from "../../../domain/exit.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { IncidentStore } from "../../../domain/ports.ts";
import { renderSlackMessage } from "../../../notification/slack/slack-message.ts";
import { progressText } from "../../../notification/text/phase.ts";
import { undeliveredLines } from "../../../notification/text/undelivered-text.ts";
import { earlierAlike } from "../../../reporting/overview/earlier-alike.ts";
import { renderRcaHtml } from "../../../reporting/rca/rca-html.ts";
import { renderRca } from "../../../reporting/rca/rca-markdown.ts";
import { tellBrake } from "../brake/tell-brake.ts";
import { EXIT } from "../exit-code.ts";
import { withStore } from "../open-store.ts";
import { writeOutput } from "../output-file.ts";
import { print, printJson } from "../terminal.ts";

/** The incident, or `config-invalid` for an id that the store does not have. */
export async function findIncident(store: IncidentStore, id: string): Promise<Incident> {
  const incident = await store.get(id);
  if (incident !== undefined) return incident;
  throw new OpsAgentError({
    code: "config-invalid",
    message: `There is no incident "${id}" in this store.`,
    remedy: "`opsagent incidents` lists those there are; OPSAGENT_STORE names the store.",
  });
}

/** Lists incidents, newest first. */
export async function incidentsCommand(options: { json?: boolean; limit: number }): Promise<number> {
  const { incidents, brake } = await withStore(async (store) => ({
    incidents: await store.list({ limit: options.limit }),
    brake: await readBrakeState(store, new Date()),
  }));
  tellBrake(brakeLines(brake), options);
  if (options.json) {
    printJson(incidents.map(({ evidence, timeline, ...rest }) => rest));
  } else if (incidents.length === 0) {
    print("No incidents yet. Try one: opsagent drill");
  }
  for (const incident of options.json ? [] : incidents) {
    const service = incident.target?.service ?? "-";
    const now = progressText(incident);
    const words = now === undefined ? incident.summary : `${now} ${incident.summary}`;
    print(
      `${incident.id}  ${incident.status.padEnd(9)}  ${incident.severity}  ${service.padEnd(16)}  ${words}`,
    );
    for (const line of undeliveredLines(incident)) print(`  ${line}`);
  }
  return EXIT.done;
}

/** Shows one incident: the message that people got, or the whole record as JSON. */
export async function showCommand(id: string, options: { json?: boolean }): Promise<number> {
  const { incident, brake } = await withStore(async (store) => ({
    incident: await findIncident(store, id),
    brake: await readBrakeState(store, new Date()),
  }));
  tellBrake(brakeLines(brake, incident.target), options);
  if (options.json) printJson(incident);
  else print([...undeliveredLines(incident), renderSlackMessage(incident).text].join("\n"));
  return EXIT.done;
}

/** Writes one incident's RCA: Markdown, or HTML when the file is named so. Without a file it is printed. */
export async function rcaCommand(
  id: string,
  options: { out?: string; force?: boolean; json?: boolean },
): Promise<number> {
  const { incident, earlier } = await withStore(async (store) => {
    const found = await findIncident(store, id);
    return { incident: found, earlier: await earlierAlike(store, found) };
  });
  const render = options.out?.endsWith(".html") ? renderRcaHtml : renderRca;
  const text = textFor("person", render(incident, earlier));
  if (options.out !== undefined) writeOutput(options.out, text, options);
  if (options.json)
    printJson({ id: incident.id, ...(options.out ? { file: options.out } : { markdown: text }) });
  else print(options.out === undefined ? text : `Written to ${options.out}`);
  return EXIT.done;
}
