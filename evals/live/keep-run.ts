/** Keeps what is needed to see why a run was wrong: the agent's folder with its store, its log, and what really happened. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface WrongRun {
  /** The agent's folder: its store, its policy, whatever it wrote. */
  readonly site: string;
  readonly output: string;
  /** By the name of a file; each is written as JSON. */
  readonly records: Readonly<Record<string, unknown>>;
}

/** Writes it all into this folder, in place of what an earlier try left there. Call it before the site is removed. */
export function keepRun(folder: string, { site, output, records }: WrongRun): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(site, join(folder, "agent"), { recursive: true });
  writeFileSync(join(folder, "agent.log"), output);
  for (const [name, record] of Object.entries(records))
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(record, null, 2)}\n`);
}
