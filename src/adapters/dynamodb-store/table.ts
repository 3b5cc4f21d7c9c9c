/** The few calls of DynamoDB that the store makes, with plain values instead of the wire's typed ones. */

import { randomUUID } from "node:crypto";
import { OpsAgentError } from "../../domain/errors.ts";
import type { TextFor } from "../../domain/exit.ts";
import type { Key } from "./keys.ts";
import { storeError } from "./store-error.ts";

export type Fields = Readonly<Record<string, unknown>>;
export type Item = Fields & Key;

/** Fields that hold words, or JSON with words; other ones are names, numbers, times and compressed bytes. */
type Words =
  | "alert"
  | "approval"
  | "judgement"
  | "open"
  | "pause"
  | "problem"
  | "raw"
  | "record"
  | "state"
  | "summary"
  | "unfiled";
/** Fields to write: words only as they passed the exit. */
export type FieldsToWrite = Fields & { readonly [field in Words]?: TextFor<"store"> | undefined };
export type ItemToWrite = FieldsToWrite & Key;

export interface TableSettings {
  readonly region: string;
  /** Another address; without it the vendor's own rules apply (`AWS_ENDPOINT_URL`). */
  readonly endpoint?: string;
  readonly timeouts?: Partial<TableTimeouts>;
}

/** Milliseconds: to connect, from then on to answer, and for one call with all its tries. */
export interface TableTimeouts {
  readonly connectMs: number;
  readonly answerMs: number;
  readonly callMs: number;
}

const defaultTimeouts: TableTimeouts = { connectMs: 2_000, answerMs: 4_000, callMs: 20_000 };

/** Sort keys that a query is about; without one, all of the partition. */
export type Range =
  | { readonly prefix: string }
  | { readonly after: string }
  | { readonly from: string }
  | { readonly before: string };

export interface Query {
  readonly pk: string;
  readonly range?: Range;
  readonly newestFirst?: boolean;
  /** Items in one page at the most; the answer may have many pages. */
  readonly pageSize?: number;
}

/** Every read is consistent, every method throws `store-failed`. */
export interface Table {
  /** All of an item, or only some of its fields. */
  get(key: Key, fields?: readonly string[]): Promise<Item | undefined>;
  /** Writes whatever is there. Only for items whose content follows from their key. */
  put(item: ItemToWrite): Promise<void>;
  /** Writes an item that is not there yet; false when somebody else's is. */
  create(item: ItemToWrite): Promise<boolean>;
  /** Writes the next version over the one that was read, or where nothing was. False when another write was first. */
  replace(item: ItemToWrite, over: Item | undefined): Promise<boolean>;
  remove(key: Key): Promise<void>;
  query(query: Query): AsyncIterable<Item>;
  close(): void;
}

/** How many of its last writes an item remembers: more than can follow one while its writer waits for the answer. */
const REMEMBERED_WRITES = 16;

/**
 * Tries of one call, with the vendor's standard back-off. Repeating is safe: reads change nothing, plain writes say the
 * same again, and a conditional write whose first try succeeded while its answer was lost comes back as refused, but
 * finds its own mark in the item and so knows.
 */
const ATTEMPTS = 4;

