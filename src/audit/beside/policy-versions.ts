/** Published policies against the entries that tell of them. */
import type { AuditEntry } from "../../domain/incident/audit.ts";
import { keptInput } from "../../domain/incident/audit-input.ts";
import { type PolicyVersion, publishedEntry } from "../../domain/policy-version.ts";
import type { Finding } from "../finding.ts";

/** `versions`: all of them; `entries`: all of the policy. An entry holds the digest of its policy. */
export function checkPolicyVersions(
  versions: readonly PolicyVersion[],
  entries: readonly AuditEntry[],
): Finding[] {
  const told = new Map(entries.map((entry) => [entry.key, entry]));
  const find = (key: string, problem: string): Finding => ({ about: "policy", id: key, problem });
  const kept = new Set<string>();
  const findings: Finding[] = [];
  for (const version of versions) {
    const ought = keptInput(publishedEntry(version));
    const entry = told.get(ought.key);
    kept.add(ought.key);
    if (entry === undefined) findings.push(find(ought.key, "no entry tells of this policy: it was put in"));
    else if (entry.detail !== ought.detail || entry.at !== ought.at || entry.event !== ought.event)
      findings.push(find(ought.key, "it is not the policy that was published"));
  }
  for (const key of told.keys())
    if (!kept.has(key)) findings.push(find(key, "the published policy was removed"));
  return findings;
}
