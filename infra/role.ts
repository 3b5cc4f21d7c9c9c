import { Stack, Validations } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Grant } from "./grants.ts";
import type { FunctionName, Names } from "./names.ts";

/**
 * Creates the role of a function: its own log group and the given grants, no managed policies of AWS, which are too
 * wide. Every wildcard is acknowledged to cdk-nag with the grant's reason.
 */
export function createRole(
  scope: Construct,
  options: {
    readonly names: Names;
    readonly function: FunctionName;
    readonly grants: Readonly<Record<string, readonly Grant[]>>;
  },
): Role {
  const { names, function: name } = options;
  const ownLogs: Grant = {
    sid: "WriteOwnLogs",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [names.logGroupArn(`${names.logGroup(name)}:*`)],
    whyWide: "The names of the streams of its own log group are not known before.",
  };
  const policies = { Logs: [ownLogs], ...options.grants };
  const role = new Role(scope, "Role", {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    description: `What ${names.functionName(name)} may do`,
    inlinePolicies: Object.fromEntries(
      Object.entries(policies)
        .filter(([, grants]) => grants.length > 0)
        .map(([title, grants]) => [title, new PolicyDocument({ statements: grants.map(statement) })]),
    ),
  });
  for (const { sid, resources, whyWide } of Object.values(policies).flat()) {
    if (whyWide === undefined) continue;
    for (const resource of resources) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${asNagWritesIt(role, resource)}]`,
        reason: `${sid}: ${whyWide}`,
      });
    }
  }
  return role;
}

function statement({ sid, actions, resources, conditions }: Grant): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions: [...actions],
    resources: [...resources],
    ...(conditions === undefined ? {} : { conditions }),
  });
}

/** cdk-nag names a finding by its resource, with unresolved values in angle brackets. */
function asNagWritesIt(scope: Construct, resource: string): string {
  const resolved: unknown = Stack.of(scope).resolve(resource);
  if (typeof resolved === "string") return resolved;
  const [, parts] = (resolved as { "Fn::Join": [string, (string | { Ref: string })[]] })["Fn::Join"];
  return parts.map((part) => (typeof part === "string" ? part : `<${part.Ref}>`)).join("");
}
