import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";

/**
 * The table that the store needs, as an input of CreateTable: two string keys, no index, paid by request. Time to live
 * on `EXPIRY` (unreadable-events.ts) is switched on by a call of its own (UpdateTimeToLive); without it, events that nobody could read
 * are kept for ever.
 */
export function tableDefinition(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
  };
}
