/** OpsAgent in one account and region. The resources are in the order in which an alarm passes them. */
import { Annotations, CfnOutput, Duration, Stack, Validations } from "aws-cdk-lib";
import type { Alarm, IAlarmAction } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { FunctionUrlAuthType } from "aws-cdk-lib/aws-lambda";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { createAgentAlarms } from "./agent-alarms.ts";
import { POLICY_ON_LAMBDA, packCode } from "./code.ts";
import { DispatcherFunction, IncidentFunction, SlackFunction } from "./functions.ts";
import { followGrants, type Grant, readGrants, writeGrants } from "./grants.ts";
import { ALIAS, createNames, type Names } from "./names.ts";
import { createSelfTest } from "./self-test.ts";
import { createServiceAlarms } from "./service-alarms.ts";
import type { Settings } from "./settings.ts";
import {
  auditKeyGrants,
  createAuditKey,
  createSecret,
  createTable,
  secretGrants,
  storeGrants,
} from "./state.ts";
import { createTopics, operatorsGrants } from "./topics.ts";
import { wakeBy } from "./wake.ts";

export interface OpsAgentStackProps {
  readonly settings: Settings;
  /** The checkout, for the container image. */
  readonly root: string;
  /** The folder with the built bundles. */
  readonly dist: string;
}

export class OpsAgentStack extends Stack {
  constructor(scope: Construct, id: string, { settings, root, dist }: OpsAgentStackProps) {
    super(scope, id, { description: "OpsAgent: incident responder for Amazon ECS" });
    const names = createNames(this, settings.name, settings.cluster);
    const topics = createTopics(this, settings.name, settings.alarmEmail);
    const deadLetters = new Queue(this, "DeadLetters", {
      queueName: `${settings.name}-dead-letters`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(deadLetters).acknowledge({
      id: "AwsSolutions-SQS3",
      reason: "It is itself the dead-letter queue; an alarm rings when anything is in it.",
    });
    const table = createTable(this, settings.name);
    const secret = createSecret(this, settings.name, settings.secretArn);

    const auditKey = createAuditKey(this, settings.name);

    const environment = {
      ...environmentOf(settings, table.tableName, secret.secretArn),
      OPSAGENT_AUDIT_KEY: `kms:${auditKey.keyArn}`,
    };
    const code = packCode(dist, settings.policyText);
    const shared = { names, code, environment };
    const state = { Store: storeGrants(table), Keys: secretGrants(secret), Audit: auditKeyGrants(auditKey) };

    const incident = new IncidentFunction(this, {
      ...shared,
      environment: { ...environment, OPSAGENT_OPERATORS_TOPIC: topics.operators.topicArn },
      settings,
      root,
      deadLetters,
      grants: {
        ...state,
        Tell: operatorsGrants(topics),
        Durable: durableGrants(names),
        Answer: answerGrants(names),
        Observe: readGrants(names, settings),
        Act: writeGrants(names, settings),
      },
    });
    const dispatcher = new DispatcherFunction(this, {
      ...shared,
      environment: {
        ...environment,
        OPSAGENT_INCIDENT_FUNCTION: `${names.functionArn("incident")}:${ALIAS}`,
      },
      grants: {
        ...state,
        Follow: followGrants(names),
        Start: startGrants(names),
        Undelivered: undeliveredGrants(deadLetters),
      },
    });
    const slack = new SlackFunction(this, {
      ...shared,
      grants: { ...state, Answer: answerGrants(names) },
      reserved: settings.reservedConcurrency === "none" ? undefined : 5,
    });
    // Slack cannot sign as AWS requires; the handler checks Slack's own signature on the raw body.
    const url = slack.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });

    const rules = wakeBy(this, {
      names,
      topics,
      dispatcher: dispatcher.function,
      deadLetters,
      taskEvents: settings.taskEvents,
    });
    tell(new SnsAction(topics.operators), [
      ...createAgentAlarms(this, {
        topics,
        incident: incident.function,
        dispatcher: dispatcher.function,
        slack: slack.function,
        deadLetters,
        rules,
      }),
      createSelfTest(this, topics, deadLetters),
    ]);
    const toAgent = new SnsAction(topics.alarms);
    const serviceAlarms = createServiceAlarms(this, settings);
    tell(toAgent, serviceAlarms);
    for (const alarm of serviceAlarms) alarm.addOkAction(toAgent);

    warn(this, settings);
    const outputs: Readonly<Record<string, readonly [value: string, about: string]>> = {
      AlarmTopicArn: [topics.alarms.topicArn, "the action of your alarms"],
      OperatorsTopicArn: [topics.operators.topicArn, "subscribe who looks after the agent"],
      SlackRequestUrl: [`${url.url}slack/actions`, "Slack app: Interactivity & Shortcuts, Request URL"],
      SecretArn: [secret.secretArn, "fill in the keys"],
      TableName: [table.tableName, "OPSAGENT_STORE=dynamodb:..."],
      IncidentFunctionArn: [incident.alias.functionArn, "the alias that is invoked"],
    };
    for (const [name, [value, description]] of Object.entries(outputs)) {
      new CfnOutput(this, name, { value, description });
    }
  }
}

