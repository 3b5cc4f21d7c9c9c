/** The store of a command that writes: its audit trail is sealed. */
import type { Sealing } from "../../audit/sealing.ts";
import type { IncidentStore } from "../../domain/ports.ts";
import type { Config } from "../../wiring/config.ts";
import { openSealedStore } from "../../wiring/open-sealed-store.ts";
import { readConfig } from "../../wiring/read-config.ts";
import { usableConfig } from "./terminal.ts";

/**
 * Opens the configured store for `work`, with what seals it, and closes it afterwards, whatever happens. Throws as
 * `withStore`.
 */
export async function withSealedStore<T>(
  work: (opened: { readonly store: IncidentStore; readonly sealing: Sealing }, config: Config) => Promise<T>,
): Promise<T> {
  const config = usableConfig(readConfig());
  const { store, sealing } = openSealedStore(config);
  try {
    return await work({ store, sealing }, config);
  } finally {
    store.close();
  }
}
