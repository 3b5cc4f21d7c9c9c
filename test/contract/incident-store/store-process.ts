/** Calls of a store made in processes of their own, for tests of what happens at once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { IncidentStore } from "../../../src/domain/ports.ts";

/** One call of the store, as data. */
export type StoreCall = {
  [Method in keyof IncidentStore]: {
    readonly method: Method;
    readonly args: Readonly<Parameters<IncidentStore[Method]>>;
  };
}[keyof IncidentStore];

/**
 * The child's side: reads a line with calls, opens the store, says that it is ready, waits for a line, makes the
 * calls one after the other and prints their results.
 */
export async function serveCalls(open: () => IncidentStore | Promise<IncidentStore>): Promise<void> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const calls: StoreCall[] = JSON.parse(String((await lines.next()).value));
  const store = await open();
  process.stdout.write("ready\n");
  await lines.next();
  const results: unknown[] = [];
  for (const { method, args } of calls) {
    const call: (...args: never[]) => Promise<unknown> = store[method];
    results.push(await call(...(args as readonly unknown[] as never[])));
  }
  process.stdout.write(`${JSON.stringify(results)}\n`);
}

/** The parent's side: one process of `script` for each list of calls; they start together once all are ready. */
export async function callInProcesses(
  script: string,
  args: readonly string[],
  work: readonly (readonly StoreCall[])[],
): Promise<unknown[][]> {
  const children = work.map((calls) => startChild(script, args, calls));
  await Promise.all(children.map((child) => child.ready));
  return Promise.all(children.map((child) => child.go()));
}

function startChild(script: string, args: readonly string[], calls: readonly StoreCall[]) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  const problems = text(child.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, "exit");
  const nextLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`A process of the test ended early: ${await problems}`);
    return value;
  };
  child.stdin.write(`${JSON.stringify(calls)}\n`);
  return {
    ready: nextLine(),
    async go(): Promise<unknown[]> {
      child.stdin.end("go\n");
      const results: unknown[] = JSON.parse(await nextLine());
      await exited;
      return results;
    },
  };
}
