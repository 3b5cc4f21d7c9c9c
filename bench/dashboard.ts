/**
 * The dashboard over a store with 50 000 incidents (SQLite): `node bench/dashboard.ts [INCIDENTS]`. Real HTTP, and
 * Chromium where there is one. Bar: the list opens within 1 s.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createSqliteStore } from "../src/adapters/sqlite-store/sqlite-store.ts";
import { createBrakeControl } from "../src/approval/brake-control.ts";
import { summaryOf } from "../src/domain/incident/incident-summary.ts";
import { Policy } from "../src/domain/policy.ts";
import { dashboardOf } from "../src/interfaces/cli/serve/dashboard.ts";
import { startServer } from "../src/interfaces/cli/serve/serve.ts";
import { SAMPLES } from "../test/samples/every-incident.ts";
import { findChromium, startBrowser } from "../test/support/browser.ts";

const BAR_MS = 1_000;
const count = Number(process.argv[2] ?? 50_000);
const folder = mkdtempSync(join(tmpdir(), "dashboard-bench-"));
const path = join(folder, "store.db");

// Written by plain SQL, in the store's own form: 50 000 appends would each wait for the disk.
const store = createSqliteStore(path);
const database = new DatabaseSync(path);
const insert = database.prepare(
  "INSERT INTO incidents (id, service, opened_at, record, listed_as, summary) VALUES (?, ?, ?, ?, ?, ?)",
);
const samples = Object.values(SAMPLES).map((sample) => sample());
const newest = Date.now();
database.exec("BEGIN");
for (let index = 0; index < count; index++) {
  const sample = samples[index % samples.length];
  if (sample === undefined) break;
  // One a minute: 50 000 of them fill most of the figures' thirty days.
  const openedAt = new Date(newest - index * 60_000).toISOString();
  const target = { cluster: "production", service: `service-${index % 200}` };
  const incident = { ...sample, id: `inc-${index}`, openedAt, target };
  const summary = summaryOf(incident);
  insert.run(
    incident.id,
    target.service,
    Date.parse(openedAt),
    JSON.stringify(incident),
    summary.listedAs,
    JSON.stringify(summary),
  );
}
database.exec("COMMIT");
database.close();

const quiet = { info: () => undefined, warn: () => undefined, error: console.error };
const config = { policy: Policy.parse({}), mode: "auto", cluster: "production", diagnoser: "rules" } as const;
const server = await startServer(
  {
    store,
    approvals: { answer: () => Promise.reject(new Error("nobody answers here")) },
    brake: createBrakeControl({
      brake: store,
      policySource: { current: async () => ({ policy: config.policy, origin: { kind: "start" } }) },
      now: () => new Date(),
      logger: quiet,
    }),
    accept: async () => ({ incidents: [] }),
    notReady: async () => undefined,
    resume: async () => 0,
    stop: async () => undefined,
  },
  {
    host: "127.0.0.1",
    port: 0,
    config: { slackSigningSecret: undefined, httpTokens: [] },
    logger: quiet,
    dashboard: dashboardOf(store, config, "127.0.0.1"),
  },
);
const base = `http://127.0.0.1:${server.port}`;
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};
const get = async (address: string) => (await fetch(`${base}${address}`)).text();

console.log(
  `${count} incidents, ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB before the first request`,
);
const first = await timed(() => get("/"));
console.log(`list, first request        ${first.toFixed(0)} ms`);
const rows: [string, string][] = [
  ["list, again", "/"],
  ["list by service", "/?service=service-7"],
  ["list by status", "/?status=failed"],
  ["list by both", "/?service=service-7&status=failed"],
  ["JSON API, 50", "/api/incidents"],
  ["one incident", "/incidents/inc-1234"],
  ["its RCA", "/incidents/inc-1234/rca"],
  ["services, first", "/services"],
  ["services, again", "/services"],
  ["cost", "/cost"],
  ["scorecard, first", "/scorecard"],
  ["scorecard, again", "/scorecard"],
];
for (const [name, address] of rows) {
  console.log(`${name.padEnd(26)} ${(await timed(() => get(address))).toFixed(0)} ms`);
}
const executable = findChromium();
let opened = first;
if (executable !== undefined) {
  const browser = await startBrowser(executable);
  const page = await browser.newPage();
  // The browser's own start is not the dashboard's.
  await page.goto(`${base}/sign-in`, { waitUntil: "load" });
  const loads: number[] = [];
  for (let load = 0; load < 5; load++)
    loads.push(await timed(() => page.goto(`${base}/?load=${load}`, { waitUntil: "load" })));
  const [quickest = 0, , median = 0, , slowest = 0] = loads.toSorted((one, other) => one - other);
  opened = median;
  console.log(
    `list in Chromium, loaded   ${median.toFixed(0)} ms, median of 5, ${quickest.toFixed(0)} to ${slowest.toFixed(0)} (bar: ${BAR_MS} ms)`,
  );
  await browser.close();
}
console.log(`resident memory at the end ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`);
await server.close();
store.close();
rmSync(folder, { recursive: true });
process.exitCode = Math.max(first, opened) > BAR_MS ? 1 : 0;
