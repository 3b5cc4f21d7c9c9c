/** The store that a command works on. */
import { existsSync } from "node:fs";
import type { IncidentStore } from "../../domain/ports.ts";
import type { Config } from "../../wiring/config.ts";
import { openStore } from "../../wiring/open-store.ts";
import { readConfig } from "../../wiring/read-config.ts";
import { usableConfig } from "./terminal.ts";

/**
 * Opens the configured store (`OPSAGENT_STORE`) for `work` and closes it afterwards, whatever happens.
 * Throws `config-invalid` for an unusable configuration and `store-failed` when the store cannot be opened.
 */
export async function withStore<T>(work: (store: IncidentStore) => Promise<T>): Promise<T> {
  const store = openStore(usableConfig(readConfig()));
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/**
 * Whether there is anything to read. Opening a SQLite store that is not there creates it, which a command that only
 * looks must not do; of a DynamoDB table nobody knows before it is asked. Throws `config-invalid`.
 */
export function storeExists(): boolean {
  return isThere(usableConfig(readConfig()));
}

/** The same for a configuration that was read. */
export function isThere({ store }: Pick<Config, "store">): boolean {
  return store.kind === "dynamodb" || existsSync(store.path);
}
