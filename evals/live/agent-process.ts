/** A process of an agent, without this process's environment. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import type { Site } from "./agent.ts";

export interface AgentProcess {
  readonly pid: number | undefined;
  readonly output: () => string;
  /** How it ended; undefined while it runs. */
  readonly ended: () => string | undefined;
  stop(): Promise<void>;
}

/** The most characters of output that are kept. */
const KEPT = 200_000;
const STOP_WITHIN_MS = 8_000;

/**
 * Starts a process in the site's folder. It gets what AWS's SDK needs to reach the sandbox, a PATH with this Node,
 * and `environment`; nothing else of this process's environment, which may hold keys or names of faults.
 */
export function startAgentProcess(
  file: string,
  argv: readonly string[],
  site: Site,
  environment: Readonly<Record<string, string>>,
): AgentProcess {
  const child: ChildProcess = spawn(file, argv, {
    cwd: site.folder,
    env: {
      PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      HOME: site.folder,
      TMPDIR: site.folder,
      TZ: "UTC",
      AWS_ENDPOINT_URL: site.awsEndpoint,
      AWS_REGION: site.region,
      AWS_DEFAULT_REGION: site.region,
      AWS_ACCESS_KEY_ID: "range",
      AWS_SECRET_ACCESS_KEY: "range",
      AWS_EC2_METADATA_DISABLED: "true",
      ECS_CLUSTER: site.cluster,
      SLACK_WEBHOOK_URL: site.slackUrl,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own, so that its children can be ended with it.
    detached: true,
  });
  let output = "";
  let ended: string | undefined;
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.once("error", (error) => {
    ended = `it could not be started: ${error.message}`;
  });
  child.once("exit", (code, signal) => {
    ended ??= `it ended with ${signal ?? `code ${code}`}`;
  });
  // Ctrl-C and faults of this process must end it, too.
  const end = () => signalGroup(child, "SIGKILL");
  process.once("exit", end);
  return {
    pid: child.pid,
    output: () => output,
    ended: () => ended,
    async stop() {
      process.off("exit", end);
      if (ended === undefined) {
        const gone = once(child, "exit");
        child.kill("SIGTERM");
        const timer = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_WITHIN_MS);
        await gone;
        clearTimeout(timer);
      }
      signalGroup(child, "SIGKILL");
    },
  };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // No process of the group is left.
  }
}
