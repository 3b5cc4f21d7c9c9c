import { createDurableEngine } from "../src/adapters/durable-sqlite/index.ts";
import { type DurableContext } from "@aws/durable-execution-sdk-js";
import { rmSync } from "node:fs";
for (const s of ["", "-wal", "-shm"]) rmSync("/tmp/storm.db" + s, { force: true });
const N = 10000;
const engine = createDurableEngine({ database: "/tmp/storm.db", codeVersion: "1", workflow: async (_: string, c: DurableContext) => {
  await c.step("a", async () => 1);
  await c.waitForCallback("b", async () => {}, { timeout: { hours: 1 } });
  return c.step("c", async () => 1);
}});
let t = performance.now();
for (let i = 0; i < N; i++) await engine.start(`n${i}`, "x");
console.log("started", performance.now() - t, process.memoryUsage.rss() / 1e6);
let open: { name: string; callbackId?: string }[] = [];
for (;;) {
  const { DatabaseSync } = await import("node:sqlite");
  const db = new DatabaseSync("/tmp/storm.db");
  const rows = db.prepare("select callback_id as c from operations where type='CALLBACK' and status='STARTED'").all() as { c: string }[];
  const susp = db.prepare("select count(*) n from executions where suspended=1").get() as { n: number };
  db.close();
  if (susp.n === N) { open = rows.map((r) => ({ name: "", callbackId: r.c })); break; }
  await new Promise((r) => setTimeout(r, 200));
}
console.log("all suspended", performance.now() - t, process.memoryUsage.rss() / 1e6);
const c0 = process.cpuUsage();
await new Promise((r) => setTimeout(r, 3000));
const c1 = process.cpuUsage(c0);
console.log("idle cpu % with 10k suspended", (c1.user + c1.system) / 1e3 / 3000 * 100);
t = performance.now();
for (const o of open) await engine.completeCallback(o.callbackId!, "y");
for (let i = 0; i < N; i++) await engine.waitFor(`n${i}`);
console.log("all done", performance.now() - t, process.memoryUsage.rss() / 1e6);
await engine.stop();
