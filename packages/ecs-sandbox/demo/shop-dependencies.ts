/** What an order of the shop needs besides the shop: stock, a payment, a receipt on disk, an entry in a table. */
import { type Answer, call } from "./call.ts";
import { log } from "./log.ts";
import { passThroughDisk } from "./scratch.ts";

/** Something that the shop depends on did not do its part. */
export class DependencyError extends Error {
  /** Method and URL. */
  readonly request: string;
  /** The reply to the customer. */
  readonly answer: string;

  constructor(request: string, answer: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "Error";
    this.request = request;
    this.answer = answer;
  }
}

/** Places orders. Rejects with a `DependencyError`, or with the error of this task's own disk. */
export interface Dependencies {
  place(order: string): Promise<void>;
}

/**
 * The dependencies that are set: `INVENTORY_URL` (with `INVENTORY_TIMEOUT_MS`, `INVENTORY_RETRIES`), `PAYMENTS_URL`
 * (with `PAYMENTS_CA`), `RECEIPTS=disk`, `RECEIPT_TABLE_URL`.
 */
export function createDependencies(setting: (name: string, otherwise: string) => string): Dependencies {
  const inventoryUrl = setting("INVENTORY_URL", "");
  const timeoutMs = Number(setting("INVENTORY_TIMEOUT_MS", "2000"));
  const retries = Number(setting("INVENTORY_RETRIES", "0"));
  const paymentsUrl = setting("PAYMENTS_URL", "");
  const authority = setting("PAYMENTS_CA", "");
  const tableUrl = setting("RECEIPT_TABLE_URL", "");
  const writesReceipts = setting("RECEIPTS", "") === "disk";

  async function reserve(order: string): Promise<void> {
    const url = `${inventoryUrl}/reservations`;
    const onRetry = (error: Error, attempt: number) =>
      log(
        "WARN",
        "checkout",
        `retry ${attempt} of ${retries} for order ${order}: inventory ${error.message}`,
      );
    const answer = await ask(`POST ${url}`, "inventory unavailable", () =>
      call({ method: "POST", url: `${url}?order=${order}`, timeoutMs, retries, onRetry }),
    );
    if (answer.status !== 200) {
      throw new DependencyError(
        `POST ${url}`,
        "inventory unavailable",
        `inventory answered ${answer.status}`,
      );
    }
  }

  async function pay(): Promise<void> {
    const url = `${paymentsUrl}/charges`;
    const answer = await ask(`POST ${url}`, "payment failed", () =>
      call({ method: "POST", url, timeoutMs: 1500, authority: authority === "" ? undefined : authority }),
    );
    if (answer.status < 300) return;
    const wait = answer.retryAfter === undefined ? "" : `, retry-after ${answer.retryAfter}`;
    const words = answer.status === 429 ? "429 Too Many Requests" : String(answer.status);
    throw new DependencyError(`POST ${url}`, "payment failed", `payment provider answered ${words}${wait}`);
  }

  async function note(): Promise<void> {
    const answer = await ask(`POST ${tableUrl}`, "receipt not stored", () =>
      call({ method: "POST", url: tableUrl, timeoutMs: 1500 }),
    );
    if (answer.status >= 300)
      throw new DependencyError(`POST ${tableUrl}`, "receipt not stored", awsError(answer));
  }

  return {
    async place(order) {
      await reserve(order);
      if (writesReceipts) passThroughDisk(`receipt-${order}.html`, "<p>Thank you</p>".padEnd(8192));
      if (paymentsUrl !== "") await pay();
      if (tableUrl !== "") await note();
    },
  };
}

async function ask(request: string, told: string, make: () => Promise<Answer>): Promise<Answer> {
  try {
    return await make();
  } catch (error) {
    throw new DependencyError(request, told, (error as Error).message, error);
  }
}

/** An AWS error as its SDK words it: the type without its namespace, then the message. */
function awsError(answer: Answer): string {
  try {
    const body = JSON.parse(answer.body) as { readonly __type?: string; readonly Message?: string };
    return `${body.__type?.split("#").at(-1) ?? answer.status}: ${body.Message ?? ""}`;
  } catch {
    return `the table answered ${answer.status}`;
  }
}
