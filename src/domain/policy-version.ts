/** Versions of the policy that are published in the store, and count without a deployment. */

import { createHash } from "node:crypto";
import { z } from "zod";
import { fieldsFor, textFor, type ValueFor } from "./exit.ts";
import type { AuditInput } from "./incident/audit.ts";

/** Longest reason, in UTF-16 units. */
const MAX_WHY = 500;

export const PolicyVersion = z.strictObject({
  /** 1, 2, 3 ... without holes. */
  version: z.number().int().positive(),
  by: z.string().min(1).max(200),
  at: z.iso.datetime(),
  why: z.string().min(1).max(MAX_WHY).exactOptional(),
  /** The policy as JSON; absent where publishing was withdrawn, so that the one of the start counts again. */
  policy: z.json().exactOptional(),
});
export type PolicyVersion = z.infer<typeof PolicyVersion>;

/** What is to be published. */
export type NewPolicyVersion = Omit<PolicyVersion, "version">;

/** The incident id under which the audit trail keeps what was published: `opsagent audit show policy`. */
export const POLICY_TRAIL = "policy";

/** A version as it is stored: without secrets in its reason. */
export function versionToKeep(
  version: number,
  { why, ...given }: NewPolicyVersion,
): ValueFor<"store", PolicyVersion> {
  const reason = why === undefined ? {} : { why: textFor("store", why, MAX_WHY) };
  // A policy names people and services on purpose, and is read back as it was published.
  return fieldsFor("store", { version, ...given, ...reason }, []);
}

/** Returns the audit entry of a version; it holds the digest of the policy. */
export function publishedEntry({ version, by, at, why, policy }: PolicyVersion): AuditInput {
  const reason = why === undefined ? "no reason given" : `reason: ${why}`;
  const done =
    policy === undefined
      ? `withdrew the published policy (version ${version})`
      : `published version ${version} of the policy, SHA-256 ${policyDigest(policy)}`;
  const event = policy === undefined ? "policy-withdrawn" : "policy-published";
  return {
    incidentId: POLICY_TRAIL,
    key: `version-${version}`,
    event,
    detail: `${by} ${done}; ${reason}`,
    at,
  };
}

/** SHA-256 of the policy's JSON, hex. */
export function policyDigest(policy: unknown): string {
  return createHash("sha256").update(JSON.stringify(policy)).digest("hex");
}
