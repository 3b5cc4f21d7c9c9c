import { describe, expect, it } from "vitest";
import { isAllowed, type Statement } from "./evaluate.ts";

const service = (name: string) => `arn:aws:ecs:us-east-1:111122223333:service/prod/${name}`;
const allow = (part: Partial<Statement>): Statement => ({
  Effect: "Allow",
  Action: "ecs:UpdateService",
  Resource: service("shop"),
  ...part,
});
const update = { action: "ecs:UpdateService", resource: service("shop") };

describe("the policy evaluator", () => {
  it.each<[string, Statement[], boolean]>([
    ["nothing granted", [], false],
    ["the one service", [allow({})], true],
    ["another service", [allow({ Resource: service("cart") })], false],
    ["a longer name", [allow({ Resource: service("sho") })], false],
    ["a wildcard in the resource", [allow({ Resource: service("*") })], true],
    ["one of several", [allow({ Resource: [service("cart"), service("shop")] })], true],
    ["another action", [allow({ Action: "ecs:StopTask" })], false],
    ["an action in other letters", [allow({ Action: "ECS:updateservice" })], true],
    ["a wildcard in the action", [allow({ Action: "ecs:Update*" })], true],
    ["a dot is a dot", [allow({ Resource: service("sh.p") })], false],
    ["a deny beside it", [allow({}), allow({ Effect: "Deny", Resource: "*" })], false],
    ["a condition without its key", [allow({ Condition: { StringEquals: { "ecs:cluster": "x" } } })], false],
  ])("%s", (_name, statements, expected) => {
    expect(isAllowed(statements, update)).toBe(expected);
  });

  it("holds a condition against the request", () => {
    const statements = [
      allow({ Condition: { ArnEquals: { "ecs:cluster": "arn:aws:ecs:*:*:cluster/prod" } } }),
    ];
    const inCluster = (name: string) => ({
      ...update,
      context: { "ecs:cluster": `arn:aws:ecs:us-east-1:111122223333:cluster/${name}` },
    });

    expect(isAllowed(statements, inCluster("prod"))).toBe(true);
    expect(isAllowed(statements, inCluster("test"))).toBe(false);
  });

  it("lets only `*` allow a call that is about nothing in particular", () => {
    const list = { action: "cloudwatch:GetMetricData", resource: "*" };

    expect(isAllowed([allow({ Action: "cloudwatch:*", Resource: "arn:aws:*" })], list)).toBe(false);
    expect(isAllowed([allow({ Action: "cloudwatch:*", Resource: "*" })], list)).toBe(true);
  });

  it("refuses to judge what it does not know", () => {
    const odd = { ...allow({}), NotAction: "iam:*" } as Statement;

    expect(() => isAllowed([odd], update)).toThrow("NotAction");
    expect(() => isAllowed([allow({ Condition: { IpAddress: { "aws:SourceIp": "::1" } } })], update)).toThrow(
      "IpAddress",
    );
  });
});
