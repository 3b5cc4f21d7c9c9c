/** Settings that are secrets, kept as one JSON object in AWS Secrets Manager. */

import { z } from "zod";
import { OpsAgentError } from "../../domain/errors.ts";
import { parseJson } from "../../domain/parse-json.ts";

/** Names and values of settings, as in the environment. */
const Secrets = z.record(z.string(), z.string());

const TIMEOUT_MS = 5_000;

/**
 * Reads the secret by name or ARN. Throws `config-invalid`, without any part of a secret in the message, when it is
 * missing, denied, unreachable, or not a JSON object of texts.
 */
export async function readSecrets(id: string, region: string): Promise<Readonly<Record<string, string>>> {
  const text = await fetchText(id, region);
  const parsed = Secrets.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw invalid(
    `The secret ${id} is no JSON object of names and texts.`,
    'Store it as {"OPENROUTER_API_KEY": "...", "SLACK_SIGNING_SECRET": "..."}.',
  );
}

async function fetchText(id: string, region: string): Promise<string> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import("./sdk.ts");
  const client = new SecretsManagerClient({ region, maxAttempts: 3 });
  try {
    const command = new GetSecretValueCommand({ SecretId: id });
    const { SecretString } = await client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
    return SecretString ?? "";
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    throw invalid(`The secret ${id} cannot be read: ${name}.`, remedyFor(name), error);
  } finally {
    client.destroy();
  }
}

function remedyFor(name: string): string {
  if (name === "ResourceNotFoundException")
    return "Create it in this region, or correct OPSAGENT_SECRETS; unset it to take the settings from the environment.";
  if (name.includes("AccessDenied"))
    return "Allow the function's role secretsmanager:GetSecretValue on it, and kms:Decrypt if it has a key of its own.";
  return "Check that the function reaches Secrets Manager; in a VPC it needs a NAT gateway or a VPC endpoint.";
}

function invalid(message: string, remedy: string, cause?: unknown): OpsAgentError {
  return new OpsAgentError({ code: "config-invalid", message, remedy, cause });
}
