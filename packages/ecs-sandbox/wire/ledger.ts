/** One API call that reached the sandbox. `outcome` is the HTTP status and, for a failure, the error code. */
interface LedgerEntry {
  readonly at: string;
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly userAgent: string;
  readonly mutating: boolean;
  readonly outcome: {
    readonly status: number;
    readonly code?: string;
    readonly dropped?: "before" | "after";
    readonly milliseconds: number;
  };
}

/** The record of every call, oldest first. */
export interface Ledger {
  add(entry: LedgerEntry): void;
  entries(): readonly LedgerEntry[];
  clear(): void;
}

const reading = /^(Describe|List|Get|Filter|Lookup|Search|BatchGet|Head|Simulate)|^(StartQuery|StopQuery)$/;

/** Whether an operation can change anything. Unknown names count as mutating. */
export function isMutating(operation: string): boolean {
  return !reading.test(operation);
}

/** A ledger in memory that keeps the newest `capacity` calls. */
export function createLedger(capacity = 100_000): Ledger {
  let entries: LedgerEntry[] = [];
  return {
    add(entry) {
      entries.push(entry);
      if (entries.length > capacity) entries = entries.slice(-Math.floor(capacity / 2));
    },
    entries: () => entries,
    clear() {
      entries = [];
    },
  };
}
