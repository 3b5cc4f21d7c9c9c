import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  Alias,
  Architecture,
  type Code,
  DockerImageFunction,
  type IVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { imageCode, POLICY_IN_IMAGE } from "./code.ts";
import type { Grant } from "./grants.ts";
import { ALIAS, type FunctionName, type Names } from "./names.ts";
import { createRole } from "./role.ts";
import type { Settings } from "./settings.ts";

/** Options that all three functions share. */
export interface FunctionOptions {
  readonly names: Names;
  readonly code: Code;
  readonly grants: Readonly<Record<string, readonly Grant[]>>;
  readonly environment: Readonly<Record<string, string>>;
}

/** An incident may wait for a person and keep temporary capacity for days. Lambda's maximum is 366 days. */
const LONGEST_INCIDENT = Duration.days(14);
/** How long a closed execution can be read, and its name still means "already handled". */
const KEPT = Duration.days(30);

function common(scope: Construct, name: FunctionName, { names, grants, environment }: FunctionOptions) {
  return {
    functionName: names.functionName(name),
    architecture: Architecture.ARM_64,
    role: createRole(scope, { names, function: name, grants }),
    environment: { ...environment },
    logGroup: new LogGroup(scope, "Logs", {
      logGroupName: names.logGroup(name),
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
    loggingFormat: LoggingFormat.TEXT,
  };
}

const zip = { runtime: Runtime.NODEJS_24_X } as const;

/**
 * Runs incidents as durable executions: 300 s for a step, days for the whole. Final failures go to the dead-letter
 * queue: Lambda does not retry a failed execution, and durable functions have no destinations
 * (https://docs.aws.amazon.com/lambda/latest/dg/durable-best-practices.html).
 */
export class IncidentFunction extends Construct {
  readonly function: LambdaFunction;
  readonly alias: Alias;

  constructor(
    scope: Construct,
    options: FunctionOptions & { settings: Settings; root: string; deadLetters: IQueue },
  ) {
    super(scope, "Incident");
    const { settings, code, deadLetters } = options;
    const { reservedConcurrency } = settings;
    const props = {
      ...common(this, "incident", options),
      description: "OpsAgent: one durable execution for each incident",
      memorySize: 1024,
      timeout: Duration.seconds(300),
      durableConfig: { executionTimeout: LONGEST_INCIDENT, retentionPeriod: KEPT },
      deadLetterQueue: deadLetters,
      ...(reservedConcurrency === "none" ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
      // The version that an execution began on must exist until it ends.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    };
    this.function =
      settings.package === "image"
        ? new DockerImageFunction(this, "Function", {
            ...props,
            code: imageCode(options.root, settings),
            environment: { ...options.environment, OPSAGENT_POLICY: POLICY_IN_IMAGE },
          })
        : new LambdaFunction(this, "Function", { ...props, ...zip, code, handler: "lambda.handler" });
    // CDK's own classes are not written for exactOptionalPropertyTypes.
    this.alias = new Alias(this, "Live", {
      aliasName: ALIAS,
      version: this.function.currentVersion as IVersion,
    });
  }
}

/** Takes events, names the execution and starts it; nothing else. */
export class DispatcherFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, options: FunctionOptions) {
    super(scope, "Dispatcher");
    this.function = new LambdaFunction(this, "Function", {
      ...common(this, "dispatcher", options),
      ...zip,
      code: options.code,
      handler: "dispatcher.handler",
      description: "OpsAgent: alarm in, incident started",
      memorySize: 512,
      timeout: Duration.seconds(30),
    });
  }
}

/** Takes Slack's button presses. Anyone who knows the address may call it; the handler verifies Slack's signature. */
export class SlackFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, options: FunctionOptions & { reserved: number | undefined }) {
    super(scope, "Slack");
    this.function = new LambdaFunction(this, "Function", {
      ...common(this, "slack", options),
      ...zip,
      code: options.code,
      handler: "http.handler",
      description: "OpsAgent: answers to its questions in Slack",
      // Slack waits three seconds, cold start included.
      memorySize: 1024,
      timeout: Duration.seconds(10),
      ...(options.reserved === undefined ? {} : { reservedConcurrentExecutions: options.reserved }),
    });
  }
}
