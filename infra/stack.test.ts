import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { ECS_EVENTS } from "./ecs-events.ts";
import { synthesise } from "./test-stack.ts";

const POLICY = `
modes: { restart: auto, scale: auto, rollback: approve }
services:
  shop: { modes: { restart: auto, scale: approve, rollback: approve } }
  watched: { modes: { restart: observe, scale: observe, rollback: observe } }
alarms:
  - { pattern: "opsagent-shop-*", service: shop }
`;

const full = {
  policy: POLICY,
  context: {
    mode: "auto",
    alarmEmail: "team@example.com",
    serviceAlarms: "true",
    containerInsights: "true",
    taskRoles: "arn:aws:iam::111122223333:role/shop-task",
    loadBalancers: '{"shop":{"loadBalancer":"app/a/1","targetGroup":"targetgroup/b/2"}}',
  },
};
const { template, warnings } = synthesise({ ...full, nag: true });
const resources = (type: string) => Object.values(template.findResources(type));

describe("the stack", () => {
  it("runs incidents as durable executions behind an alias, with bounds", () => {
    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "opsagent-incident",
      Runtime: "nodejs24.x",
      Handler: "lambda.handler",
      Timeout: 300,
      ReservedConcurrentExecutions: 10,
      DurableConfig: { ExecutionTimeout: 14 * 24 * 3600, RetentionPeriodInDays: 30 },
      DeadLetterConfig: { TargetArn: Match.anyValue() },
      Environment: {
        Variables: {
          OPSAGENT_STORE: { "Fn::Join": ["", ["dynamodb:", { Ref: Match.stringLikeRegexp("^Incidents") }]] },
          OPSAGENT_AUDIT_KEY: { "Fn::Join": ["", ["kms:", Match.anyValue()]] },
          OPSAGENT_POLICY: "/var/task/policy.json",
          OPSAGENT_MODE: "auto",
          OPSAGENT_DIAGNOSER: "model",
          OPSAGENT_SECRETS: Match.anyValue(),
          ECS_CLUSTER: "prod",
          LOG_GROUP_PREFIX: "/ecs/",
        },
      },
    });
    template.hasResourceProperties("AWS::Lambda::Alias", { Name: "live" });
  });

  it("keeps a version, since an incident may still run on it", () => {
    template.hasResource("AWS::Lambda::Version", { DeletionPolicy: "Retain" });
  });

  it("has the dispatcher invoke the alias, never the bare function", () => {
    template.hasResourceProperties("AWS::Lambda::Function", {
      Handler: "dispatcher.handler",
      Environment: {
        Variables: {
          OPSAGENT_INCIDENT_FUNCTION: {
            "Fn::Join": ["", Match.arrayWith([Match.stringLikeRegexp(":function:opsagent-incident:live$")])],
          },
        },
      },
    });
  });

  it("keeps what the dispatcher cannot hand on", () => {
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      MaximumRetryAttempts: 2,
    });
    template.hasResourceProperties("AWS::SNS::Subscription", { RedrivePolicy: Match.anyValue() });
  });

  it("takes alarms over an encrypted topic, over TLS, from this account's alarms only", () => {
    template.allResourcesProperties("AWS::SNS::Topic", { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          Match.objectLike({
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      },
    });
    template.hasResourceProperties("AWS::KMS::Key", {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
            Principal: { Service: "cloudwatch.amazonaws.com" },
          }),
        ]),
      },
    });
  });

  it("lets Slack call, and nobody without a bound", () => {
    template.hasResourceProperties("AWS::Lambda::Url", { AuthType: "NONE" });
    template.hasResourceProperties("AWS::Lambda::Function", {
      Handler: "http.handler",
      ReservedConcurrentExecutions: 5,
    });
  });

  it("keeps the incidents when everything else is deleted", () => {
    template.hasResource("AWS::DynamoDB::Table", { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it("has a secret without a value in the template", () => {
    template.hasResourceProperties("AWS::SecretsManager::Secret", { SecretString: "{}" });
  });

  it("tests itself through the real topic, and rings when nothing is counted", () => {
    template.hasResourceProperties("AWS::Scheduler::Schedule", {
      ScheduleExpression: "rate(15 minutes)",
      Target: { Arn: { Ref: Match.stringLikeRegexp("^Alarms") }, Input: '{"opsagent":"self-test"}' },
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Namespace: "OpsAgent",
      MetricName: "SelfTest",
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      TreatMissingData: "breaching",
    });
  });

  it("tells people, not itself, what is wrong with it", () => {
    const alarms = resources("AWS::CloudWatch::Alarm");
    const own = alarms.filter(({ Properties }) => Properties["AlarmName"] === undefined);

    expect(own.length).toBeGreaterThanOrEqual(12);
    for (const { Properties } of own) {
      expect(JSON.stringify(Properties["AlarmActions"])).toMatch(/"Operators/);
      expect(Properties["AlarmActions"]).toHaveLength(1);
    }
  });

  it("is woken by ECS itself, for the one cluster", () => {
    const rules = resources("AWS::Events::Rule").map(({ Properties }) => Properties["EventPattern"]);

    expect(rules.map((pattern) => pattern["detail-type"][0]).sort()).toEqual([
      "ECS Deployment State Change",
      "ECS Service Action",
      "ECS Service Action",
      "ECS Task State Change",
    ]);
    for (const pattern of rules) expect(JSON.stringify(pattern)).toMatch(/(cluster|service)\/prod/);
    // What the dispatcher decides by, row for row.
    for (const { detailType, detail, within } of ECS_EVENTS) {
      const subscribed = rules.some(
        (pattern) =>
          pattern["detail-type"][0] === detailType &&
          Object.entries(detail).every(
            ([field, values]) => JSON.stringify(pattern.detail[field]) === JSON.stringify(values),
          ),
      );
      expect(subscribed).toBe(within === undefined);
    }
  });

  it("gives every service that the policy names its standard alarms, told to the agent", () => {
    const names = resources("AWS::CloudWatch::Alarm").flatMap(
      ({ Properties }) => Properties["AlarmName"] ?? [],
    );

    expect(names.sort()).toEqual([
      "opsagent-shop-5xx",
      "opsagent-shop-cpu",
      "opsagent-shop-memory",
      "opsagent-shop-tasks-missing",
      "opsagent-shop-unhealthy-hosts",
      "opsagent-watched-cpu",
      "opsagent-watched-memory",
      "opsagent-watched-tasks-missing",
    ]);
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "opsagent-shop-cpu",
      AlarmActions: [{ Ref: Match.stringLikeRegexp("^Alarms") }],
      OKActions: [{ Ref: Match.stringLikeRegexp("^Alarms") }],
    });
  });

  it("has no role with one of AWS's managed policies", () => {
    for (const { Properties } of resources("AWS::IAM::Role")) {
      expect(Properties["ManagedPolicyArns"]).toBeUndefined();
    }
  });

  it("warns that the policy speaks of services which it does not name, and of nothing else", () => {
    expect(warnings.filter((text) => text.includes("does not name"))).toHaveLength(1);
    expect(warnings.filter((text) => text.includes("taskRoles"))).toEqual([]);
  });
});

describe("another deployment", () => {
  it("may run incidents in an image, which has the policy file as it was written", () => {
    const { template: other } = synthesise({ policy: POLICY, image: true, context: { mode: "auto" } });

    other.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "opsagent-incident",
      PackageType: "Image",
      Environment: { Variables: Match.objectLike({ OPSAGENT_POLICY: "/var/task/policy.yaml" }) },
    });
  });

  it("may do without roles for a rollback, in an account that can reserve nothing", () => {
    const other = synthesise({
      policy: POLICY,
      context: { mode: "auto", reservedConcurrency: "none", taskEvents: "false", diagnoser: "rules" },
    });

    expect(other.warnings.some((text) => text.includes("taskRoles"))).toBe(true);
    other.template.resourceCountIs("AWS::Events::Rule", 0);
    for (const { Properties } of Object.values(other.template.findResources("AWS::Lambda::Function"))) {
      expect(Properties["ReservedConcurrentExecutions"]).toBeUndefined();
    }
  });

  it("is refused when one of its alarms could not be led back to a service", () => {
    const lost = { ...full, policy: "services: { shop: {} }" };

    expect(() => synthesise(lost)).toThrow('pattern: "opsagent-shop-*", service: shop');
  });
});

const lint = spawnSync("cfn-lint", ["--version"], { encoding: "utf8" });

describe.skipIf(lint.status !== 0)("cfn-lint, where it is installed", () => {
  // W3005: CDK says what depends on a role twice. It does no harm, and is not ours to change.
  // W3037: its list of IAM actions does not have cloudwatch:DescribeAlarmContributors yet, which the SDK has.
  it("has nothing to say but W3005, and W3037 of one action that is too new for it", () => {
    const folder = mkdtempSync(join(tmpdir(), "opsagent-lint-"));
    const file = join(folder, "template.json");
    writeFileSync(file, JSON.stringify(template.toJSON()));

    const result = spawnSync("cfn-lint", ["--regions", "us-east-1", "--ignore-checks", "W3005", "--", file], {
      encoding: "utf8",
    });

    rmSync(folder, { recursive: true, force: true });
    const said = (result.stdout + result.stderr).split(/\n\s*\n/).filter((one) => one.trim() !== "");
    expect(said.filter((one) => !one.includes("W3037 'describealarmcontributors'"))).toEqual([]);
  });
});
