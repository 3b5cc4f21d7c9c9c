import type { AccessAnswer, AccessQuestion, AccessSimulator } from "../../../doctor/ports.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { ReadOptions } from "../../../evidence/ports.ts";
import { readFailure } from "../aws-error.ts";
import { call } from "../call.ts";
import type { InspectionClients } from "./clients.ts";

/** Calls IAM SimulatePrincipalPolicy for one action and one resource at a time, so that the answer is unambiguous. */
export function createAccessSimulator(clients: InspectionClients): AccessSimulator {
  const roles = new Map<string, Promise<string | undefined>>();

  /** A session's ARN lacks its role's path, which IAM needs. */
  function withPath(roleArn: string, options?: ReadOptions): Promise<string | undefined> {
    const known = roles.get(roleArn) ?? readRole(clients, roleArn, options).catch(() => undefined);
    roles.set(roleArn, known);
    return known;
  }

  return {
    async simulate(principalArn, question, options) {
      try {
        return await simulate(clients, principalArn, question, options);
      } catch (error) {
        const arn = isUnknownPrincipal(error) ? await withPath(principalArn, options) : undefined;
        if (arn === undefined || arn === principalArn) throw error;
        return simulate(clients, arn, question, options);
      }
    },
  };
}

async function simulate(
  clients: InspectionClients,
  principalArn: string,
  { action, resource, context }: AccessQuestion,
  options?: ReadOptions,
): Promise<AccessAnswer> {
  const sdk = await clients.inspection();
  const client = await clients.iam();
  const command = new sdk.SimulatePrincipalPolicyCommand({
    PolicySourceArn: principalArn,
    ActionNames: [action],
    ResourceArns: [resource],
    ContextEntries: Object.entries(context).map(([ContextKeyName, value]) => ({
      ContextKeyName,
      ContextKeyType: "string" as const,
      ContextKeyValues: [value],
    })),
  });
  const answer = await call("iam:SimulatePrincipalPolicy", options, (send) => client.send(command, send));
  const [result] = answer.EvaluationResults ?? [];
  return {
    allowed: result?.EvalDecision === "allowed",
    explicit: result?.EvalDecision === "explicitDeny",
    missingContext: result?.MissingContextValues ?? [],
  };
}

async function readRole(
  clients: InspectionClients,
  roleArn: string,
  options?: ReadOptions,
): Promise<string | undefined> {
  const sdk = await clients.inspection();
  const client = await clients.iam();
  const command = new sdk.GetRoleCommand({ RoleName: roleArn.split("/").at(-1) });
  const answer = await call("iam:GetRole", options, (send) => client.send(command, send));
  return answer.Role?.Arn;
}

function isUnknownPrincipal(error: unknown): boolean {
  return error instanceof OpsAgentError && /^NoSuchEntity/.test(readFailure(error.cause).code);
}
