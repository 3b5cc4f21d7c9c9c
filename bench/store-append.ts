/**
 * What appending costs: an incident's events one by one, with 60 KB of evidence, on a SQLite file and on DynamoDB
 * (dynalite, through a proxy that counts calls): `node bench/store-append.ts [incidents]`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDynamoDbStore } from "../src/adapters/dynamodb-store/dynamodb-store.ts";
import { createSqliteStore } from "../src/adapters/sqlite-store/sqlite-store.ts";
import type { IncidentStore } from "../src/domain/ports.ts";
import { REGION, startLocalDynamo } from "../test/contract/dynamodb-local.ts";
import { startDynamoProxy } from "../test/contract/dynamodb-proxy.ts";
import { incidentStream, largeEvidence } from "../test/samples/incident-events.ts";

const incidents = Number(process.argv[2] ?? 20);
const evidence = largeEvidence(60_000);

/** Milliseconds of each append, in order of size. */
async function appendAll(store: IncidentStore): Promise<readonly number[]> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let incident = 0; incident < incidents; incident += 1) {
    for (const event of incidentStream(`inc-${incident}`, { evidence })) {
      const began = performance.now();
      await store.append([event]);
      times.push(performance.now() - began);
    }
  }
  const { user, system } = process.cpuUsage(before);
  console.log(`CPU       ${((user + system) / 1_000 / times.length).toFixed(2)} ms an event`);
  return times.sort((one, other) => one - other);
}

function told(times: readonly number[]): string {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const p95 = times[Math.floor(times.length * 0.95)] ?? 0;
  return `${times.length} events: ${mean.toFixed(2)} ms an event, p95 ${p95.toFixed(2)} ms`;
}

const folder = mkdtempSync(join(tmpdir(), "opsagent-append-"));
const sqlite = createSqliteStore(join(folder, "store.db"));
console.log(`SQLite    ${told(await appendAll(sqlite))}`);
sqlite.close();
rmSync(folder, { recursive: true });

const dynamo = await startLocalDynamo();
const proxy = await startDynamoProxy(dynamo.endpoint);
const table = await dynamo.createTable();
const store = createDynamoDbStore(table, { region: REGION, endpoint: proxy.endpoint });
const times = await appendAll(store);
const byOperation = Map.groupBy(proxy.calls, ({ operation }) => operation);
const calls = [...byOperation].map(([name, some]) => `${name} ${(some.length / times.length).toFixed(1)}`);
const bytes = proxy.calls.reduce((sum, { body }) => sum + body.length, 0);
console.log(`DynamoDB  ${told(times)}`);
console.log(
  `          ${(proxy.calls.length / times.length).toFixed(1)} calls an event (${calls.join(", ")}), ` +
    `${(bytes / times.length / 1_000).toFixed(1)} kB sent`,
);
store.close();
await proxy.stop();
await dynamo.stop();
