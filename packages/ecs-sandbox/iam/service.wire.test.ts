import {
  DeleteRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWireServer, type WireServer } from "../wire/server.ts";
import { localWorld } from "../world.ts";
import { createIam } from "./service.ts";

const ROLE_ARN = "arn:aws:iam::000000000000:role/opsagent";
const SHOP = "arn:aws:ecs:us-east-1:000000000000:service/drill/shop";

let server: WireServer;
let iam: IAMClient;

beforeEach(async () => {
  server = createWireServer([createIam(localWorld)]);
  iam = new IAMClient({
    endpoint: await server.listen(),
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
});
afterEach(() => server.close());

const simulate = (action: string, resource: string, principal = ROLE_ARN) =>
  iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: principal,
      ActionNames: [action],
      ResourceArns: [resource],
      ContextEntries: [
        { ContextKeyName: "ecs:cluster", ContextKeyType: "string", ContextKeyValues: ["arn:drill"] },
      ],
    }),
  );

const put = (statement: unknown) =>
  iam.send(
    new PutRolePolicyCommand({
      RoleName: "opsagent",
      PolicyName: "narrow",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: statement }),
    }),
  );

describe("the role of the sandbox", () => {
  it("is there, and no other", async () => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: "opsagent" }));
    const other = await iam.send(new GetRoleCommand({ RoleName: "admin" })).catch((error: Error) => error);

    expect(Role).toMatchObject({ Arn: ROLE_ARN, RoleName: "opsagent" });
    expect(other).toMatchObject({ name: "NoSuchEntityException" });
  });

  it("may do everything until a policy denies it, on that resource only", async () => {
    const before = await simulate("ecs:UpdateService", SHOP);
    await put([{ Sid: "NoShop", Effect: "Deny", Action: ["ecs:Update*"], Resource: "*:service/drill/s?op" }]);
    const denied = await simulate("ECS:UpdateService", SHOP);
    const others = await Promise.all([
      simulate("ecs:UpdateService", SHOP.replace("shop", "inventory")),
      simulate("ecs:StopTask", SHOP),
    ]);
    await iam.send(new DeleteRolePolicyCommand({ RoleName: "opsagent", PolicyName: "narrow" }));
    const after = await simulate("ecs:UpdateService", SHOP);

    expect(before.EvaluationResults).toMatchObject([
      { EvalActionName: "ecs:UpdateService", EvalResourceName: SHOP, EvalDecision: "allowed" },
    ]);
    expect(denied.EvaluationResults).toMatchObject([
      { EvalDecision: "explicitDeny", MatchedStatements: [{ SourcePolicyId: "NoShop" }] },
    ]);
    expect(others.map((one) => one.EvaluationResults?.[0]?.EvalDecision)).toEqual(["allowed", "allowed"]);
    expect(after.EvaluationResults?.[0]?.EvalDecision).toBe("allowed");
  });

  it.each([
    ["a condition", { Effect: "Deny", Action: "*", Resource: "*", Condition: { Bool: { a: "true" } } }],
    ["NotAction", { Effect: "Deny", NotAction: "*", Resource: "*" }],
  ])("refuses a policy with %s instead of ignoring it", async (_what, statement) => {
    const refused = await put(statement).catch((error: Error) => error);

    expect(refused).toMatchObject({ name: "MalformedPolicyDocumentException" });
  });

  it("is the only principal that can be simulated", async () => {
    const unknown = await simulate("ecs:StopTask", SHOP, `${ROLE_ARN}2`).catch((error: Error) => error);

    expect(unknown).toMatchObject({ name: "NoSuchEntityException" });
  });
});
