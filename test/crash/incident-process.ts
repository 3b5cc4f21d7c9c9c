/**
 * The program of the crash tests of incidents: one OpsAgent in a process of its own, over a world, a store and an
 * engine that are kept in FOLDER. `node incident-process.ts FOLDER SCENARIO HOW [KILL] [MEANWHILE]`, where HOW is
 * `handle` (the alarms come, or come again) or `resume` (only what was taken in is continued), KILL a moment of
 * kill-points.ts, and MEANWHILE the moment at which the second alarm comes in; an OK comes when a question was put, and
 * a late alarm when people were told. It ends when nothing is left to do.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import { createDurableEngine, type DurableEngine } from "../../packages/durable-sqlite/index.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { acceptEvent, beginAbandoned, handleEvent } from "../../src/ingestion/intake.ts";
import { createExecutionWatch } from "../../src/wiring/executions.ts";
import { executionName } from "../../src/workflow/execution-name.ts";
import type { IncidentInput } from "../../src/workflow/incident-input.ts";
import { createIncidentWorkflow } from "../../src/workflow/incident-workflow.ts";
import { reportLost } from "../../src/workflow/lost-incident.ts";
import { dependenciesOf } from "../support/dependencies.ts";
import { createSmallWorld, type Effect, type EffectLog, fastClock, TARGET } from "../support/small-world.ts";
import {
  firstEvent,
  policyOf,
  type ScenarioName,
  type Second,
  scenarioOf,
  secondEvent,
} from "./incident-scenarios.ts";
import { createKillPoints, watchCommits } from "./kill-points.ts";

/** What the process prints at its end. */
export interface Outcome {
  readonly resumed: number;
  readonly executions: readonly { readonly name: string; readonly status: string }[];
  /** Every moment at which it could have been killed, in order. */
  readonly moments: readonly string[];
}

/** The moment at which a question has been put. */
const ASKED = "after:store.noteMessage#1";
/** The moment at which people were told. */
const TOLD = "after:notifier.notify#1";

/** Effects as lines of a file that only grows. */
export function fileLog(path: string): EffectLog {
  return { add: (effect) => appendLine(path, effect), all: () => readLines<Effect>(path) };
}

export function readLines<T>(path: string): T[] {
  try {
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    return lines.map((line): T => JSON.parse(line));
  } catch {
    return [];
  }
}

function appendLine(path: string, value: unknown): void {
  appendFileSync(path, `${JSON.stringify(value)}\n`);
}

/** Exits once everything is written; what is long would be cut off otherwise. */
export function printAndExit(value: unknown): void {
  process.stdout.write(JSON.stringify(value), () => process.exit(0));
}

async function main(
  folder: string,
  name: ScenarioName,
  how: string,
  killAt: string,
  meanwhile: string,
): Promise<Outcome> {
  const scenario = scenarioOf(name);
  const { second } = scenario;
  const world = createSmallWorld({ ...scenario.world, log: fileLog(join(folder, "effects.log")) });
  let secondComing: Promise<unknown> | undefined;
  const points = createKillPoints({
    killAt,
    deaths: join(folder, "deaths.log"),
    onReach: (moment) => {
      if (moment === meanwhile) secondComing = acceptSecond("joins");
      if (second === "clears" && moment === ASKED) secondComing = passAndClear();
      if (second === "comes late" && moment === TOLD) secondComing ??= acceptSecond(second);
    },
  });
  watchCommits(points);
  const store = createSqliteStore(join(folder, "store.db"));
  const watch = createExecutionWatch(
    () => engine,
    store,
    (alert, fault) => reportLost(alert, fault, deps),
  );
  const deps = {
    ...dependenciesOf(world, store, {
      policy: policyOf(scenario),
      engine: () => engine.identity,
      notify: (incident) => appendLine(join(folder, "told.log"), incident),
      callbackClient: {
        resume: async (callbackId, verdict) => {
          points.reach("before", "callbackClient.resume");
          const resumed = await engine.completeCallback(callbackId, JSON.stringify(verdict));
          points.reach("after", "callbackClient.resume");
          return resumed;
        },
      },
      hook: {
        before: (call) => points.reach("before", call),
        after: (call) => points.reach("after", call),
      },
    }),
    reported: watch.reported,
  };
  const engine: DurableEngine<IncidentInput, Incident> = createDurableEngine<IncidentInput, Incident>({
    database: join(folder, "executions.db"),
    workflow: createIncidentWorkflow(deps),
    codeVersion: "1",
    pollMs: 5,
    clock: fastClock,
    onError: (error, execution) => {
      process.stderr.write(`${execution}: ${error.message}\n`);
      watch.fault(error, execution);
    },
  });
  const options = { cluster: TARGET.cluster };
  /** As a process that stays takes it in, and that ends with what the engine has to do. */
  const accept = async (event: unknown) => {
    await acceptEvent(event, options, watch.executions, deps);
    appendLine(join(folder, "accepted.log"), event);
  };
  const handle = async (event: unknown) => {
    const incidents = await handleEvent(event, options, watch.executions, deps);
    appendLine(join(folder, "accepted.log"), event);
    const mine = incidents.filter(({ joinedTo }) => joinedTo === undefined);
    await Promise.all(mine.map(({ alert }) => watch.ended(executionName(alert))));
  };
  async function acceptSecond(kind: Second): Promise<void> {
    await accept(secondEvent(world, kind));
  }
  async function passAndClear(): Promise<void> {
    world.log.add({ at: fastClock(), what: "calm", detail: "" });
    await acceptSecond("clears");
  }

  let resumed = 0;
  if (how === "resume") {
    await beginAbandoned(watch.executions, deps);
    resumed = await engine.resume();
  } else if (second === "joins" && meanwhile === "") {
    await Promise.all([handle(firstEvent(world)), handle(secondEvent(world, "joins"))]);
  } else {
    // Its sender sends an OK again that was not taken in.
    if (second === "clears" && world.log.all().some(({ what }) => what === "calm"))
      secondComing = acceptSecond("clears");
    if (second === "comes late" && world.log.all().some(({ what }) => what === "report"))
      secondComing = acceptSecond(second);
    await (second === "comes late" ? accept : handle)(firstEvent(world));
    if (second === "refires") await handle(secondEvent(world, "refires"));
  }
  await everythingOver(engine);
  await secondComing;
  await everythingOver(engine);
  const executions = (await engine.list()).map(({ name, status }) => ({ name, status }));
  await engine.stop();
  store.close();
  return { resumed, executions, moments: points.moments };
}

async function everythingOver(engine: DurableEngine<IncidentInput, Incident>): Promise<void> {
  for (;;) {
    const running = await engine.list({ status: "RUNNING" });
    if (running.length === 0) return;
    await Promise.all(running.map(({ name }) => engine.waitFor(name)));
  }
}

if (import.meta.main) {
  const [, , folder = "", scenario = "", how = "handle", killAt = "", meanwhile = ""] = argv;
  printAndExit(await main(folder, scenario as ScenarioName, how, killAt, meanwhile));
}
