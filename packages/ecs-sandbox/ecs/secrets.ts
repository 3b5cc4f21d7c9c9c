import { arnOf, type World } from "../world.ts";

/** Why a task cannot read a secret. */
export type SecretProblem = "missing" | "access-denied" | "timeout";

/** A secret as a task gets it, or the words of the agent that could not fetch it. */
export type SecretReading =
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "failed"; readonly detail: string };

/** A small Secrets Manager and Parameter Store, which only the start of a task reads. */
export interface SecretStore {
  /** Creates or changes a secret; answers its ARN. */
  put(name: string, value: string): string;
  /** The ARN of a secret, whether it is there or not. */
  arnOf(name: string): string;
  /** Makes the reading of a secret fail, or lets it through again. */
  refuse(name: string, problem: SecretProblem | undefined): void;
  /** Reads what a `valueFrom` names: a secret's ARN (with a JSON key behind it or not), or a parameter's name or ARN. */
  read(valueFrom: string): SecretReading;
}

const suffix = "a1B2c3";

/** An empty store. */
export function createSecretStore(world: World): SecretStore {
  const values = new Map<string, string>();
  const refused = new Map<string, SecretProblem>();
  const role = arnOf({ ...world, region: "" }, "sts", "assumed-role/ecsTaskExecutionRole/4f7c1d0e9b2a");
  const arnFor = (name: string) => arnOf(world, "secretsmanager", `secret:${name}-${suffix}`);

  function readSecret(arn: string): SecretReading {
    const [name = "", jsonKey = ""] = arn.split(":").slice(6);
    const known = name.replace(/-[A-Za-z0-9]{6}$/, "");
    const plainArn = arn.split(":").slice(0, 7).join(":");
    const value = values.get(known);
    const problem = refused.get(known) ?? (value === undefined ? "missing" : undefined);
    if (problem || value === undefined) {
      const cause = secretCause(problem ?? "missing", role, plainArn);
      return failed(
        "unable to retrieve secret from asm",
        `failed to fetch secret ${plainArn} from secrets manager: ${cause}`,
      );
    }
    if (jsonKey === "") return { kind: "value", value };
    const field = (JSON.parse(value) as Readonly<Record<string, unknown>>)[jsonKey];
    if (field !== undefined) return { kind: "value", value: String(field) };
    return failed(
      "unable to retrieve secret from asm",
      `retrieved secret from Secrets Manager did not contain json key ${jsonKey}`,
    );
  }

  function readParameter(reference: string): SecretReading {
    const name = reference.includes(":parameter/") ? (reference.split(":parameter")[1] ?? "") : reference;
    const key = name.replace(/^\//, "");
    const value = values.get(key);
    const problem = refused.get(key);
    if (value !== undefined && !problem) return { kind: "value", value };
    const arn = arnOf(world, "ssm", `parameter/${key}`);
    const cause =
      problem === "access-denied"
        ? notAuthorized(role, "ssm:GetParameters", arn)
        : problem === "timeout"
          ? timedOut
          : `invalid ssm parameters: ${name}`;
    return failed("unable to retrieve secrets from ssm", cause);
  }

  return {
    arnOf: arnFor,
    put(name, value) {
      values.set(name, value);
      return arnFor(name);
    },
    refuse(name, problem) {
      if (problem) refused.set(name, problem);
      else refused.delete(name);
    },
    read: (valueFrom) =>
      valueFrom.startsWith("arn:") && valueFrom.split(":")[2] === "secretsmanager"
        ? readSecret(valueFrom)
        : readParameter(valueFrom),
  };
}

const timedOut = "RequestCanceled: request context canceled caused by: context deadline exceeded";

function failed(what: string, cause: string): SecretReading {
  return { kind: "failed", detail: `${what}: service call has been retried 1 time(s): ${cause}` };
}

function secretCause(problem: SecretProblem, role: string, arn: string): string {
  if (problem === "access-denied") {
    return notAuthorized(role, "secretsmanager:GetSecretValue", arn);
  }
  if (problem === "timeout") return `${timedOut}. Please check your task network configuration.`;
  return "ResourceNotFoundException: Secrets Manager can't find the specified secret.";
}

function notAuthorized(role: string, action: string, arn: string): string {
  return (
    `AccessDeniedException: User: ${role} is not authorized to perform: ${action} on resource: ${arn} ` +
    `because no identity-based policy allows the ${action} action`
  );
}
