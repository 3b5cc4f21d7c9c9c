/** Runs as a process of its own: `node sqlite-process.ts PATH` makes the calls that the test sends it. */
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { serveCalls } from "./incident-store/store-process.ts";

await serveCalls(() => createSqliteStore(process.argv[2] ?? ""));