function environmentOf(
  settings: Settings,
  table: string,
  secretArn: string,
): Readonly<Record<string, string>> {
  return {
    OPSAGENT_STORE: `dynamodb:${table}`,
    OPSAGENT_POLICY: POLICY_ON_LAMBDA,
    OPSAGENT_MODE: settings.mode,
    OPSAGENT_DIAGNOSER: settings.diagnoser,
    OPSAGENT_SECRETS: secretArn,
    ECS_CLUSTER: settings.cluster,
    LOG_GROUP_PREFIX: settings.logGroupPrefix,
    ...(settings.models === undefined ? {} : { LLM_MODEL: settings.models }),
  };
}

/** AWS authorises these against the execution, `function:NAME:VERSION/durable-execution/...`: hence `:*`. */
const OF_ITS_EXECUTIONS =
  "Durable executions have ids that are not known before; they are those of the one function.";

function durableGrants(names: Names): readonly Grant[] {
  return [
    {
      sid: "KeepExecutionState",
      actions: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
      resources: [`${names.functionArn("incident")}:*`],
      whyWide: OF_ITS_EXECUTIONS,
    },
  ];
}

function answerGrants(names: Names): readonly Grant[] {
  return [
    {
      sid: "WakeWaitingIncident",
      actions: ["lambda:SendDurableExecutionCallbackSuccess"],
      resources: [`${names.functionArn("incident")}:*`],
      whyWide: OF_ITS_EXECUTIONS,
    },
  ];
}

function startGrants(names: Names): readonly Grant[] {
  return [
    {
      sid: "StartIncident",
      actions: ["lambda:InvokeFunction"],
      resources: [`${names.functionArn("incident")}:${ALIAS}`],
    },
  ];
}

/** Lambda writes failed events there, with the function's role. */
function undeliveredGrants(deadLetters: Queue): readonly Grant[] {
  return [{ sid: "KeepUndelivered", actions: ["sqs:SendMessage"], resources: [deadLetters.queueArn] }];
}

function tell(action: IAlarmAction, alarms: readonly Alarm[]): void {
  for (const alarm of alarms) alarm.addAlarmAction(action);
}

function warn(stack: Stack, { policy, taskRoles }: Settings): void {
  const annotations = Annotations.of(stack);
  if (policy.unnamed.length > 0) {
    annotations.addWarningV2(
      "opsagent:unnamed-services",
      `The policy allows ${policy.unnamed.join(", ")} on services that it does not name. IAM allows it on the named ` +
        `ones only (${policy.services.join(", ") || "there are none"}): name a service under services: to let the agent act on it.`,
    );
  }
  const rollback = policy.services.filter((service) => policy.mayAct(service).includes("rollback"));
  if (rollback.length > 0 && taskRoles.length === 0) {
    annotations.addWarningV2(
      "opsagent:no-task-roles",
      `Rolling ${rollback.join(", ")} back may need iam:PassRole on the roles of its task definition: -c taskRoles=ARN,ARN (docs/deploying.md).`,
    );
  }
}
