import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { synthesise } from "../../infra/test-stack.ts";
import { ACTING_LINE } from "../samples/acting-policy.ts";
import { type IamRequest, isAllowed, type Statement } from "../support/iam/evaluate.ts";
import { CallFixture } from "../support/iam/recorded-calls.ts";
import { requestsOf } from "../support/iam/requests.ts";
import { ACCOUNT, REGION, statementsOf, type Template } from "../support/iam/template-roles.ts";
import { productCalls } from "./product-calls.ts";

/** Holds the permissions of the synthesised roles against the calls that the product makes. */

const ROLE = `arn:aws:iam::${ACCOUNT}:role/shop-task`;
const TASK_ROLES = { mode: "auto", taskRoles: ROLE };

function rolesOf(policy: string, context: Readonly<Record<string, unknown>>) {
  const template = synthesise({ policy, context }).template.toJSON() as Template;
  return {
    incident: statementsOf(template, "opsagent-incident"),
    dispatcher: statementsOf(template, "opsagent-dispatcher"),
    slack: statementsOf(template, "opsagent-slack"),
  };
}

const SHOP = `${ACTING_LINE}\nservices: { shop: {} }\nevidence: { actionLogs: true }`;
const all = rolesOf(SHOP, TASK_ROLES);
const fixture = CallFixture.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, "../fixtures/aws-calls.json"), "utf8")),
);

const ecs = (resource: string) => `arn:aws:ecs:${REGION}:${ACCOUNT}:${resource}`;
const task = (cluster: string): IamRequest => ({
  action: "ecs:StopTask",
  resource: ecs(`task/${cluster}/0123456789abcdef`),
  context: { "ecs:cluster": ecs(`cluster/${cluster}`) },
});
const update = (service: string): IamRequest => ({
  action: "ecs:UpdateService",
  resource: ecs(`service/prod/${service}`),
});
const rollBack = (service: string): IamRequest => ({
  action: "ecs:StopServiceDeployment",
  resource: ecs(`service-deployment/prod/${service}/AbCdEf123`),
});
const passRole = (role: string, to = "ecs-tasks.amazonaws.com"): IamRequest => ({
  action: "iam:PassRole",
  resource: role,
  context: { "iam:PassedToService": to },
});

const actionsOf = (statements: readonly Statement[]) => [
  ...new Set(statements.flatMap(({ Action }) => Action)),
];

describe("nothing needed is missing", () => {
  it.each(fixture.calls.map((call) => [`${call.service}:${call.operation}`, call] as const))(
    "%s, as it was recorded in a drill",
    (_name, call) => {
      const service = JSON.stringify(call.input).includes("cart") ? "cart" : "shop";
      const requests = requestsOf(call, "prod");

      expect(service).toBe("shop");
      expect(requests.length).toBeGreaterThan(0);
      for (const request of requests)
        expect([request, isAllowed(all.incident, request)]).toEqual([request, true]);
    },
  );

  it("every call that the product's code can make is granted to one of its functions", () => {
    const granted = [all.incident, all.dispatcher, all.slack].flatMap(actionsOf);

    expect(productCalls().filter((call) => !granted.includes(call))).toEqual([]);
  });

  it("log groups elsewhere, as FireLens writes to them, in another region, too", () => {
    const { incident } = rolesOf(SHOP, { ...TASK_ROLES, logGroups: "/aws/web/*,eu-west-1:/far" });
    const reads = (region: string, group: string) =>
      isAllowed(incident, {
        action: "logs:FilterLogEvents",
        resource: `arn:aws:logs:${region}:${ACCOUNT}:log-group:${group}:*`,
      });

    expect(reads(REGION, "/aws/web/application")).toBe(true);
    expect(reads("eu-west-1", "/far")).toBe(true);
    expect(reads(REGION, "/far")).toBe(false);
    expect(reads("eu-west-1", "/aws/web/application")).toBe(false);
  });

  it("the recorded drills made calls that change something", () => {
    const operations = fixture.calls.map(({ operation }) => operation);

    expect(operations).toEqual(
      expect.arrayContaining(["StopTask", "UpdateService", "StopServiceDeployment", "FilterLogEvents"]),
    );
  });
});

