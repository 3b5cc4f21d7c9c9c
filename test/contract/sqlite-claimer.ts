import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";

/**
 * Run as a process of its own: `node sqlite-claimer.ts PATH START_AT KEY...` opens the store at the given epoch
 * milliseconds, claims every key and prints how many it was granted.
 */
const [path = "", startAt = "0", ...keys] = process.argv.slice(2);
while (Date.now() < Number(startAt));
const store = createSqliteStore(path);
let granted = 0;
for (const key of keys) if (await store.claim(key, new Date().toISOString())) granted += 1;
store.close();
process.stdout.write(String(granted));
