import { afterAll, beforeAll } from "vitest";
import { type LocalDynamo, REGION, startLocalDynamo } from "../../../test/contract/dynamodb-local.ts";
import { oldStoreContract } from "../../../test/contract/old-store.contract.ts";
import { writeOldItems } from "../../../test/support/store-before-events.ts";
import { createDynamoDbStore } from "./dynamodb-store.ts";

let dynamo: LocalDynamo;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

oldStoreContract("DynamoDB", async () => {
  const table = await dynamo.createTable();
  await writeOldItems(dynamo, table);
  return createDynamoDbStore(table, { region: REGION, endpoint: dynamo.endpoint });
});
