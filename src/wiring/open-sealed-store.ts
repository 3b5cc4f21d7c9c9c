/** Opens the configured store for those that write: it seals its audit trail. */
import type { Sealing } from "../audit/sealing.ts";
import type { OpsAgentError } from "../domain/errors.ts";
import type { Logger } from "../domain/ports.ts";
import type { Config } from "./config.ts";
import { type ClosableStore, openStore } from "./open-store.ts";
import { wireSealing } from "./wire-audit.ts";

/** As {@link openStore}, with what seals it. The key is read when it is first needed. */
export function openSealedStore(
  config: Pick<Config, "store" | "aws" | "auditKey">,
  onUnreadable?: (problem: OpsAgentError) => void,
  logger?: Logger,
): { readonly store: ClosableStore; readonly sealing: Sealing } {
  return wireSealing(config, openStore(config, onUnreadable), logger);
}
