/** DynamoDB on this machine: dynalite on a free port, in this process, so that other processes can share it. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  type ScanCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import dynalite from "dynalite";
import { tableDefinition } from "../support/dynamodb-table.ts";

export const REGION = "eu-west-1";

/** What the vendor's client takes for credentials; dynalite does not check them. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };

export type RawItem = Record<string, unknown>;

export type LocalDynamo = Awaited<ReturnType<typeof startLocalDynamo>>;

/** Starts it, empty. It ends with {@link LocalDynamo.stop}. */
export async function startLocalDynamo() {
  Object.assign(process.env, CREDENTIALS);
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({ region: REGION, endpoint });
  let tables = 0;
  const isActive = async (name: string) => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    return Table?.TableStatus === "ACTIVE";
  };

  return {
    endpoint,

    /** Makes an empty table, answers its name. */
    createTable: async (): Promise<string> => {
      tables += 1;
      const name = `opsagent-${tables}`;
      await client.send(new CreateTableCommand(tableDefinition(name)));
      // It takes items a moment after it was made, as on AWS.
      while (!(await isActive(name))) await setImmediate();
      return name;
    },

    /** Every item as it is stored; compressed bodies expanded. */
    items: async (table: string): Promise<readonly RawItem[]> => {
      const items: RawItem[] = [];
      let start: ScanCommandOutput["LastEvaluatedKey"];
      do {
        const page: ScanCommandOutput = await client.send(
          new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start }),
        );
        items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
      return items;
    },

    /** Writes an item past the store. */
    put: async (table: string, item: RawItem): Promise<void> => {
      await client.send(
        new PutItemCommand({ TableName: table, Item: marshall(item, { removeUndefinedValues: true }) }),
      );
    },

    stop: async (): Promise<void> => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An item for reading: its compressed body as text, where it is whole. */
export function expanded(item: RawItem): RawItem {
  const body = item["body"];
  if (!(body instanceof Uint8Array) || typeof item["generation"] === "string") return item;
  try {
    return { ...item, body: gunzipSync(body).toString("utf8") };
  } catch {
    return item;
  }
}