describe("nothing granted is unused", () => {
  it.each(Object.entries(all))("in the role of %s", (_name, statements) => {
    const used = new Set<string>([
      ...productCalls(),
      // Lambda itself makes these with the function's role.
      ...["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"],
      // SNS encrypts what is published with the topic's key, with the rights of whoever publishes.
      ...["kms:Decrypt", "kms:GenerateDataKey"],
      // ECS asks for it when a service is given another task definition.
      "iam:PassRole",
      // ECS asks for it when DescribeServices and DescribeTaskDefinition are to give the tags.
      "ecs:ListTagsForResource",
    ]);

    expect(actionsOf(statements).filter((action) => !used.has(action))).toEqual([]);
  });

  it("only the incident function changes services; the dispatcher reads alarms and stopped tasks, no more", () => {
    const ofServices = (statements: (typeof all)["slack"]) =>
      actionsOf(statements).filter((action) => /^(ecs|cloudwatch|cloudtrail|iam):/.test(action));

    expect(ofServices(all.slack)).toEqual([]);
    expect(ofServices(all.dispatcher).toSorted()).toEqual([
      "cloudwatch:DescribeAlarmContributors",
      "cloudwatch:DescribeAlarms",
      "ecs:DescribeTasks",
      "ecs:ListTasks",
    ]);
  });

  it("nobody may run commands in tasks or read what a data protection policy masks", () => {
    for (const statements of Object.values(all)) {
      for (const action of ["ecs:ExecuteCommand", "logs:Unmask", "ecs:DeleteService", "ecs:RunTask"]) {
        expect(isAllowed(statements, { action, resource: "*" })).toBe(false);
      }
    }
  });
});

describe("changes are allowed where the policy lets the agent act", () => {
  const mixed = rolesOf(
    `
modes: { restart: observe, scale: observe, rollback: observe }
services:
  restarted: { modes: { restart: auto } }
  scaled: { modes: { scale: approve } }
  rolled: { modes: { rollback: approve } }
  watched: {}
  kept: { protected: true, modes: { restart: auto, scale: auto, rollback: auto } }
`,
    TASK_ROLES,
  ).incident;

  it.each([
    // A restart adds a task first where no task may go.
    ["restarted", true, false],
    ["scaled", true, false],
    ["rolled", true, true],
    ["watched", false, false],
    ["kept", false, false],
    ["unnamed", false, false],
    ["scaled-too", false, false],
  ])("%s: update %s, roll back %s", (service, updates, rollsBack) => {
    expect(isAllowed(mixed, update(service))).toBe(updates);
    expect(isAllowed(mixed, rollBack(service))).toBe(rollsBack);
  });

  it("stops tasks of the one cluster only", () => {
    expect(isAllowed(mixed, task("prod"))).toBe(true);
    expect(isAllowed(mixed, task("other"))).toBe(false);
    expect(isAllowed(mixed, { ...task("prod"), context: {} })).toBe(false);
  });

  it("passes the named roles, to ECS, and no other", () => {
    expect(isAllowed(mixed, passRole(ROLE))).toBe(true);
    expect(isAllowed(mixed, passRole(`${ROLE}-admin`))).toBe(false);
    expect(isAllowed(mixed, passRole(ROLE, "ec2.amazonaws.com"))).toBe(false);
  });

  it("stops only tasks with ECS's own tag, where that is asked for", () => {
    const { incident } = rolesOf(`${ACTING_LINE}\nservices: { shop: {}, cart: { protected: true } }`, {
      ...TASK_ROLES,
      stopOnlyTaggedTasks: "true",
    });
    const tagged = (service: string): IamRequest => ({
      ...task("prod"),
      context: { ...task("prod").context, "aws:ResourceTag/aws:ecs:serviceName": service },
    });

    expect(isAllowed(incident, tagged("shop"))).toBe(true);
    expect(isAllowed(incident, tagged("cart"))).toBe(false);
    expect(isAllowed(incident, task("prod"))).toBe(false);
  });

  it.each([
    ["mode observe", SHOP, { ...TASK_ROLES, mode: "observe" }],
    ["the kill switch", `killSwitch: true\n${SHOP}`, TASK_ROLES],
    ["a policy that names no mode", "services: { shop: {} }", TASK_ROLES],
    ["no service named", "", TASK_ROLES],
  ])("%s leaves no change at all", (_name, policy, context) => {
    const { incident } = rolesOf(policy, context);

    for (const request of [update("shop"), rollBack("shop"), task("prod"), passRole(ROLE)]) {
      expect(isAllowed(incident, request)).toBe(false);
    }
  });

  it("asks CloudTrail only where the policy says so", () => {
    const { incident } = rolesOf("evidence: { cloudTrail: false }", {});

    expect(actionsOf(all.incident)).toContain("cloudtrail:LookupEvents");
    expect(actionsOf(incident)).not.toContain("cloudtrail:LookupEvents");
  });

  it("looks for Action Logs only where the policy says so", () => {
    const { incident } = rolesOf("services: { shop: {} }", {});

    expect(actionsOf(all.incident)).toContain("logs:DescribeDeliveries");
    expect(actionsOf(incident).filter((action) => /Deliver/.test(action))).toEqual([]);
  });
});

