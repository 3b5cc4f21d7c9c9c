import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How a process ended. `code` follows the shell: 128 + signal number when a signal killed it. */
export interface ProcessExit {
  readonly code: number;
  /** Set when the program could not be started at all. */
  readonly startError?: string;
}

/** The real process behind a container. */
export interface ContainerProcess {
  readonly pid: number | undefined;
  /** Resolves once the process exists, or could not be started. */
  readonly started: Promise<void>;
  readonly exited: Promise<ProcessExit>;
  running(): boolean;
  /** Sends a message over the IPC channel; lost when the process has none or is gone. */
  send(message: Readonly<Record<string, unknown>>): void;
  signal(name: "SIGTERM" | "SIGKILL"): void;
  /** SIGTERM, then SIGKILL when it still runs after the grace time. */
  stop(graceSeconds: number): Promise<ProcessExit>;
}

const signalNumbers: Readonly<Record<string, number>> = { SIGTERM: 15, SIGKILL: 9, SIGABRT: 6, SIGSEGV: 11 };

/** Starts a container's process; every line that it prints goes to `onLine`. */
export function startContainerProcess(
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): ContainerProcess {
  const [program = "", ...rest] = argv;
  const child = spawn(program, rest, {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  readLines(child, onLine);
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once("error", (error) => {
      if (child.pid === undefined) resolve({ code: 127, startError: error.message });
    });
    child.once("exit", (code, signal) => resolve({ code: code ?? 128 + (signalNumbers[signal ?? ""] ?? 0) }));
  });
  const started = new Promise<void>((resolve) => {
    child.once("spawn", resolve);
    child.once("error", () => resolve());
  });
  const running = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

  return {
    pid: child.pid,
    started,
    exited,
    running,
    send(message) {
      if (child.connected) child.send(message, () => {});
    },
    signal(name) {
      if (running()) child.kill(name);
    },
    async stop(graceSeconds) {
      if (running()) child.kill("SIGTERM");
      const timer = setTimeout(() => running() && child.kill("SIGKILL"), graceSeconds * 1000);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on("line", onLine);
  }
}
