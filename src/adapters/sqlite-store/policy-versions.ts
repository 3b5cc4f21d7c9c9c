import type { DatabaseSync } from "node:sqlite";
import type { TextFor } from "../../domain/exit.ts";
import { PolicyVersion, publishedEntry, versionToKeep } from "../../domain/policy-version.ts";
import type { PolicyVersions } from "../../domain/ports.ts";
import { auditSealer } from "./audit-trail.ts";
import { readRecord, writeRecord } from "./records.ts";
import { guarded } from "./store-error.ts";
import { transaction } from "./transaction.ts";
import type { Writes } from "./writes.ts";

const DEFAULT_LIMIT = 100;

/** One row for each version; each is one transaction with its entry in the audit trail. */
export function policyVersions(database: DatabaseSync): PolicyVersions {
  const seal = auditSealer(database);
  const insert = database.prepare("INSERT INTO policy_versions (version, record) VALUES (?, ?)") as Writes<
    [number, TextFor<"store">]
  >;
  const listed = database.prepare(
    "SELECT version, record FROM policy_versions ORDER BY version DESC LIMIT ?",
  );
  const newest = (limit: number): readonly PolicyVersion[] =>
    listed.all(limit).map((row) => readRecord(PolicyVersion, "policy version", String(row["version"]), row));

  return {
    publishPolicy: (given) =>
      guarded("publish a policy", () =>
        transaction(database, () => {
          const last = Number(listed.get(1)?.["version"] ?? 0);
          const kept = versionToKeep(last + 1, given);
          insert.run(kept.version, writeRecord(PolicyVersion, "policy version", kept));
          seal(publishedEntry(kept));
          return kept;
        }),
      ),

    newestPolicy: () => guarded("read the published policy", () => newest(1)[0]),

    policyVersions: (limit = DEFAULT_LIMIT) =>
      guarded("read the policy versions", () => newest(Math.max(0, Math.trunc(limit)))),
  };
}
