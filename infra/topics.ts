import { Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { Grant } from "./grants.ts";

export interface Topics {
  readonly key: Key;
  /** The topic of the services' alarms. */
  readonly alarms: Topic;
  /** The topic of problems of the agent itself: to people, never to the agent. */
  readonly operators: Topic;
}

/**
 * Creates both topics, encrypted and over TLS only. The key is customer managed, because CloudWatch cannot publish to
 * a topic under AWS's key (https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger).
 */
export function createTopics(scope: Construct, prefix: string, email: string | undefined): Topics {
  const cloudWatch = {
    principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
    conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
  };
  const key = new Key(scope, "TopicKey", {
    description: `${prefix}: alarms on their way to the agent and to its operators`,
    enableKeyRotation: true,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsMayBeEncrypted",
      effect: Effect.ALLOW,
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      resources: ["*"],
      ...cloudWatch,
    }),
  );
  const topic = (id: string, name: string, displayName: string) => {
    const made = new Topic(scope, id, { topicName: name, displayName, masterKey: key, enforceSSL: true });
    made.addToResourcePolicy(
      new PolicyStatement({
        sid: "AlarmsMayBePublished",
        actions: ["sns:Publish"],
        resources: [made.topicArn],
        ...cloudWatch,
      }),
    );
    return made;
  };
  const alarms = topic("Alarms", `${prefix}-alarms`, "Alarms for OpsAgent");
  const operators = topic("Operators", `${prefix}-operators`, "OpsAgent itself needs a person");
  if (email !== undefined) operators.addSubscription(new EmailSubscription(email));
  return { key, alarms, operators };
}

/** Publishing on the operators' topic, for what no other channel takes. */
export function operatorsGrants({ key, operators }: Topics): readonly Grant[] {
  return [
    { sid: "TellOperators", actions: ["sns:Publish"], resources: [operators.topicArn] },
    { sid: "EncryptForOperators", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [key.keyArn] },
  ];
}
