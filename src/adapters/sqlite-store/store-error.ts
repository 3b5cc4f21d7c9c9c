import { OpsAgentError } from "../../domain/errors.ts";

/** SQLite's primary result codes (https://sqlite.org/rescode.html) that a person can do something about. */
const REMEDIES = new Map([
  [5, "Another process is using the store: try again, or stop that process."],
  [6, "Another process is using the store: try again, or stop that process."],
  [8, "Make the store file and its folder writable for this user."],
  [10, "Check the disk that holds the store."],
  [11, "The store file is damaged: keep a copy of it and start with a new one (OPSAGENT_STORE)."],
  [13, "Free some space on the disk that holds the store."],
  [14, "Check that the path in OPSAGENT_STORE is a file in a folder that this user may write."],
  [26, "The file in OPSAGENT_STORE is not a store of OpsAgent: choose another path."],
]);

const BUSY_CODES: readonly number[] = [5, 6];

/** The primary result code of a fault of `node:sqlite`; undefined for any other fault. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

/** Any fault while the store was `doing` something, as an {@link OpsAgentError} `store-failed`. */
export function storeError(doing: string, error: unknown): OpsAgentError {
  if (error instanceof OpsAgentError) return error;
  const code = resultCode(error);
  const why = error instanceof Error ? error.message : String(error);
  return new OpsAgentError({
    code: "store-failed",
    message: `The store could not ${doing}: ${why}`,
    remedy: REMEDIES.get(code ?? -1) ?? "Check the path in OPSAGENT_STORE, its rights and the disk.",
    retryable: code !== undefined && BUSY_CODES.includes(code),
    cause: error,
  });
}

/** Runs synchronous work as a promise, its faults as {@link storeError}s. */
export async function guarded<T>(doing: string, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    throw storeError(doing, error);
  }
}
