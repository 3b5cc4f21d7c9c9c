import { joinedFor, jsonFor, textFor } from "../../../domain/exit.ts";
import { caseFileOf } from "../../../reporting/case-file/case-file.ts";
import { historyBefore } from "../../../reporting/case-file/history-before.ts";
import { sameRulesVerdict } from "../../../reporting/case-file/same-verdict.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { EXIT } from "../exit-code.ts";
import { findIncident } from "../incidents/incidents.ts";
import { withStore } from "../open-store.ts";
import { writeOutput } from "../output-file.ts";
import { mustHaveStore } from "../store-there.ts";
import { complain, print, printJson, usableConfig } from "../terminal.ts";
import type { ExportFlags } from "./export-flags.ts";

/**
 * Writes a stored incident as a case file, or prints it. Returns 0. Throws `config-invalid` for an unknown incident, one
 * without evidence or a file that cannot be written, and `store-failed`.
 */
export async function exportCommand(id: string, options: ExportFlags): Promise<number> {
  const { policy, mode } = usableConfig(readConfig());
  mustHaveStore();
  const { incident, history } = await withStore(async (store) => {
    const found = await findIncident(store, id);
    return { incident: found, history: await historyBefore(found, store) };
  });
  const truth = options.truth === undefined ? undefined : { causes: [options.truth] };
  const { keepLogs } = options;
  const file = caseFileOf({ incident, history, policy, ceiling: mode, truth, keepLogs });
  const sameVerdict = sameRulesVerdict(incident, file, { policy, ceiling: mode, history });
  if (!sameVerdict) complain(`The rules judge the case file of ${id} otherwise than the incident: ${WHY}`);
  if (keepLogs) complain("The last log lines are in it: read them before you give the file to anybody.");
  if (options.out === undefined) printJson(file);
  else {
    const text = joinedFor([jsonFor("export", file, { indent: 2 }), textFor("export", "\n")]);
    writeOutput(options.out, text, options);
    if (options.json) printJson({ id, file: options.out, sameVerdict });
    else print(`Written to ${options.out}`);
  }
  return EXIT.done;
}

const WHY = "a name that was replaced had meant something to them. Do not use it to measure the rules.";
