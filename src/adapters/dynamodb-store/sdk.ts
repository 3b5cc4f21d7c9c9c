/** The parts of the vendor's packages that are used; a bundler can drop the rest although the import is dynamic. */
export {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
export { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
