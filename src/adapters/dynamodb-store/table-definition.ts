import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";

/** The attribute with the second (epoch) after which DynamoDB may delete an item; only junk has one. */
export const EXPIRY = "expiresAt";

/**
 * The table that the store needs, as an input of CreateTable: two string keys, no index, paid by request. Time to live
 * on {@link EXPIRY} is switched on by a call of its own (UpdateTimeToLive); without it, events that nobody could read
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
