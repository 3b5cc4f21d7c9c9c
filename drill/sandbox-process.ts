/** Starts the sandbox as a process and calls its control API. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

export interface Sandbox {
  /** The AWS endpoint, the only address that the agent gets. */
  readonly endpoint: string;
  readonly pid: number | undefined;
  /** For the driver only. */
  readonly controlAddress: string;
  /** Calls the control API; throws its error. */
  control<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<T>;
  /** Stops the sandbox and everything it started. */
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** A module that is loaded before the sandbox, and whose lines on file descriptor 3 go to `onLine`. */
  readonly watch?: { readonly module: string; readonly onLine: (line: string) => void };
}

/** Starts the sandbox. It ends with this process, however that ends, since it watches its standard input. */
export async function startSandbox({ watch }: SandboxOptions = {}): Promise<Sandbox> {
  const main = join(import.meta.dirname, "../packages/ecs-sandbox/main.ts");
  // A process group of its own: Ctrl-C in the terminal reaches the drill, which stops the sandbox.
  const child = spawn(process.execPath, [...(watch ? ["--import", watch.module] : []), main], {
    stdio: ["pipe", "pipe", "pipe", watch ? "pipe" : "ignore"],
    detached: true,
  });
  const watched = child.stdio[3];
  if (watch && watched instanceof Readable) createInterface({ input: watched }).on("line", watch.onLine);
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const { endpoint, control } = await firstLine(child, () => errors);
  return {
    endpoint,
    pid: child.pid,
    controlAddress: control,
    control: async <T>(method: "GET" | "POST", path: string, body?: unknown) => {
      const response = await fetch(`${control}${path}`, {
        method,
        ...(method === "POST"
          ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) }
          : {}),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`The sandbox refused ${method} ${path}: ${text}`);
      return JSON.parse(text) as T;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

async function firstLine(
  child: ChildProcess,
  errors: () => string,
): Promise<{ endpoint: string; control: string }> {
  if (child.stdout === null) throw new Error("The sandbox has no standard output.");
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit").then(() => {
    throw new Error(`The sandbox ended before it was ready. ${errors()}`);
  });
  const [line] = (await Promise.race([once(lines, "line"), ended])) as [string];
  ended.catch(() => undefined);
  return JSON.parse(line) as { endpoint: string; control: string };
}
