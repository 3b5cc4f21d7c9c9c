import { ArnFormat, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

export type FunctionName = "incident" | "dispatcher" | "slack";

/** The alias that is invoked; an execution stays on the version that the alias meant when it began. */
export const ALIAS = "live";

/**
 * Names and ARNs that are known before resources exist. Roles refer to resources by them, which avoids a cycle of
 * role and function.
 */
export function createNames(scope: Construct, prefix: string, cluster: string) {
  const stack = Stack.of(scope);
  const arn = (service: string, resource: string, resourceName: string, arnFormat: ArnFormat) =>
    stack.formatArn({ service, resource, resourceName, arnFormat });
  const ecs = (resource: string, name: string) => arn("ecs", resource, name, ArnFormat.SLASH_RESOURCE_NAME);
  const functionName = (name: FunctionName) => `${prefix}-${name}`;
  return {
    functionName,
    /** Without a version. */
    functionArn: (name: FunctionName) =>
      arn("lambda", "function", functionName(name), ArnFormat.COLON_RESOURCE_NAME),
    logGroup: (name: FunctionName) => `/aws/lambda/${functionName(name)}`,
    /** Of a group of the stack's region, or of `region:group`. */
    logGroupArn: (name: string) => {
      const [, region, group = name] = /^([a-z]{2}(?:-[a-z]+)+-\d):(.+)$/.exec(name) ?? [];
      return stack.formatArn({
        service: "logs",
        resource: "log-group",
        resourceName: group,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        ...(region === undefined ? {} : { region }),
      });
    },
    cluster: ecs("cluster", cluster),
    service: (name: string) => ecs("service", `${cluster}/${name}`),
    containerInstances: ecs("container-instance", `${cluster}/*`),
    taskDefinitions: ecs("task-definition", "*"),
    tasks: ecs("task", `${cluster}/*`),
    serviceDeployments: (service: string) => ecs("service-deployment", `${cluster}/${service}/*`),
    serviceRevisions: (service: string) => ecs("service-revision", `${cluster}/${service}/*`),
  };
}

export type Names = ReturnType<typeof createNames>;
