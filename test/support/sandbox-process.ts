import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A sandbox in a process of its own. */
export interface SandboxProcess {
  readonly endpoint: string;
  /** Calls the control API and gives the parsed answer. Throws when it is not a success. */
  control(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** Starts `packages/ecs-sandbox/main.ts`; it also ends when this process does, because its stdin is ours. */
export async function startSandbox(): Promise<SandboxProcess> {
  const main = join(import.meta.dirname, "../../packages/ecs-sandbox/main.ts");
  const child = spawn(process.execPath, [main], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const died = ended.then(([code]): never => {
    throw new Error(`The sandbox ended with ${code} before it gave its address.`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), died]);
  died.catch(() => {});
  const addresses = JSON.parse(String(line)) as { endpoint: string; control: string };

  return {
    endpoint: addresses.endpoint,
    async control(method, path, body) {
      const request = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await fetch(`${addresses.control}${path}`, request);
      const answer = (await response.json()) as Record<string, unknown>;
      if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      return answer;
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
