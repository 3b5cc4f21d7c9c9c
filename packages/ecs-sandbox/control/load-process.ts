import { type ChildProcess, spawn } from "node:child_process";
import { demoProgram } from "../demo/images.ts";

/** What the load generator has counted so far. */
interface LoadCounts {
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Requests a second. */
  readonly rate: number;
}

/** A running load generator. */
export interface LoadProcess {
  readonly pid: number | undefined;
  counts(): LoadCounts;
  setRate(perSecond: number): void;
  /** The rate of one client that keeps its cookies, beside the others. */
  setClientRate(perSecond: number): void;
  stop(): Promise<void>;
}

/** Starts the load generator against a load balancer. */
export function startLoad(url: string, perSecond: number): LoadProcess {
  const program = demoProgram("load.ts");
  const [file, ...argv] = program.argv;
  const child: ChildProcess = spawn(file, argv, {
    env: { PATH: process.env["PATH"], ...program.environment, LOAD_URL: url, LOAD_RATE: String(perSecond) },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let rate = perSecond;
  let counts: LoadCounts = { sent: 0, succeeded: 0, failed: 0, rate };
  child.on("message", (message) => {
    counts = message as LoadCounts;
  });
  return {
    pid: child.pid,
    counts: () => ({ ...counts, rate }),
    setRate(next) {
      rate = next;
      if (child.connected) child.send({ rate });
    },
    setClientRate(client) {
      if (child.connected) child.send({ client });
    },
    async stop() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
