import { RemovalPolicy, SecretValue, Validations } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import type { Grant } from "./grants.ts";

/**
 * Creates the incident store. A test compares its shape with the table that the agent itself creates. It is retained
 * when the stack is deleted, since it is the record of what was done to production.
 */
export function createTable(scope: Construct, prefix: string): Table {
  return new Table(scope, "Incidents", {
    tableName: `${prefix}-incidents`,
    partitionKey: { name: "pk", type: AttributeType.STRING },
    sortKey: { name: "sk", type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: "expiresAt",
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/**
 * Creates one secret with a JSON object of settings: keys, and addresses that are keys. It starts empty (`{}`) and is
 * set by hand, so that no key is in a template; updating the stack does not change its value.
 */
export function createSecret(scope: Construct, prefix: string, existing: string | undefined): ISecret {
  if (existing !== undefined) return Secret.fromSecretCompleteArn(scope, "Secret", existing);
  const secret = new Secret(scope, "Secret", {
    secretName: `${prefix}/keys`,
    description:
      "OPENROUTER_API_KEY, the SLACK_*, OPSAGENT_WEBHOOK_* and PAGERDUTY_* keys, OPSAGENT_PUBLIC_URL",
    secretStringValue: SecretValue.unsafePlainText("{}"),
  });
  Validations.of(secret).acknowledge({
    id: "AwsSolutions-SMG4",
    reason: "The keys are OpenRouter's and Slack's, which no rotation function of AWS can issue anew.",
  });
  // CDK's own classes are not written for exactOptionalPropertyTypes.
  return secret as ISecret;
}

/**
 * Creates the key that seals the audit trail: the private part never leaves KMS. It is retained when the stack is
 * deleted, since its public part checks the seals.
 */
export function createAuditKey(scope: Construct, prefix: string): Key {
  return new Key(scope, "AuditKey", {
    alias: `${prefix}-audit`,
    description: "Signs the seals of OpsAgent's audit trail",
    keySpec: KeySpec.ECC_NIST_P256,
    keyUsage: KeyUsage.SIGN_VERIFY,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

export function auditKeyGrants(key: Key): readonly Grant[] {
  return [{ sid: "SealAuditTrail", actions: ["kms:GetPublicKey", "kms:Sign"], resources: [key.keyArn] }];
}

/** The store's calls (src/adapters/dynamodb-store): items of the one table, and no scan. */
export function storeGrants(table: Table): readonly Grant[] {
  return [
    {
      sid: "UseIncidentTable",
      actions: ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
      resources: [table.tableArn],
    },
  ];
}

export function secretGrants(secret: ISecret): readonly Grant[] {
  return [{ sid: "ReadKeys", actions: ["secretsmanager:GetSecretValue"], resources: [secret.secretArn] }];
}
