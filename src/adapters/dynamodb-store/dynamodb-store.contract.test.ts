import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";
import {
  expanded,
  type LocalDynamo,
  REGION,
  startLocalDynamo,
} from "../../../test/contract/dynamodb-local.ts";
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
      await dynamo.put(table, { ...head, body: Buffer.from("{") });
    },
    dump: async () => JSON.stringify((await dynamo.items(table)).map(expanded)),
    inProcesses: (work) => callInProcesses(child, [endpoint, REGION, table], work),
    dispose: async () => {
      for (const store of stores) store.close();
    },
  };
});
