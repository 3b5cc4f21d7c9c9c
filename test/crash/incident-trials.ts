/** Helpers of the crash tests of incidents: one trial is a folder, processes that die in it, and one that ends it. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Incident } from "../../src/domain/incident.ts";
import type { Effect, Trouble } from "../support/small-world.ts";
import { type Exit, launchProgram } from "./durable-processes.ts";
import { fileLog } from "./incident-process.ts";

export type How = "handle" | "resume";

export interface Trial {
  readonly folder: string;
  readonly trouble: Trouble;
  /** Starts a process; with `killAt` it kills itself there. */
  start(how: How, killAt?: string): ReturnType<typeof launchProgram>;
  effects(): readonly Effect[];
}

export function createTrial(trouble: Trouble): Trial {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-crash-"));
  return {
    folder,
    trouble,
    start: (how, killAt = "") => launchProgram("incident-process.ts", [folder, trouble, how, killAt]),
    effects: () => fileLog(join(folder, "effects.log")).all(),
  };
}

/** What the last process printed. */
export interface Outcome {
  readonly resumed: number;
  readonly result: { readonly status: string; readonly output: Incident };
  readonly stored: string | undefined;
  readonly calls: readonly string[];
}

export const outcomeOf = (exit: Exit): Outcome => JSON.parse(exit.output);

/** What is wrong with a trial after its last process, or undefined. `kills` were made before. */
export function judge(trial: Trial, exit: Exit, kills: number): string | undefined {
  if (exit.code !== 0) return `the last process ended with ${exit.signal ?? exit.code}: ${exit.errors}`;
  const { result, stored } = outcomeOf(exit);
  if (result.status !== "SUCCEEDED") return `the incident is lost: ${JSON.stringify(result)}`;
  const incident = result.output;
  const changes = trial
    .effects()
    .filter(({ what }) => what === "stop" || what === "desire")
    .map(({ what, detail }) => `${what} ${detail.split("|")[0]}`);
  const reports = trial.effects().filter(({ what }) => what === "report");
  if (new Set(changes).size !== changes.length) return `an action was repeated: ${changes.join(", ")}`;
  if (reports.length === 0) return "nobody was told";
  // Telling people is at least once: a process that dies between the message and its checkpoint tells again.
  if (reports.length > kills + 1) return `told ${reports.length} times after ${kills} kills`;
  if (new Set(reports.map(({ detail }) => detail)).size !== 1) return "told of different ends";
  if (stored !== incident.status) return `the store says ${stored}, the report ${incident.status}`;
  if (incident.status === "open" || incident.closedAt === undefined) return "it has not ended";
  if (incident.status === "resolved" && incident.verification?.outcome !== "recovered")
    return "resolved unproven";
  if (changes.length > 0 && incident.actions.length === 0) return "what was done is not told";
  const outcomes = incident.actions.map((action) => action.outcome);
  if (changes.length > 0 && outcomes.includes("nothing-changed")) return "it says that nothing was changed";
  return undefined;
}
