/**
 * The program of the crash tests of incidents: runs the incident of one alert in a process of its own, over a
 * world, a store and an engine that are kept in FOLDER. `node incident-process.ts FOLDER TROUBLE [HOW] [KILL]`,
 * where HOW is `handle` (the event comes again) or `resume` (only what was begun is continued), and KILL is
 * `before:N` or `after:N`: the process kills itself around the N-th call of a port.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { argv, kill, pid } from "node:process";
import { createDurableEngine } from "../../src/adapters/durable-sqlite/index.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../src/domain/incident.ts";
import { createRunIncident, type IncidentInput } from "../../src/pipeline/run-incident.ts";
import { dependenciesOf } from "../support/dependencies.ts";
import {
  createSmallWorld,
  type Effect,
  type EffectLog,
  fastClock,
  type Trouble,
} from "../support/small-world.ts";

export const EXECUTION = "incident-crash";

/** Effects as lines of a file that only grows. */
export function fileLog(path: string): EffectLog {
  return {
    add: (effect) => appendFileSync(path, `${JSON.stringify(effect)}\n`),
    all: () => {
      try {
        return readFileSync(path, "utf8")
          .split("\n")
          .filter(Boolean)
          .map((line): Effect => JSON.parse(line));
      } catch {
        return [];
      }
    },
  };
}

async function main(folder: string, trouble: Trouble, how: string, killAt: string): Promise<void> {
  const world = createSmallWorld({ trouble, log: fileLog(join(folder, "effects.log")) });
  const store = createSqliteStore(join(folder, "store.db"));
  const calls: string[] = [];
  const die = (phase: string) => (call: string, number: number) => {
    if (phase === "before") calls.push(call);
    if (killAt === `${phase}:${number}` || killAt === `${phase}:${call}`) kill(pid, "SIGKILL");
  };
  const deps = dependenciesOf(world, store, { hook: { before: die("before"), after: die("after") } });
  const engine = createDurableEngine<IncidentInput, Incident>({
    database: join(folder, "executions.db"),
    workflow: createRunIncident(deps),
    codeVersion: "1",
    pollMs: 5,
    clock: fastClock,
    onError: (error) => process.stderr.write(`${error.message}\n`),
  });
  const resumed = how === "resume" ? await engine.resume() : 0;
  if (how === "handle") await engine.start(EXECUTION, { alert: world.alert() });
  const result = await engine.waitFor(EXECUTION);
  const [listed] = await store.list();
  await engine.stop();
  store.close();
  process.stdout.write(JSON.stringify({ resumed, result, stored: listed?.status, calls }));
}

if (import.meta.main) {
  const [, , folder = "", trouble = "leak", how = "handle", killAt = ""] = argv;
  await main(folder, trouble as Trouble, how, killAt);
  process.exit(0);
}
