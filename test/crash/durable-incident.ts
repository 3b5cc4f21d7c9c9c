/**
 * The workflow of the crash tests, and the program that runs one execution of it in a process of its own:
 * `node durable-incident.ts DATABASE NAME LOG [KILL POINT]`. It is shaped like an incident: read, ask, act
 * at most once, watch, report. Every effect is a line in LOG; at KILL POINT the process kills itself.
 */
import { appendFileSync } from "node:fs";
import { argv, kill, pid } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type DurableContext, StepSemantics } from "@aws/durable-execution-sdk-js";
import { createDurableEngine } from "../../packages/durable-sqlite/index.ts";

export const KILL_POINTS = [
  "before-observe",
  "in-observe",
  "after-observe",
  "in-branch",
  "in-submitter",
  "during-callback-wait",
  "after-approval",
  "before-effect",
  "after-effect",
  "after-act",
  "in-poll-0",
  "in-poll-1",
  "after-poll",
  "during-wait",
  "in-report",
  "after-report",
] as const;

/** In place of a kill point: the act takes long enough for a kill from outside to fall into it. */
export const SLOW_ACT = "slow-act";

/** Time runs this much faster for the engine, in all processes alike: its second is 100 ms. */
const SPEED = 10;

export const fastClock = () => Date.now() * SPEED;

export type IncidentResult = { approval: string; act: string; polls: number; report: string };

/** `record` leaves a trace of an effect; `hit` dies if this is the point asked for. */
export function createIncident(record: (line: string) => void, hit: (point: string) => void, actMs = 0) {
  const once = {
    semantics: StepSemantics.AtMostOncePerRetry,
    retryStrategy: () => ({ shouldRetry: false }),
  };

  return async (_input: { alarm: string }, context: DurableContext): Promise<IncidentResult> => {
    hit("before-observe");
    await context.step("observe", async () => {
      record("observe");
      hit("in-observe");
    });
    hit("after-observe");
    await context.parallel("evidence", [
      async (branch) => branch.step("metrics", async () => record("metrics")),
      async (branch) => branch.step("logs", async () => hit("in-branch")),
    ]);
    const approval = await context.waitForCallback(
      "approve",
      async (callbackId) => {
        record(`asked ${callbackId}`);
        hit("in-submitter");
        setTimeout(() => hit("during-callback-wait"), 30);
      },
      { timeout: { hours: 1 } },
    );
    hit("after-approval");
    const act = await context
      .step(
        "act",
        async () => {
          hit("before-effect");
          if (actMs > 0) await sleep(actMs / 2);
          record("ACT");
          hit("after-effect");
          if (actMs > 0) await sleep(actMs / 2);
          return "done";
        },
        once,
      )
      .catch((error: unknown) => {
        const cause = error instanceof Error ? error.cause : undefined;
        return cause instanceof Error && cause.name === "StepInterruptedError" ? "unknown" : "failed";
      });
    hit("after-act");
    const polls = await context.waitForCondition(
      "verify",
      async (seen: number) => {
        hit(`in-poll-${seen}`);
        return seen + 1;
      },
      {
        initialState: 0,
        waitStrategy: (seen) =>
          seen >= 2 ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds: 1 } },
      },
    );
    hit("after-poll");
    setTimeout(() => hit("during-wait"), 30);
    await context.wait("extend-lock", { seconds: 1 });
    const report = await context.step("report", async () => {
      record("report");
      hit("in-report");
      return "resolved";
    });
    hit("after-report");
    return { approval, act, polls, report };
  };
}

async function main(database: string, name: string, log: string, killPoint: string): Promise<void> {
  const workflow = createIncident(
    (line) => appendFileSync(log, `${line}\n`),
    (point) => {
      if (point === killPoint) kill(pid, "SIGKILL");
    },
    killPoint === SLOW_ACT ? 400 : 0,
  );
  const engine = createDurableEngine({
    database,
    workflow,
    codeVersion: "1",
    pollMs: 10,
    clock: fastClock,
    onError: (error) => process.stderr.write(`${error.message}\n`),
  });
  const { created } = await engine.start(name, { alarm: name });
  const result = await engine.waitFor(name);
  await engine.stop();
  process.stdout.write(JSON.stringify({ created, result }));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [, , database = "", name = "", log = "", killPoint = "none"] = argv;
  await main(database, name, log, killPoint);
  process.exit(0);
}
