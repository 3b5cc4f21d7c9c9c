/** What `audit verify` goes by beside the store: keys, and seals from outside it. */
import { readFileSync } from "node:fs";
import type { AuditKey } from "../../../audit/ports.ts";
import type { Known } from "../../../audit/verify-store.ts";
import { asOpsAgentError, OpsAgentError } from "../../../domain/errors.ts";
import { keyIdOf, type NotedHead, sealsIn } from "../../../domain/incident/audit-seal.ts";

export interface VerifyOptions {
  readonly head?: string;
  /** Files with published seals, such as an exported log; `-` is standard input. */
  readonly published?: readonly string[];
  /** Files with public keys as PEM. */
  readonly publicKey?: readonly string[];
}

/** Reads them. Throws `config-invalid` for a file that cannot be read or has nothing of its kind. */
export async function knownOf(options: VerifyOptions, key: AuditKey | undefined): Promise<Known> {
  const publicKeys = (options.publicKey ?? []).flatMap(publicKeysIn);
  const noted: NotedHead[] = (options.published ?? []).flatMap(publishedIn);
  let keyProblem: string | undefined;
  try {
    if (key !== undefined) publicKeys.push(await key.publicKey());
  } catch (fault) {
    keyProblem = asOpsAgentError(fault).message;
  }
  try {
    noted.push(...sealsIn((await key?.noted?.()) ?? ""));
  } catch (fault) {
    keyProblem ??= asOpsAgentError(fault).message;
  }
  // Who names the public keys needs no private one.
  if (options.publicKey !== undefined) keyProblem = undefined;
  return { head: options.head, publicKeys, keyProblem, noted, now: new Date().toISOString() };
}

function publicKeysIn(path: string): string[] {
  const keys = read(path).match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  if (keys.length > 0 && keys.every(isKey)) return keys;
  throw useless(`${path} has no public key`, "Give a file that `opsagent audit key` printed.");
}

function isKey(pem: string): boolean {
  try {
    return keyIdOf(pem) !== "";
  } catch {
    return false;
  }
}

function publishedIn(path: string): NotedHead[] {
  const found = sealsIn(read(path === "-" ? 0 : path));
  if (found.length > 0) return found;
  throw useless(
    `${path === "-" ? "Standard input" : path} has no seal`,
    "Give a text in which seals stand, such as the log, messages or webhooks: opsagent-seal:NUMBER-HASH.",
  );
}

function read(path: string | number): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : "unknown";
    throw useless(
      `${path === 0 ? "Standard input" : path} cannot be read: ${why}`,
      "Name a file that is there.",
    );
  }
}

function useless(message: string, remedy: string): OpsAgentError {
  return new OpsAgentError({ code: "config-invalid", message: `${message}.`, remedy });
}
