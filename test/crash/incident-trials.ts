/** One trial is a folder, processes that die in it, and what they left there. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { Effect } from "../support/small-world.ts";
import { type Exit, launchProgram } from "./durable-processes.ts";
import { answerWhenAsked } from "./incident-person.ts";
import { fileLog, type Outcome, readLines } from "./incident-process.ts";
import { type Scenario, type ScenarioName, scenarioOf } from "./incident-scenarios.ts";

export type How = "handle" | "resume";

/** A process that has not ended by then hangs; a whole incident takes about a second. */
const HANGING_MS = 60_000;

export interface Trial {
  readonly name: ScenarioName;
  readonly scenario: Scenario;
  readonly folder: string;
  /** Starts an OpsAgent; it kills itself at `killAt`, and the second alarm comes in at `meanwhile`. */
  start(how: How, killAt?: string, meanwhile?: string): ReturnType<typeof launchProgram>;
  /** Starts the process of a person who answers, once asked. */
  answer(verdict: "approved" | "denied", killAt?: string): ReturnType<typeof launchProgram>;
  /** Lets the scenario's person answer from this process; returns how to send them away. */
  attend(): () => Promise<void>;
  effects(): readonly Effect[];
  /** Incidents as people were told of them, in order. */
  told(): readonly Incident[];
  /** Alarms whose sender was told that they were taken in. */
  accepted(): readonly unknown[];
  /** The moments at which processes killed themselves, each with the calls that were going on. */
  deaths(): readonly string[];
  remove(): void;
}

export function createTrial(name: ScenarioName): Trial {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-crash-"));
  const scenario = scenarioOf(name);
  const launch = (program: string, parameters: string[]) => {
    const launched = launchProgram(program, parameters);
    const timer = setTimeout(() => launched.child.kill("SIGABRT"), HANGING_MS);
    const exit = launched.exit.finally(() => clearTimeout(timer));
    return { ...launched, exit };
  };
  return {
    name,
    scenario,
    folder,
    start: (how, killAt = "", meanwhile = "") =>
      launch("incident-process.ts", [folder, name, how, killAt, meanwhile]),
    answer: (verdict, killAt = "") => launch("incident-person.ts", [folder, verdict, killAt]),
    attend: () => {
      const leaving = new AbortController();
      const { answer } = scenario;
      const attending =
        answer === undefined
          ? Promise.resolve(undefined)
          : answerWhenAsked(folder, answer, undefined, leaving.signal);
      return async () => {
        leaving.abort();
        await attending;
      };
    },
    effects: () => fileLog(join(folder, "effects.log")).all(),
    told: () => readLines<Incident>(join(folder, "told.log")),
    accepted: () => readLines(join(folder, "accepted.log")),
    deaths: () => readText(join(folder, "deaths.log")).split("\n").filter(Boolean),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

export const outcomeOf = (exit: Exit): Outcome => JSON.parse(exit.output);

export interface Rehearsal {
  readonly moments: readonly string[];
  /** Wall clock, from the start of its process. */
  readonly tookMs: number;
}

/** A run in which nobody is killed. */
export async function rehearse(name: ScenarioName): Promise<Rehearsal> {
  const trial = createTrial(name);
  const startedAt = performance.now();
  const sendAway = trial.attend();
  const meanwhile = trial.scenario.second === "joins" ? MIDDLE : "";
  const exit = await trial.start("handle", "", meanwhile).exit;
  await sendAway();
  if (exit.code !== 0) throw new Error(`${name} does not end unharmed in ${trial.folder}: ${exit.errors}`);
  trial.remove();
  return { moments: outcomeOf(exit).moments, tookMs: performance.now() - startedAt };
}

/** A moment in the middle of an incident, at which its second alarm comes in. */
const MIDDLE = "before:ecs.tasks#2";

/** The moments of a person's process that answers and is not killed. */
export async function rehearsePerson(): Promise<readonly string[]> {
  const trial = createTrial("rollback approved");
  const running = trial.start("handle").exit;
  const person = await trial.answer("approved").exit;
  await running;
  trial.remove();
  return outcomeOf(person).moments;
}