describe("answers and starts", () => {
  const execution = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:opsagent-incident:3/durable-execution/a/b`;
  const wake = { action: "lambda:SendDurableExecutionCallbackSuccess", resource: execution };
  const invoke = (resource: string) => ({ action: "lambda:InvokeFunction", resource });

  it("Slack's function and an incident wake incidents and start none; the dispatcher starts and wakes none", () => {
    const alias = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:opsagent-incident:live`;

    expect(isAllowed(all.slack, wake)).toBe(true);
    expect(isAllowed(all.incident, wake)).toBe(true);
    expect(isAllowed(all.dispatcher, wake)).toBe(false);
    expect(isAllowed(all.dispatcher, invoke(alias))).toBe(true);
    expect(isAllowed(all.dispatcher, invoke(alias.replace(":live", "")))).toBe(false);
    expect(isAllowed(all.slack, invoke(alias))).toBe(false);
    expect(isAllowed(all.incident, invoke(alias))).toBe(false);
  });

  it("the incident function keeps the state of its own executions", () => {
    const checkpoint = { action: "lambda:CheckpointDurableExecution", resource: execution };

    expect(isAllowed(all.incident, checkpoint)).toBe(true);
    expect(
      isAllowed(all.incident, { ...checkpoint, resource: execution.replace("opsagent-", "other-") }),
    ).toBe(false);
    expect(isAllowed(all.slack, checkpoint)).toBe(false);
  });

  it.each(Object.entries(all))(
    "%s uses the one table, without scanning it, and reads the one secret",
    (_name, statements) => {
      const table = (action: string, name: string) => ({
        action,
        resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
      });
      const secret = (name: string) => ({
        action: "secretsmanager:GetSecretValue",
        resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}`,
      });

      expect(isAllowed(statements, table("dynamodb:PutItem", "opsagent-incidents"))).toBe(true);
      expect(isAllowed(statements, table("dynamodb:Scan", "opsagent-incidents"))).toBe(false);
      expect(isAllowed(statements, table("dynamodb:PutItem", "orders"))).toBe(false);
      expect(isAllowed(statements, secret("opsagent/keys-AbCdEf"))).toBe(true);
      expect(isAllowed(statements, secret("orders-AbCdEf"))).toBe(false);
    },
  );
});
