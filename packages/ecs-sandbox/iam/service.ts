import { z } from "zod";
import { readTexts, requireText } from "../wire/input.ts";
import { type AwsService, type Operation, WireError } from "../wire/service.ts";
import { arnOf, type World } from "../world.ts";
import { evaluate, PolicyDocument } from "./policy-evaluation.ts";

/** The one role of the sandbox, which STS says everybody is. */
const ROLE = "opsagent";

/** What the role may do unless a test narrows it. */
const EVERYTHING: PolicyDocument = PolicyDocument.parse({
  Version: "2012-10-17",
  Statement: { Sid: "Everything", Effect: "Allow", Action: "*", Resource: "*" },
});

/**
 * IAM with one role that may do everything, inline policies that narrow it, and the policy simulator. Nothing of it is
 * enforced on calls: a denied call is a fault rule.
 */
export function createIam(world: World): AwsService {
  const arn = arnOf({ ...world, region: "" }, "iam", `role/${ROLE}`);
  const inline = new Map<string, PolicyDocument>();

  const operations: Record<string, Operation> = {
    GetRole(input) {
      mustBeTheRole(requireText(input, "RoleName"));
      return {
        Role: {
          Path: "/",
          RoleName: ROLE,
          RoleId: "AROAEXAMPLEEXAMPLEEXA",
          Arn: arn,
          CreateDate: new Date(Date.UTC(2026, 0, 1)),
          MaxSessionDuration: 3600,
        },
      };
    },

    PutRolePolicy(input) {
      mustBeTheRole(requireText(input, "RoleName"));
      inline.set(requireText(input, "PolicyName"), readDocument(requireText(input, "PolicyDocument")));
      return {};
    },

    DeleteRolePolicy(input) {
      mustBeTheRole(requireText(input, "RoleName"));
      const name = requireText(input, "PolicyName");
      if (!inline.delete(name)) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
      return {};
    },

    SimulatePrincipalPolicy(input) {
      const source = requireText(input, "PolicySourceArn");
      if (source !== arn) throw noSuchEntity(`The principal ${source} cannot be found.`);
      const resources = readTexts(input, "ResourceArns");
      const policies = [EVERYTHING, ...inline.values()];
      return {
        IsTruncated: false,
        EvaluationResults: readTexts(input, "ActionNames").flatMap((action) =>
          (resources.length === 0 ? ["*"] : resources).map((resource) => {
            const { decision, matched } = evaluate(policies, action, resource);
            return {
              EvalActionName: action,
              EvalResourceName: resource,
              EvalDecision: decision,
              MatchedStatements: matched.map((sid) => ({ SourcePolicyId: sid || "inline" })),
              MissingContextValues: [],
            };
          }),
        ),
      };
    },
  };

  return {
    name: "iam",
    protocol: {
      kind: "query",
      apiVersion: "2010-05-08",
      xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    },
    operations,
  };
}

function mustBeTheRole(name: string): void {
  if (name !== ROLE) throw noSuchEntity(`The role with name ${name} cannot be found.`);
}

function readDocument(text: string): PolicyDocument {
  try {
    return PolicyDocument.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : "not JSON";
    throw new WireError("MalformedPolicyDocument", `The sandbox cannot read this policy: ${why}`);
  }
}

/** The code on the wire; the vendor's client names it NoSuchEntityException. */
function noSuchEntity(message: string): WireError {
  return new WireError("NoSuchEntity", message, 404);
}
