import type { Statement } from "./evaluate.ts";

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export const REGION = "us-east-1";
export const ACCOUNT = "111122223333";

const PSEUDO: Readonly<Record<string, string>> = {
  "AWS::Partition": "aws",
  "AWS::Region": REGION,
  "AWS::AccountId": ACCOUNT,
};

/**
 * Every statement that the role of a Lambda function has, from its inline policies and those attached to it, with
 * references resolved as CloudFormation would. Throws on a managed policy: what it allows is not in the template.
 */
export function statementsOf(template: Template, functionName: string): readonly Statement[] {
  const made = Object.values(template.Resources).find(
    ({ Type, Properties }) => Type === "AWS::Lambda::Function" && Properties["FunctionName"] === functionName,
  );
  if (made === undefined) throw new Error(`The template has no function ${functionName}.`);
  const role = (made.Properties["Role"] as { "Fn::GetAtt": [string, string] })["Fn::GetAtt"][0];
  const properties = template.Resources[role]?.Properties ?? {};
  if (properties["ManagedPolicyArns"] !== undefined) throw new Error(`${role} has managed policies.`);
  const attached = Object.values(template.Resources).filter(
    ({ Type, Properties }) =>
      Type === "AWS::IAM::Policy" && JSON.stringify(Properties["Roles"]).includes(role),
  );
  const policies = [
    ...((properties["Policies"] ?? []) as object[]),
    ...attached.map((one) => one.Properties),
  ];
  return policies.flatMap((policy) => {
    const { PolicyDocument } = policy as { PolicyDocument: { Statement: object[] } };
    return PolicyDocument.Statement.map((statement) => resolve(statement, template) as Statement);
  });
}

function resolve(value: unknown, template: Template): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, template));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first, inner] = entries[0] ?? [];
  if (first === "Ref") return PSEUDO[inner as string] ?? arnOf(inner as string, template);
  if (first === "Fn::GetAtt") return arnOf((inner as [string, string])[0], template);
  if (first === "Fn::Join") {
    const [separator, parts] = inner as [string, unknown[]];
    return parts.map((part) => resolve(part, template)).join(separator);
  }
  return Object.fromEntries(entries.map(([key, one]) => [key, resolve(one, template)]));
}

/** The ARN of what the template makes; what no test asks for gets one that nothing else has. */
function arnOf(id: string, template: Template): string {
  const made = template.Resources[id];
  const of = (service: string, resource: unknown) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
  if (made?.Type === "AWS::DynamoDB::Table") return of("dynamodb", `table/${made.Properties["TableName"]}`);
  if (made?.Type === "AWS::SecretsManager::Secret") {
    return of("secretsmanager", `secret:${made.Properties["Name"]}-AbCdEf`);
  }
  if (made?.Type === "AWS::SQS::Queue") return of("sqs", made.Properties["QueueName"]);
  return of("other", id);
}