/** Opens the table on the first call, not before: a cold start does not pay for it. */
export function createTable(name: string, settings: TableSettings): Table {
  const timeouts = { ...defaultTimeouts, ...settings.timeouts };
  let loaded: Promise<Awaited<ReturnType<typeof load>>> | undefined;
  let closed = false;

  const call = async <T>(
    doing: string,
    send: (aws: Awaited<ReturnType<typeof load>>, options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    if (closed) throw closedError();
    const abortSignal = AbortSignal.timeout(timeouts.callMs);
    try {
      loaded ??= load(settings, timeouts).catch((error: unknown) => {
        // What failed to load, as with no file descriptor left, is loaded again by the next call.
        loaded = undefined;
        throw error;
      });
      const aws = await loaded;
      return await untilAborted(send(aws, { abortSignal }), abortSignal);
    } catch (error) {
      throw storeError(doing, { table: name, region: settings.region }, error);
    }
  };

  const get = (key: Key, fields?: readonly string[]) =>
    call("read an item", async ({ sdk, client }, options) => {
      const { pk, sk } = key;
      const input = {
        TableName: name,
        Key: sdk.marshall({ pk, sk }),
        ConsistentRead: true,
        ...(fields && projection(["pk", "sk", ...fields])),
      };
      const { Item: found } = await client.send(new sdk.GetItemCommand(input), options);
      return found && (sdk.unmarshall(found) as Item);
    });

  const write = (item: Item, condition?: { readonly version?: number }) =>
    call("write an item", async ({ sdk, client }, options) => {
      const expected = condition && expectation(condition.version);
      const input = {
        TableName: name,
        Item: sdk.marshall(item, { removeUndefinedValues: true }),
        ...(expected && {
          ConditionExpression: expected.expression,
          ...(expected.names && { ExpressionAttributeNames: expected.names }),
          ...(expected.values && { ExpressionAttributeValues: sdk.marshall(expected.values) }),
        }),
      };
      try {
        await client.send(new sdk.PutItemCommand(input), options);
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
        throw error;
      }
    });

  /** A conditional write that recognises its own earlier success. */
  const writeIf = async (item: Item, earlier: readonly string[], condition: { version?: number }) => {
    const mark = randomUUID();
    const marks = [...earlier.slice(1 - REMEMBERED_WRITES), mark];
    if (await write({ ...item, marks }, condition)) return true;
    return marksOf(await get(item)).includes(mark);
  };

  return {
    get,
    put: async (item) => {
      await write(item);
    },
    create: (item) => writeIf(item, [], {}),
    replace: (item, over) => {
      const version = versionOf(over);
      return writeIf({ ...item, version: version + 1 }, marksOf(over), over === undefined ? {} : { version });
    },

    remove: (key) =>
      call("delete an item", async ({ sdk, client }, options) => {
        const { pk, sk } = key;
        await client.send(
          new sdk.DeleteItemCommand({ TableName: name, Key: sdk.marshall({ pk, sk }) }),
          options,
        );
      }),

    async *query({ pk, range, newestFirst = false, pageSize }) {
      const sort = range && sortCondition(range);
      let start: Item | undefined;
      do {
        const page = await call("read items", async ({ sdk, client }, options) => {
          const input = {
            TableName: name,
            ConsistentRead: true,
            ScanIndexForward: !newestFirst,
            KeyConditionExpression: sort ? `pk = :pk AND ${sort.expression}` : "pk = :pk",
            ExpressionAttributeValues: sdk.marshall({ ":pk": pk, ...(sort && { ":sk": sort.value }) }),
            ...(pageSize === undefined ? {} : { Limit: pageSize }),
            ...(start && { ExclusiveStartKey: sdk.marshall({ pk: start.pk, sk: start.sk }) }),
          };
          const { Items = [], LastEvaluatedKey } = await client.send(new sdk.QueryCommand(input), options);
          return {
            items: Items.map((item) => sdk.unmarshall(item) as Item),
            next: LastEvaluatedKey && (sdk.unmarshall(LastEvaluatedKey) as Item),
          };
        });
        yield* page.items;
        start = page.next;
      } while (start !== undefined);
    },

    close() {
      closed = true;
      loaded?.then(
        ({ client }) => client.destroy(),
        () => undefined,
      );
    },
  };
}

/** The version of an item that {@link Table.replace} writes; 0 when there is none. */
export function versionOf(item: Fields | undefined): number {
  const version = item?.["version"];
  return typeof version === "number" ? version : 0;
}

function marksOf(item: Fields | undefined): readonly string[] {
  const marks = item?.["marks"];
  return Array.isArray(marks) ? marks.filter((mark) => typeof mark === "string") : [];
}

/** By placeholders, since many names are reserved words. */
function projection(fields: readonly string[]) {
  return {
    ProjectionExpression: fields.map((_, index) => `#f${index}`).join(", "),
    ExpressionAttributeNames: Object.fromEntries(fields.map((field, index) => [`#f${index}`, field])),
  };
}

function expectation(version: number | undefined) {
  if (version === undefined) {
    return { expression: "attribute_not_exists(pk)", names: undefined, values: undefined };
  }
  return {
    expression: "#version = :version",
    names: { "#version": "version" },
    values: { ":version": version },
  };
}

function sortCondition(range: Range): { readonly expression: string; readonly value: string } {
  if ("prefix" in range) return { expression: "begins_with(sk, :sk)", value: range.prefix };
  if ("after" in range) return { expression: "sk > :sk", value: range.after };
  if ("from" in range) return { expression: "sk >= :sk", value: range.from };
  return { expression: "sk < :sk", value: range.before };
}

async function load(settings: TableSettings, timeouts: TableTimeouts) {
  const sdk = await import("./sdk.ts");
  const client = new sdk.DynamoDBClient({
    region: settings.region,
    retryMode: "standard",
    maxAttempts: ATTEMPTS,
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    requestHandler: {
      connectionTimeout: timeouts.connectMs,
      requestTimeout: timeouts.answerMs,
      socketTimeout: timeouts.answerMs,
      // Without it the vendor only prints a warning when the time is up.
      throwOnRequestTimeout: true,
    },
  });
  return { sdk, client };
}

/** Also ends while the vendor's client looks for credentials, where it does not listen to the signal. */
async function untilAborted<T>(sent: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([sent, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function closedError(): OpsAgentError {
  return new OpsAgentError({
    code: "store-failed",
    message: "The store was closed.",
    remedy: "This is a fault in OpsAgent: report it.",
  });
}
