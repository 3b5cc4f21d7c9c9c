/** Runs as a process of its own: `node dynamodb-process.ts ENDPOINT REGION TABLE` makes the calls that the test sends it. */
import { createDynamoDbStore } from "../../src/adapters/dynamodb-store/dynamodb-store.ts";
import { serveCalls } from "./incident-store/store-process.ts";

const [endpoint = "", region = "", table = ""] = process.argv.slice(2);
const store = createDynamoDbStore(table, { region, endpoint });
await serveCalls(() => store);
store.close();
