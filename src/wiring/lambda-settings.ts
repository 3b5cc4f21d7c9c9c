/** Settings that only the Lambda functions read from the environment. */
import { z } from "zod";
import { OpsAgentError } from "../domain/errors.ts";

const text = z.string().trim().min(1);

/** A function's ARN with an alias or version: durable executions cannot start on an unqualified one. */
const qualifiedArn = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+:[\w$-]+$/;

const Environment = z.object({
  AWS_REGION: text.default("us-east-1"),
  OPSAGENT_POLICY: text.optional(),
  OPSAGENT_SECRETS: text.optional(),
  OPSAGENT_INCIDENT_FUNCTION: text
    .regex(qualifiedArn, "must be the incident function's ARN with an alias or a version")
    .optional(),
});

export interface LambdaSettings {
  readonly region: string;
  /** Path of the policy file. */
  readonly policy: string | undefined;
  /** Name or ARN of the secret in Secrets Manager. */
  readonly secrets: string | undefined;
  /** The function to which the dispatcher sends alerts. */
  readonly incidentFunction: string | undefined;
}

/** Reads the settings. Throws `config-invalid` with every problem; values are not repeated. */
export function readLambdaSettings(): LambdaSettings {
  const given = Object.entries(process.env).filter(([, value]) => value !== undefined && value !== "");
  const parsed = Environment.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new OpsAgentError({
      code: "config-invalid",
      message: problems.join("; "),
      remedy: "Correct the function's environment; docs/configuration.md has every variable.",
    });
  }
  const env = parsed.data;
  return {
    region: env.AWS_REGION,
    policy: env.OPSAGENT_POLICY,
    secrets: env.OPSAGENT_SECRETS,
    incidentFunction: env.OPSAGENT_INCIDENT_FUNCTION,
  };
}
