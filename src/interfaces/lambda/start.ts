/** The start of every Lambda function: secrets, then configuration, then the store. Nothing else is connected. */
import { createDynamoDbStore } from "../../adapters/dynamodb-store/dynamodb-store.ts";
import { createEmf } from "../../adapters/emf/emf.ts";
import { createJsonLog } from "../../adapters/json-log/json-log.ts";
import { readSecrets } from "../../adapters/secrets-manager/read-secrets.ts";
import { asOpsAgentError, OpsAgentError } from "../../domain/errors.ts";
import type { IncidentStore, Logger } from "../../domain/ports.ts";
import { readPackedPolicy } from "../../policy/packed-policy.ts";
import { type Config, type PolicyReader, readConfigWith } from "../../wiring/config.ts";
import { type LambdaSettings, readLambdaSettings } from "../../wiring/lambda-settings.ts";
import { wireSealing } from "../../wiring/wire-audit.ts";

/** The names that a secret may set; another one is a mistake that would otherwise have no effect. */
const SECRET_NAMES =
  /^(OPENROUTER_API_KEY|OPSAGENT_HTTP_TOKENS|OPSAGENT_WEBHOOK_(URL|SECRET)|OPSAGENT_PUBLIC_URL|PAGERDUTY_[A-Z_]+|SLACK_[A-Z_]+)$/;

/** A function that is ready. */
export interface Started {
  readonly config: Config;
  readonly settings: LambdaSettings;
  readonly store: IncidentStore;
  readonly logger: Logger;
  /** Writes a line to the log. */
  readonly write: (line: string) => void;
}

/** Not console.log, before whose lines Lambda writes text that is not JSON, so that metrics would not be found. */
const write = (line: string) => void process.stdout.write(`${line}\n`);
const logger = createJsonLog(write);

/**
 * Starts the function. Throws `config-invalid` with every problem and its remedy, and logs it; values are never
 * repeated. A local store is a problem, too: the next invocation may run on another machine.
 */
export async function start(): Promise<Started> {
  try {
    const settings = readLambdaSettings();
    const config = usable(readConfigWith(await readerFor(settings), { defaults: await secretsOf(settings) }));
    const { store: address, aws } = config;
    if (address.kind !== "dynamodb") {
      throw invalid("OPSAGENT_STORE: must be dynamodb:TABLE in Lambda, whose disk no other invocation sees");
    }
    const table = createDynamoDbStore(address.table, {
      region: aws.region,
      onUnreadable: ({ message }) => logger.error("incident-unreadable", { problem: message }),
    });
    const { store } = wireSealing(config, table, logger, createEmf(write).sealed);
    return { config, settings, store, logger, write };
  } catch (thrown) {
    const { code, message, remedy } = asOpsAgentError(thrown);
    logger.error(code, { problem: message, remedy });
    throw thrown;
  }
}

/** Reads the secret's settings; none where no secret is named. Throws `config-invalid`. */
export async function secretsOf({
  secrets: id,
  region,
}: LambdaSettings): Promise<Readonly<Record<string, string>>> {
  if (id === undefined) return {};
  const secrets = await readSecrets(id, region);
  const unknown = Object.keys(secrets).filter((name) => !SECRET_NAMES.test(name));
  if (unknown.length === 0) return secrets;
  throw invalid(`The secret ${id} has names that are no secret settings: ${unknown.join(", ")}`);
}

/** Returns what reads the policy file. Deploying converts the policy to JSON, so that no function loads a YAML parser. */
export async function readerFor({ policy }: LambdaSettings): Promise<PolicyReader> {
  if (policy?.endsWith(".json") === true) return readPackedPolicy;
  return (await import("../../policy/policy-file.ts")).readPolicy;
}

function usable(result: ReturnType<typeof readConfigWith>): Config {
  if (result.ok) return result.config;
  throw invalid(`OpsAgent is not configured: ${result.problems.join("; ")}`);
}

function invalid(message: string): OpsAgentError {
  return new OpsAgentError({
    code: "config-invalid",
    message,
    remedy: "Correct the function's environment or its secret; docs/configuration.md has every variable.",
  });
}

/** The error of an incident function without a durable configuration; logged, too. */
export function notDurable(): OpsAgentError {
  const fault = new OpsAgentError({
    code: "config-invalid",
    message:
      "The incident function was invoked without durable execution, so that it could not wait for anything.",
    remedy:
      "Subscribe the dispatcher function to the alarms, and create this one with a durable configuration; or choose the handler single.handler, and do without approvals and giving back.",
  });
  logger.error(fault.code, { problem: fault.message, remedy: fault.remedy });
  return fault;
}

/** Runs `make` once and keeps its result. A failure is not kept, so that the next invocation tries again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
