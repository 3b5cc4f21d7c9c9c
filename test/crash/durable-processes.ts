/** Helpers of the crash tests: processes that run an incident, and the person who approves it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createDurableEngine, type DurableEngine } from "../../packages/durable-sqlite/index.ts";

export type Exit = { signal: string | null; code: number | null; output: string; errors: string };

export function createScratch(): { database: string; log: (name: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), "durable-crash-"));
  return { database: join(folder, "durable.db"), log: (name) => join(folder, `${name}.log`) };
}

/** Starts a process that runs the named incident. */
export function launch(
  database: string,
  name: string,
  log: string,
  killPoint = "none",
): { child: ChildProcess; exit: Promise<Exit> } {
  return launchProgram("durable-incident.ts", [database, name, log, killPoint]);
}

/** Starts one of the programs in this folder. */
export function launchProgram(
  program: string,
  parameters: string[],
): { child: ChildProcess; exit: Promise<Exit> } {
  const file = fileURLToPath(new URL(`./${program}`, import.meta.url));
  const child = spawn(process.execPath, [file, ...parameters], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  child.stderr.on("data", (data) => {
    errors += data;
  });
  const exit = new Promise<Exit>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, output, errors }));
  });
  return { child, exit };
}

/** The lines an incident left behind. */
export function readLog(log: string): string[] {
  try {
    return readFileSync(log, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

/** Approves, from this process, whatever open callback it finds; returns how to stop that. */
export function startApprover(database: string): {
  engine: DurableEngine<unknown, unknown>;
  decided: string[];
  stop: () => Promise<void>;
} {
  const engine = createDurableEngine<unknown, unknown>({
    database,
    workflow: async () => {
      throw new Error("The approver runs no workflow.");
    },
    codeVersion: "approver",
  });
  const decided: string[] = [];

  async function approve(): Promise<void> {
    for (const { name } of await engine.list({ status: "RUNNING" })) {
      for (const { callbackId } of await engine.operations(name)) {
        if (callbackId && (await engine.completeCallback(callbackId, "yes")) === "completed") {
          decided.push(name);
        }
      }
    }
  }

  let approving = Promise.resolve();
  const timer = setInterval(() => {
    approving = approving.then(approve);
  }, 100);
  return {
    engine,
    decided,
    async stop() {
      clearInterval(timer);
      await approving;
      await engine.stop();
    },
  };
}
