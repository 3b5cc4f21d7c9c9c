/** Opens the configured incident store. */
import { createDynamoDbStore } from "../adapters/dynamodb-store/dynamodb-store.ts";
import { createSqliteStore } from "../adapters/sqlite-store/sqlite-store.ts";
import type { OpsAgentError } from "../domain/errors.ts";
import type { IncidentStore } from "../domain/ports.ts";
import type { Config } from "./config.ts";

export type ClosableStore = IncidentStore & { close(): void };

/**
 * Opens it. Throws `store-failed` for a SQLite file that cannot be opened; DynamoDB is first called when it is used.
 */
export function openStore(
  { store, aws }: Pick<Config, "store" | "aws">,
  onUnreadable: (problem: OpsAgentError) => void = () => {},
): ClosableStore {
  if (store.kind === "sqlite") return createSqliteStore(store.path, { onUnreadable });
  const { region, endpoint } = aws;
  return createDynamoDbStore(store.table, {
    region,
    onUnreadable,
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}
