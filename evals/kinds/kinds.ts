/** The kinds, from the files of a set, and how each input is run. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lineOfEvents, runEvents, wrongsOfEvents } from "./run-events.ts";
import { lineOfIncident, runHandle, wrongsOfIncident } from "./run-handle.ts";
import { lineOf, runService, wrongsOf } from "./run-service.ts";
import type { EventInput, Kind, ServiceInput } from "./types.ts";

/** An input with its name in lists: the number of its kind and its own name. */
export interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly input: EventInput | ServiceInput;
}

/** What the product made of an input. */
export interface Answered {
  /** One sentence for each thing that is wrong; none where the answer is right. */
  readonly wrongs: readonly string[];
  /** The answer in one line. */
  readonly line: string;
}

/** The sets by name: `first`, which the product was mended for and a test holds, and `blind`, which only measures. */
const DIRECTORIES = {
  first: import.meta.dirname,
  blind: join(import.meta.dirname, "blind"),
} as const;

/** A set of inputs. */
export type InputSet = keyof typeof DIRECTORIES;

/** Every input of every kind of a set, in the order of its files. */
export function listInputs(set: InputSet = "first"): Listed[] {
  const directory = DIRECTORIES[set];
  return readdirSync(directory)
    .filter((name) => /^\d\d-.*\.json$/.test(name))
    .toSorted()
    .flatMap((name) => {
      const { kind, inputs } = JSON.parse(readFileSync(join(directory, name), "utf8")) as Kind;
      return inputs.map((input) => ({ id: `${name.slice(0, 2)} ${input.name}`, kind, input }));
    });
}

/** Runs an input through its public door. */
export async function answer(input: EventInput | ServiceInput): Promise<Answered> {
  if (!("story" in input) && input.described !== undefined) {
    const incident = await runHandle(input);
    return { wrongs: wrongsOfIncident(incident, input.expect), line: lineOfIncident(incident) };
  }
  if (!("story" in input)) {
    const result = runEvents(input);
    return { wrongs: wrongsOfEvents(result, input.expect), line: lineOfEvents(result) };
  }
  const said = await runService(input);
  return { wrongs: wrongsOf(said, input.expect), line: lineOf(said) };
}
