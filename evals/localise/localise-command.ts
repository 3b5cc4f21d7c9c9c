/** `opsagent eval --localise FILE`: ranks the services of a file by where the fault behind its alarm sits. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { localise, readInput } from "../../packages/localisation/index.ts";
import type { EvalFlags } from "../../src/interfaces/cli/eval/eval.ts";
import { EXIT } from "../../src/interfaces/cli/exit-code.ts";
import { complain, print, printJson } from "../../src/interfaces/cli/terminal.ts";
import { localisationText } from "./localisation-text.ts";

/** Prints the ranking, or the result as JSON where `json` is `-`. Exit codes: 0, also without a verdict; 2 for a bad file. */
export function localiseCommand(file: string, { json }: Pick<EvalFlags, "json">): number {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (fault) {
    complain(`opsagent: ${file} cannot be read: ${fault instanceof Error ? fault.message : String(fault)}`);
    return EXIT.usage;
  }
  const read = readInput(text);
  if (!read.ok) {
    complain(`opsagent: ${file} is no input of a localisation (docs/evaluation.md):`);
    for (const problem of read.problems) complain(`  ${problem}`);
    return EXIT.usage;
  }
  const result = localise(read.input);
  if (json === "-") {
    printJson(result);
    return EXIT.done;
  }
  print(localisationText(result));
  if (json !== undefined) {
    mkdirSync(dirname(json), { recursive: true });
    writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
    complain(`Written: ${json}`);
  }
  return EXIT.done;
}
