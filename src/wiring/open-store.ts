/** Opens the configured incident store. */
import { createDynamoDbStore } from "../adapters/dynamodb-store/dynamodb-store.ts";
import { createSqliteStore } from "../adapters/sqlite-store/sqlite-store.ts";
import type { Sealing } from "../audit/sealing.ts";
import type { OpsAgentError } from "../domain/errors.ts";
import type { IncidentStore, Logger } from "../domain/ports.ts";
import type { Config } from "./config.ts";
import { wireSealing } from "./wire-audit.ts";

export type ClosableStore = IncidentStore & { close(): void };

/**
 * Opens it; it seals its audit trail. Throws `store-failed` for a SQLite file that cannot be opened; DynamoDB is first
 * called when it is used.
 */
export function openStore(
  config: Pick<Config, "store" | "aws" | "auditKey">,
  onUnreadable: (problem: OpsAgentError) => void = () => {},
  logger?: Logger,
): ClosableStore {
  return openSealing(config, onUnreadable, logger).store;
}

/** The same with what seals it. */
export function openSealing(
  config: Pick<Config, "store" | "aws" | "auditKey">,
  onUnreadable: (problem: OpsAgentError) => void = () => {},
  logger?: Logger,
): { readonly store: ClosableStore; readonly sealing: Sealing } {
  return wireSealing(config, opened(config, onUnreadable), logger);
}

function opened(
  { store, aws }: Pick<Config, "store" | "aws">,
  onUnreadable: (problem: OpsAgentError) => void,
): ClosableStore {
  if (store.kind === "sqlite") return createSqliteStore(store.path, { onUnreadable });
  const { region, endpoint } = aws;
  return createDynamoDbStore(store.table, {
    region,
    onUnreadable,
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}
