import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll } from "vitest";
import {
  expanded,
  type LocalDynamo,
  REGION,
  startLocalDynamo,
} from "../../../test/contract/dynamodb-local.ts";
import { sealedByNewer } from "../../../test/contract/incident-store/sealed-by-newer.ts";
import { callInProcesses } from "../../../test/contract/incident-store/store-process.ts";
import { incidentStoreContract } from "../../../test/contract/incident-store.contract.ts";
import type { OpsAgentError } from "../../domain/errors.ts";
import { createDynamoDbStore } from "./dynamodb-store.ts";

const child = fileURLToPath(new URL("../../../test/contract/dynamodb-process.ts", import.meta.url));

let dynamo: LocalDynamo;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

incidentStoreContract("DynamoDB", async () => {
  const table = await dynamo.createTable();
  const { endpoint } = dynamo;
  const reported: OpsAgentError[] = [];
  const open = () =>
    createDynamoDbStore(table, {
      region: REGION,
      endpoint,
      onUnreadable: (problem) => reported.push(problem),
    });
  const stores = [open()];
  return {
    store: stores[0] as (typeof stores)[number],
    reported,
    reopen: async () => {
      const store = open();
      stores.push(store);
      return store;
    },
    damage: async (id) => {
      const items = await dynamo.items(table);
      const head = items.find((item) => item["pk"] === `incident#${id}` && item["sk"] === "record");
      await dynamo.put(table, { ...head, body: Buffer.from("{"), summary: "{" });
    },
    damageEvent: async (id, key) => {
      const items = await dynamo.items(table);
      const event = items.find((item) => item["pk"] === `incident#${id}` && item["sk"] === `event#${key}`);
      await dynamo.put(table, { ...event, body: Buffer.from("{") });
    },
    appendAsNewer: async (event) => {
      const [last] = (await stores[0]?.entries())?.slice(-1) ?? [];
      const { entry, text } = sealedByNewer(event, last);
      const { incidentId, key, kind, at } = event;
      const body = gzipSync(text);
      await dynamo.put(table, {
        pk: `incident#${incidentId}`,
        sk: `event#${key}`,
        name: key,
        kind,
        at,
        body,
      });
      await dynamo.put(table, { pk: "audit", sk: String(entry.seq).padStart(12, "0"), ...entry });
      await dynamo.put(table, { pk: `audit-of#${incidentId}`, sk: key, seq: entry.seq });
    },
    dump: async () => JSON.stringify((await dynamo.items(table)).map(expanded)),
    inProcesses: (work) => callInProcesses(child, [endpoint, REGION, table], work),
    dispose: async () => {
      for (const store of stores) store.close();
    },
  };
});
